/** What is started cold: a function that does nothing, each of ours, and the one call as the SDK's users write it. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundler } from '../../deploy/bundle.ts';

export interface Variant {
  readonly name: string;
  /** Where it remembers; a dash where it does not. */
  readonly ledger: 'memory' | 'Redis' | '–';
  /** Path of the bundle. */
  readonly bundle: string;
  /** Bytes that are loaded. */
  readonly bytes: number;
  /** What comes first: an answer to its first signed call, or its return where it makes none. */
  readonly until: 'answered' | 'returned';
  readonly event: unknown;
}

const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const ALARM_TOPIC = `urn:smn:cn-north-4:${PROJECT}:encode-alarms`;

export const project = PROJECT;
export const settings = {
  region: 'cn-north-4',
  mode: 'active',
  ledger: 'memory',
  webhook_auth: 'IAM',
  alarm_topics: [ALARM_TOPIC],
  patrol_urn: `urn:fss:cn-north-4:${PROJECT}:function:default:patrol:latest`,
} as const;

/** An event for each function that leads to a signed call at once. */
function events(now: Date): Readonly<Record<string, unknown>> {
  const time = now.toISOString();
  const message = {
    message_type: 'alarm',
    alarm_id: 'al1770000000000sampleAA',
    alarm_name: 'encode servers unwell',
    alarm_status: 'alarm',
    time: now.getTime(),
    namespace: 'SYS.CPH',
    metric_name: 'encode_server_abnormal',
    dimension: 'server_id:c10d0000000000000000000000000001',
    template_variable: { IsAlarm: true },
  };
  const smn = {
    topic_urn: ALARM_TOPIC,
    timestamp: time,
    message_id: `cold-${now.getTime()}`,
    subject: 'cold start',
    type: 'notification',
    message: JSON.stringify(message),
  };
  const timer = { version: 'v2.0', time, trigger_type: 'TIMER', trigger_name: 'cold', user_event: '' };
  return {
    alarm: { record: [{ event_version: '1.0', event_source: 'smn', smn }] },
    schedule: timer,
    patrol: timer,
    webhook: {
      httpMethod: 'POST',
      path: '/encode-restart/restarts',
      headers: { 'content-type': 'application/json', 'idempotency-key': `cold-${now.getTime()}` },
      isBase64Encoded: false,
      body: JSON.stringify({ abnormal: true, who: 'cold start' }),
    },
  };
}

/** Built as they are deployed, into folders under `out`. */
export async function variants(out: string, withRedis: boolean): Promise<readonly Variant[]> {
  const names = (await readdir('functions')).map((file) => file.replace(/\.ts$/, '')).sort();
  const bundle = bundler(process.cwd());
  const given = events(new Date());
  const ours: Variant[] = [];
  for (const name of names) {
    const { files } = await bundle(name);
    await mkdir(`${out}/${name}`, { recursive: true });
    for (const [path, content] of files) await writeFile(`${out}/${name}/${path}`, content);
    const size = (path: string) => files.get(path)?.length ?? 0;
    const own = { name, bundle: `${out}/${name}/index.js`, until: 'answered', event: given[name] } as const;
    // Patrol refuses to work alone.
    if (name !== 'patrol') ours.push({ ...own, ledger: 'memory', bytes: size('index.js') });
    if (withRedis) ours.push({ ...own, ledger: 'Redis', bytes: size('index.js') + size('redis.js') });
  }
  return [
    { name: 'empty function', ledger: '–', ...(await plain(out, 'empty')), until: 'returned', event: {} },
    ...ours,
    { name: 'SDK core client', ledger: '–', ...(await plain(out, 'sdk')), until: 'answered', event: {} },
  ];
}

/** Bundled as anybody would. */
async function plain(out: string, name: string): Promise<Pick<Variant, 'bundle' | 'bytes'>> {
  const bundle = `${out}/${name}/index.js`;
  const { metafile } = await build({
    entryPoints: [`bench/cold/${name}.ts`],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20.15',
    format: 'cjs',
    minify: true,
    metafile: true,
    logLevel: 'error',
  });
  return { bundle, bytes: Object.values(metafile.outputs)[0]?.bytes ?? 0 };
}
