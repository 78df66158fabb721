/** What a call of `npm run cloud` asks for; every mistake in it is one line. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readFleet, standardFleet } from '../fleet.ts';
import type { FleetRow } from '../model/index.ts';

export const USAGE = `Usage: npm run cloud -- [options]

A local cloud that functions are deployed on: CPH, SMN, FunctionGraph and APIG on loopback, until it is interrupted.
Standard output has the lines that point \`serverless deploy\` at it, everything else goes to standard error.

  --port N            CPH, SMN and FunctionGraph; 8480 by default, 0 for any that is free
  --apig-port N       APIG; 8481 by default, 0 for any that is free
  --state FILE        keeps what is deployed there, for a cloud that is started again
  --seed-fleet FILE   [{"encode_server_id","server_id","status","type","phones":["…"],"recovers":true}];
                      four hosts with five servers each by default, one of them hanging
  --topic NAME        a topic beside encode-alarms, encode-restart-reports and encode-restart-pages; may be repeated
  --region REGION     cn-north-4 by default
  --project ID        32 hexadecimal digits
  --help              this
`;

/** Something about the call itself: said in a line, exit code 2. */
export class UsageError extends Error {}

export interface Asked {
  readonly port: number;
  readonly gatewayPort: number;
  readonly stateFile?: string;
  readonly fleet: readonly FleetRow[];
  readonly topics: readonly string[];
  readonly region: string;
  readonly projectId: string;
}

export const TOPICS = {
  alarms: 'encode-alarms',
  reports: 'encode-restart-reports',
  pages: 'encode-restart-pages',
} as const;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Asked | 'help' {
  const values = parsed(args);
  if (values.help === true) return 'help';
  const { state, topic = [], region = 'cn-north-4', project = '0a1b2c3d4e5f60718293a4b5c6d7e8f9' } = values;
  must('--region', 'a region such as cn-north-4', region, /^[a-z]{2}-[a-z]+-\d{1,3}$/);
  must('--project', '32 hexadecimal digits', project, /^[0-9a-f]{32}$/);
  for (const name of topic) must('--topic', '1 to 255 letters, digits, - and _', name, /^[\w-]{1,255}$/);
  return {
    port: portIn('--port', values.port ?? '8480'),
    gatewayPort: portIn('--apig-port', values['apig-port'] ?? '8481'),
    ...(state === undefined ? {} : { stateFile: state }),
    fleet: fleetIn(values['seed-fleet']),
    topics: [...Object.values(TOPICS), ...topic],
    region,
    projectId: project,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        port: text,
        'apig-port': text,
        state: text,
        'seed-fleet': text,
        topic: { type: 'string', multiple: true },
        region: text,
        project: text,
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function must(option: string, wanted: string, got: string, pattern: RegExp): void {
  if (!pattern.test(got)) throw new UsageError(`${option}: expected ${wanted}, got ${got}`);
}

function portIn(option: string, text: string): number {
  must(option, 'a port from 0 to 65535', text, /^\d{1,5}$/);
  const port = Number(text);
  if (port > 65_535) throw new UsageError(`${option}: expected a port from 0 to 65535, got ${text}`);
  return port;
}

function fleetIn(file: string | undefined): readonly FleetRow[] {
  if (file === undefined) return standardFleet();
  try {
    return readFleet(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--seed-fleet: ${(error as Error).message}`);
  }
}
