/** What differs between a function's configuration as wanted and as it is, for people and for the plan. Pure. */
import type { DeployedConfig } from '../cloud/deployed.ts';
import type { Wanted } from '../compose.ts';
import { type DeploymentRecord, RECORD, recordOf } from './record.ts';

export interface Change {
  /** `memory_size`, `SETTINGS.cooldown`, `encrypted variables`. */
  readonly what: string;
  /** Absent: it is new, or must not be shown. */
  readonly from?: string;
  /** Absent: it goes, or must not be shown. */
  readonly to?: string;
}

const FIELDS = [
  ...['handler', 'memory_size', 'timeout', 'description', 'app_xrole', 'xrole', 'vpc_id', 'subnet_id'],
] as readonly (
  | 'handler'
  | 'memory_size'
  | 'timeout'
  | 'description'
  | 'app_xrole'
  | 'xrole'
  | 'vpc_id'
  | 'subnet_id'
)[];

export function changesOf(
  wanted: Wanted,
  is: DeployedConfig,
  record: DeploymentRecord | undefined,
  of: string,
): readonly Change[] {
  const { config } = wanted;
  const fields = FIELDS.flatMap((key) => changed(key, String(is[key]), String(config[key])));
  const { [RECORD]: _, ...variables } = is.variables;
  const next = recordOf(wanted, of, record?.code ?? '', record?.digest ?? '');
  return [
    ...fields,
    ...variableChanges(variables, config.variables),
    ...secretChanges(wanted, is, record, next),
    ...recordChanges(record, next),
  ];
}

const changed = (what: string, from: string, to: string): readonly Change[] =>
  from === to ? [] : [{ what, ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }];

/** SETTINGS are compared key by key. */
function variableChanges(
  is: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): readonly Change[] {
  const { SETTINGS: before = '', ...plainBefore } = is;
  const { SETTINGS: after = '', ...plainAfter } = wanted;
  return [
    ...mapChanges('SETTINGS.', opened(before), opened(after)),
    ...mapChanges('variable ', plainBefore, plainAfter),
  ];
}

function mapChanges(
  prefix: string,
  is: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): readonly Change[] {
  const names = [...new Set([...Object.keys(is), ...Object.keys(wanted)])].sort();
  return names.flatMap((name) => changed(`${prefix}${name}`, is[name] ?? '', wanted[name] ?? ''));
}

/** Each value as JSON; text that is no JSON object is one value. */
function opened(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, JSON.stringify(inner)]));
    }
  } catch {
    // What is there is not ours to understand: it is replaced.
  }
  return text === '' ? {} : { '': text };
}

/** Names where FunctionGraph shows them; values by the record. */
function secretChanges(
  { config }: Wanted,
  is: DeployedConfig,
  record: DeploymentRecord | undefined,
  next: DeploymentRecord,
): readonly Change[] {
  const names = sorted(Object.keys(config.encrypted));
  const shown = is.encrypted === undefined ? names : sorted(is.encrypted);
  if (names.join() !== shown.join()) {
    return changed('encrypted variables', shown.join(', '), names.join(', '));
  }
  return record?.secrets === next.secrets ? [] : [{ what: 'values of encrypted variables' }];
}

const sorted = (names: readonly string[]): readonly string[] =>
  [...names].sort((one, other) => (one < other ? -1 : 1));

/** Where nothing else differs the record still has to be put right: it says which triggers are ours. */
function recordChanges(record: DeploymentRecord | undefined, next: DeploymentRecord): readonly Change[] {
  const marksOf = ({ triggers }: DeploymentRecord) =>
    JSON.stringify(sorted(Object.keys(triggers)).map((key) => [key, triggers[key]]));
  if (record === undefined || record.of !== next.of || marksOf(record) !== marksOf(next)) {
    return [{ what: 'record of our triggers' }];
  }
  return record.at === next.at ? [] : [{ what: 'record of whose it is' }];
}
