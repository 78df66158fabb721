/** serverless.yml as a whole: every key where it may stand, read into values, or all that is wrong with it. */
import { type FunctionConfig, functionSchema } from './function.ts';
import { checked, isMap, type Problem, shown, valueAt } from './problems.ts';
import { type Provider, providerSchema } from './provider.ts';
import { checkSettings } from './settings.ts';
import { checkTrigger, type Trigger } from './trigger.ts';

/** The functions that there are, and what sets each off. */
export const TRIGGERS_OF = {
  alarm: ['SMN'],
  schedule: ['TIMER'],
  webhook: ['APIG', 'DEDICATEDGATEWAY'],
  patrol: ['TIMER'],
} as const satisfies Readonly<Record<string, readonly Trigger['triggerTypeCode'][]>>;

export type FunctionKey = keyof typeof TRIGGERS_OF;

export interface ServiceFunction {
  readonly key: FunctionKey;
  readonly config: FunctionConfig;
  readonly triggers: readonly Trigger[];
}

export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly provider: Provider;
  readonly functions: readonly ServiceFunction[];
  /** As they stand there; what is left open is not in it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the framework read, with all variables filled in. */
export interface Given {
  readonly service: string;
  readonly stage: string;
  readonly provider: unknown;
  readonly functions: unknown;
  readonly custom: unknown;
}

/** The platform's limit. Source: user guide, "Notes and Constraints". */
const MOST_TRIGGERS = 10;

export function checkService(
  given: Given,
): { readonly value: Service } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const { provider: ours, functions: theirs, custom } = withOpen(given) as Omit<Given, 'service' | 'stage'>;
  const provider = checked(providerSchema, ours, ['provider']);
  if ('problems' in provider) problems.push(...provider.problems);

  const functions = isMap(theirs) ? Object.entries(theirs) : [];
  if (functions.length === 0) {
    const expected = `some of ${Object.keys(TRIGGERS_OF).join(', ')}`;
    problems.push({ path: ['functions'], expected, got: shown(theirs) });
  }
  const read = functions.map(([key, config]) => checkFunction(key, config));
  for (const one of read) if ('problems' in one) problems.push(...one.problems);

  const settings = valueAt(custom, ['settings']);
  problems.push(...checkSettings(settings));
  if (problems.length > 0 || 'problems' in provider || !isMap(settings)) return { problems };
  return {
    value: {
      name: given.service,
      stage: given.stage,
      provider: provider.value,
      functions: read.flatMap((one) => ('value' in one ? [one.value] : [])),
      settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    },
  };
}

function checkFunction(
  key: string,
  given: unknown,
): { readonly value: ServiceFunction } | { readonly problems: readonly Problem[] } {
  const path = ['functions', key];
  if (!isFunctionKey(key)) {
    const expected = `one of ${Object.keys(TRIGGERS_OF).join(', ')}`;
    return { problems: [{ path, expected, got: `the function ${shown(key)}` }] };
  }
  const config = checked(functionSchema, given, path);
  const events = valueAt(given, ['events']);
  const listed = Array.isArray(events) ? events : [];
  const triggers = listed.map((one, at) => checkTrigger(one, [...path, 'events', at]));
  const problems = [config, ...triggers].flatMap((one) => ('problems' in one ? one.problems : []));
  for (const [at, one] of triggers.entries()) {
    if (!('value' in one)) continue;
    const { triggerTypeCode } = one.value;
    const known: readonly string[] = TRIGGERS_OF[key];
    if (known.includes(triggerTypeCode)) continue;
    const expected = `${known.join(' or ')}: ${key} reads no other events`;
    problems.push({
      path: [...path, 'events', at, 'triggerTypeCode'],
      expected,
      got: shown(triggerTypeCode),
    });
  }
  if (listed.length > MOST_TRIGGERS) {
    const expected = `at most ${MOST_TRIGGERS} triggers`;
    problems.push({ path: [...path, 'events'], expected, got: String(listed.length) });
  }
  if (problems.length > 0 || 'problems' in config) return { problems };
  return {
    value: {
      key,
      config: config.value,
      triggers: triggers.flatMap((one) => ('value' in one ? [one.value] : [])),
    },
  };
}

const isFunctionKey = (key: string): key is FunctionKey => Object.hasOwn(TRIGGERS_OF, key);

/** What an operator left open, `${env:NAME, ''}` where there is no NAME, is undefined; its key is still there to be read. */
function withOpen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOpen);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    inner === '' || inner === null ? undefined : withOpen(inner),
  ]);
  return Object.fromEntries(entries);
}
