/** Opens a call's body: JSON of a bounded size and depth in which every key is there once. */
import { type HttpRequest, unseal } from '../../events/apig.ts';
import { parseJson, shown } from '../../events/event.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { textFault } from './json-text.ts';
import { misfit, misfitOf, type Refusal, refusalOf } from './problem.ts';

const MOST_BYTES = 256 * 1_024;
const DEEPEST = 32;

/** The body as an object with no other keys than these. @throws Refusal */
export function bodyOf(request: HttpRequest, keys: readonly string[]): Fields {
  mustBeJson(request);
  const text = textOf(request);
  if (text.trim() === '') throw misfit('body', 'a JSON object', undefined);
  const fault = textFault(text, DEEPEST);
  if (fault?.kind === 'too_deep') {
    throw refusalOf({ place: 'body', expected: `at most ${DEEPEST} levels`, got: 'more' });
  }
  const value = parseJson(text);
  if (value === undefined) throw misfit('body', 'JSON', text);
  if (fault !== undefined) {
    const got = shown(fault.key);
    throw refusalOf({ place: 'body', expected: 'every key once', got: `${got} twice` });
  }
  return fieldsOf(value, 'body', keys);
}

/** What would be ignored is refused. @throws Refusal */
export function mustHaveNoBody(request: HttpRequest): void {
  const text = textOf(request);
  if (text !== '') throw misfit('body', 'none', text);
}

function textOf({ body }: HttpRequest): string {
  const unsealed = unseal(body, MOST_BYTES);
  if ('text' in unsealed) return unsealed.text;
  if ('problem' in unsealed) throw misfitOf(unsealed);
  throw refusalOf({ place: 'body', expected: `at most ${MOST_BYTES} bytes`, got: 'more' }, 'too-large');
}

/** A caller that says nothing of the kind is believed to send JSON; one that says otherwise is not. */
function mustBeJson({ headers }: HttpRequest): void {
  const types = headers.get('content-type') ?? [];
  if (types.some((type) => !/^application\/json *(; *charset *= *"?utf-8"? *)?$/i.test(type))) {
    throw unsupported('content-type', 'application/json in UTF-8', types);
  }
  const encodings = headers.get('content-encoding') ?? [];
  if (encodings.some((encoding) => encoding.toLowerCase() !== 'identity')) {
    throw unsupported('content-encoding', 'none', encodings);
  }
}

const unsupported = (name: string, expected: string, got: readonly string[]): Refusal =>
  refusalOf({ place: `header ${name}`, expected, got: shown(got.join(', ')) }, 'unsupported-media-type');
