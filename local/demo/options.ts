/** What a call of `npm run demo` asks for; every mistake in it is one line. */
import { parseArgs } from 'node:util';
import { FAULTS, type Fault } from '../faults/index.ts';
import { nearest } from './nearest.ts';

export const SOURCES = ['alarm', 'schedule', 'webhook', 'patrol'] as const;
export type DemoSource = (typeof SOURCES)[number];

export const USAGE = `Usage: npm run demo -- [--source NAME | --fault NAME | --deployed]

A local cloud, encode servers that hang, and what encode-restart does about it, told as it happens. Exit code 0 only
if everything that it promises holds, looked up in the cloud itself.

  --source NAME   what sets it off: ${SOURCES.join(', ')}; alarm unless you say otherwise
  --fault NAME    plays a fault in its own setting and checks what is promised under it
  --fault list    all faults, what happens and what is promised
  --deployed      deploys with \`serverless deploy\`, raises an alarm, deploys another schedule, removes everything
  --help          this
`;

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  | { readonly kind: 'deployed' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'source'; readonly source: DemoSource };

/** Something about the call itself: exit code 2. `hint` follows the line. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Asked {
  const { source, fault, help, deployed } = parsed(args);
  if (help === true) return { kind: 'help' };
  if (deployed === true) {
    if (source === undefined && fault === undefined) return { kind: 'deployed' };
    throw new UsageError('expected --deployed alone, got another option beside it', USAGE);
  }
  if (source !== undefined && fault !== undefined) {
    throw new UsageError('expected either --source or --fault, got both', USAGE);
  }
  if (fault === 'list') return { kind: 'list' };
  if (fault !== undefined) return { kind: 'fault', fault: faultOf(fault) };
  const known = SOURCES.find((one) => one === (source ?? 'alarm'));
  if (known === undefined) {
    throw new UsageError(`--source: expected one of ${SOURCES.join(', ')}, got ${source}`, USAGE);
  }
  return { kind: 'source', source: known };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = { source: text, fault: text, help: flag, deployed: flag } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, USAGE);
  }
}

function faultOf(name: string): Fault {
  const fault = FAULTS.get(name);
  if (fault !== undefined) return fault;
  const close = nearest(name, [...FAULTS.keys()]);
  const hint = `Did you mean ${close.join(', ')}? \`npm run demo -- --fault list\` shows all ${FAULTS.size}.\n`;
  throw new UsageError(`--fault: expected the name of a fault, got ${name}`, hint);
}
