/** `serverless invoke`: calls a deployed function with an event, waiting for its answer or not. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Service } from '../check/service.ts';
import type { Management } from '../cloud/management.ts';
import { urnOf } from '../compose.ts';
import { Failure } from '../failure.ts';
import type { OslsOptions } from '../osls.ts';
import type { Io } from './io.ts';

export async function invoke(
  service: Service,
  management: Management,
  options: OslsOptions,
  folder: string,
  io: Io,
): Promise<void> {
  const urn = urnOf(service, nameOf(service, options['function']));
  const event = await eventOf(options, folder);
  if (isAsynchronous(options['type'])) {
    const requestId = await management.invokeAsync(urn, event);
    io.print(JSON.stringify({ request_id: requestId }));
    return;
  }
  const { requestId, result, log, code } = await management.invoke(urn, event);
  if (log !== '') io.say(log.trimEnd());
  io.print(pretty(result));
  if (code !== '0' && code !== '') {
    throw new Failure(
      'FUNCTION_FAILED',
      `The function failed with code ${code} (request ${requestId}); its answer and the end of its log are above.`,
    );
  }
}

function nameOf({ functions }: Service, key: unknown): string {
  const found = functions.find((one) => one.key === key);
  if (found !== undefined) return found.config.name;
  const known = functions.map((one) => one.key).join(', ');
  throw new Failure('UNKNOWN_FUNCTION', `--function: expected one of ${known}, got ${JSON.stringify(key)}.`);
}

function isAsynchronous(type: unknown): boolean {
  const said = String(type ?? 'request').toLowerCase();
  if (said === 'event') return true;
  if (said === 'request' || said === 'requestresponse') return false;
  throw new Failure('UNKNOWN_TYPE', `--type: expected "request" or "event", got ${JSON.stringify(type)}.`);
}

/** `--data` or `--path`; without both an empty event. */
export async function eventOf(options: OslsOptions, folder: string): Promise<unknown> {
  const { data, path } = options;
  if (typeof data === 'string') return jsonOf(data, '--data');
  if (typeof path !== 'string') return {};
  const text = await readFile(resolve(folder, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure('NO_EVENT', `--path: expected a file that can be read at ${path}, got ${error.code}.`);
  });
  return jsonOf(text, path);
}

function jsonOf(text: string, place: string): unknown {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // Said below.
  }
  throw new Failure('NO_EVENT', `${place}: expected an event that is a JSON object, got something else.`);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
