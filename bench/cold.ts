/**
 * Cold starts on the Node.js of FunctionGraph: fresh processes, one after the other, interleaved, until the first
 * signed call was answered over TLS on loopback. `npm run bench:cold`, with `-- --runs N` and `-- --check`, which fails
 * when one of ours without Redis takes more than 0.6 of what the SDK's client takes, both over an empty function.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { columns } from '../lib/report/layout.ts';
import { platformNode } from '../local/functiongraph/runtime.ts';
import { canRun, startRedis } from '../test/support/redis.ts';
import { startServer } from './cold/server.ts';
import { type Start, start } from './cold/start.ts';
import { project, settings, type Variant, variants } from './cold/variants.ts';

const NODE = platformNode();
const MOST = 0.6;
const FEWEST_RUNS = 15;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: String(FEWEST_RUNS) },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < FEWEST_RUNS) {
  process.stderr.write(`--runs: expected a whole number, at least ${FEWEST_RUNS}, got ${values.runs}\n`);
  process.exit(2);
}
if (NODE === undefined) {
  process.stderr.write('Node.js 20.15.1 is not there: run `npm run node:platform` first, on Linux\n');
  process.exit(2);
}

const folder = await mkdtemp(`${tmpdir()}/encode-restart-cold-`);
const redis = canRun('cold starts with Redis') ? await startRedis() : undefined;
const server = await startServer(folder);
const measured = new Map<Variant, Start[]>();
try {
  const all = await variants(folder, redis !== undefined);
  const SETTINGS = JSON.stringify({ ...settings, endpoints: { cph: server.url, functiongraph: server.url } });
  for (let run = 0; run < runs; run += 1) {
    process.stderr.write(`run ${run + 1} of ${runs}\n`);
    for (const variant of all) {
      // An event that was answered before is answered no more.
      const stage = `${variant.name}-${run}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
      const userData = {
        SETTINGS: SETTINGS.replace('"mode"', `"stage":"${stage}","mode"`),
        ...(variant.ledger === 'Redis' && redis !== undefined ? { LEDGER_URL: redis.url } : {}),
      };
      const place = {
        node: NODE,
        ca: server.ca,
        projectId: project,
        userData,
        nextAnswer: server.nextAnswer,
      };
      const starts = measured.get(variant) ?? [];
      measured.set(variant, [...starts, await start(variant, place)]);
    }
  }
} finally {
  await server.close();
  await redis?.end();
  await rm(folder, { recursive: true });
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const of = (variant: Variant, key: keyof Start) => (measured.get(variant) ?? []).map((one) => one[key]);
const find = (name: string): Variant => {
  const variant = [...measured.keys()].find((one) => one.name === name);
  if (variant === undefined) throw new Error(`${name} was not measured`);
  return variant;
};
const nothing = median(of(find('empty function'), 'first'));
const over = (variant: Variant): number => median(of(variant, 'first')) - nothing;
const share = (variant: Variant): number => over(variant) / over(find('SDK core client'));

const rows = [...measured.keys()].map((variant) => {
  const firsts = of(variant, 'first').sort((a, b) => a - b);
  const isEmpty = variant.until === 'returned';
  return [
    variant.name,
    variant.ledger,
    (variant.bytes / 1024).toFixed(0).padStart(6),
    median(of(variant, 'loaded')).toFixed(0).padStart(6),
    median(firsts).toFixed(0).padStart(6),
    `${firsts.at(0)?.toFixed(0)}–${firsts.at(-1)?.toFixed(0)}`,
    (isEmpty ? '–' : over(variant).toFixed(0)).padStart(6),
    (isEmpty ? '–' : share(variant).toFixed(2)).padStart(6),
    median(of(variant, 'cpu')).toFixed(0).padStart(6),
    median(of(variant, 'memory')).toFixed(0).padStart(6),
  ];
});
const head = ['', 'ledger', '    kB', 'loaded', ' first', 'spread', '  over', 'of SDK', '   CPU', '    MB'];
process.stdout.write(`${columns([head, ...rows]).join('\n')}\n`);
process.stdout.write(
  `\nMedians of ${runs} cold starts each, in ms from the start of the process. "over": above the empty function.\n`,
);

const slow = [...measured.keys()].filter((one) => one.ledger === 'memory' && share(one) > MOST);
for (const variant of slow) {
  process.stdout.write(
    `✘ ${variant.name} takes ${share(variant).toFixed(2)} of the SDK; expected at most ${MOST}\n`,
  );
}
if (values.check && slow.length > 0) process.exitCode = 1;
