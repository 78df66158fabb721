/** The fields of a function: what each may be, and the code that a wrong one is refused with. */
import type { FssCode } from '../model/codes.ts';
import { expected, Refused } from './refused.ts';
import type { FunctionConfig } from './state.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Check {
  readonly key: string;
  readonly code: FssCode;
  readonly wanted: string;
  readonly holds: (value: unknown) => boolean;
  readonly optional?: true;
}

const MEMORY = [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240];
const RUNTIMES = ['6.10', '8.10', '10.16', '12.13', '14.18', '16.17', '18.15', '20.15', '22.18'];
const MOST_VARIABLES = 20;
const MOST_CHARACTERS = 4_096;

const text = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const whole = (from: number, to: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
const HANDLER = text(/^(?=.{3,128}$)[^\s.]+(\.[^\s.]+)+$/);
const AGENCY = text(/^[\w-]{0,64}$/);

/** In the order of asking. Sources: API reference, "Creating a Function"; notes and constraints. */
const CHECKS: readonly Check[] = [
  {
    key: 'func_name',
    code: 'FSS.1002',
    wanted: '1 to 60 letters, digits, - and _, a letter first, a letter or digit last',
    holds: text(/^[A-Za-z](?:[\w-]{0,58}[A-Za-z0-9])?$/),
  },
  {
    key: 'package',
    code: 'FSS.1004',
    wanted: '1 to 64 letters, digits, - and _',
    holds: text(/^[\w-]{1,64}$/),
  },
  {
    key: 'runtime',
    code: 'FSS.1005',
    wanted: `Node.js and one of ${RUNTIMES.join(', ')} (the local cloud plays no other language)`,
    holds: (value) => RUNTIMES.some((version) => value === `Node.js${version}`),
  },
  { key: 'timeout', code: 'FSS.1008', wanted: '3 to 259200 seconds', holds: whole(3, 259_200) },
  { key: 'handler', code: 'FSS.1003', wanted: '<file>.<function>, 3 to 128 characters', holds: HANDLER },
  {
    key: 'memory_size',
    code: 'FSS.1007',
    wanted: `one of ${MEMORY.join(', ')}`,
    holds: (value) => MEMORY.includes(Number(value)) && typeof value === 'number',
  },
  {
    key: 'description',
    code: 'FSS.1019',
    wanted: 'at most 512 characters',
    holds: text(/^.{0,512}$/s),
    optional: true,
  },
  { key: 'xrole', code: 'FSS.0400', wanted: 'the name of an agency', holds: AGENCY, optional: true },
  { key: 'app_xrole', code: 'FSS.0400', wanted: 'the name of an agency', holds: AGENCY, optional: true },
  {
    key: 'initializer_handler',
    code: 'FSS.1404',
    wanted: '<file>.<function>, 3 to 128 characters',
    holds: (value) => value === '' || HANDLER(value),
    optional: true,
  },
  {
    key: 'initializer_timeout',
    code: 'FSS.1405',
    wanted: '1 to 300 seconds',
    holds: whole(1, 300),
    optional: true,
  },
];

/** What the API reference has beside those; kept, shown, and not played. */
const OTHERS = [
  ...[
    'type',
    'depend_list',
    'depend_version_list',
    'func_vpc',
    'mount_config',
    'strategy_config',
    'log_config',
  ],
  ...['extend_config', 'enterprise_project_id', 'network_controller', 'custom_image', 'ephemeral_storage'],
  ...[
    'pre_stop_handler',
    'pre_stop_timeout',
    'is_stateful_function',
    'enable_dynamic_memory',
    'domain_names',
  ],
  ...['enable_auth_in_header', 'enable_class_isolation', 'enable_lts_log', 'gpu_memory', 'gpu_type', 'tags'],
  ...['restore_hook_handler', 'restore_hook_timeout', 'heartbeat_handler', 'user_data_encrypt_kms_key_id'],
  ...['code_encrypt_kms_key_id', 'lts_custom_tag', 'peering_cidr', 'concurrency_num'],
];
const VARIABLES = ['user_data', 'encrypted_user_data'] as const;
const CODE = ['code_type', 'code_url', 'code_filename', 'func_code'];
const CONFIG = new Set<string>([...CHECKS.map(({ key }) => key), ...OTHERS, ...VARIABLES]);

/** The configuration in `fields`, which may hold the code too. @throws Refused */
export function readConfig(fields: Fields): FunctionConfig {
  const unknown = Object.keys(fields).find((key) => !CONFIG.has(key) && !CODE.includes(key));
  if (unknown !== undefined) throw new Refused('FSS.0400', `${unknown}: there is no such field`);
  for (const { key, code, wanted, holds, optional } of CHECKS) {
    const value = fields[key];
    if (value === undefined ? optional !== true : !holds(value)) throw expected(code, key, wanted, value);
  }
  checkVariables(fields);
  return Object.fromEntries(Object.entries(fields).filter(([key]) => CONFIG.has(key))) as FunctionConfig;
}

/** Names and values are counted, of plain and encrypted variables together. No message shows a value. */
function checkVariables(fields: Fields): void {
  const all = VARIABLES.flatMap((key) => Object.entries(variablesIn(key, fields[key])));
  if (all.length > MOST_VARIABLES) {
    throw new Refused('FSS.1017', `Expected at most ${MOST_VARIABLES}, got ${all.length}`);
  }
  const characters = all.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (characters > MOST_CHARACTERS) {
    throw new Refused('FSS.1018', `Expected at most ${MOST_CHARACTERS} characters in all, got ${characters}`);
  }
}

function variablesIn(key: string, given: unknown): Readonly<Record<string, string>> {
  if (given === undefined || given === '') return {};
  const refuse = (wanted: string) => new Refused('FSS.1009', `${key}: expected ${wanted}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(given));
  } catch {
    throw refuse('a JSON text');
  }
  if (typeof given !== 'string' || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refuse('the JSON text of an object');
  }
  for (const [name, value] of Object.entries(parsed)) {
    if (!/^[A-Za-z]\w*$/.test(name)) throw refuse('names of letters, digits and _, a letter first');
    if (typeof value !== 'string') throw refuse(`a text as the value of ${name}`);
  }
  return parsed as Record<string, string>;
}
