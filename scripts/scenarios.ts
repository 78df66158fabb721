/** `npm run docs:scenarios`: writes docs/scenarios.md from real runs; `--check` only says whether it still fits. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { firstDifference } from '../local/scenarios/difference.ts';
import { SCENARIOS } from '../local/scenarios/index.ts';
import { pageOf } from '../local/scenarios/page.ts';
import { type Recorded, record } from '../local/scenarios/record.ts';
import type { Scenario } from '../local/scenarios/scenario.ts';

const FILE = 'docs/scenarios.md';
const USAGE = `Usage: npm run docs:scenarios [-- --check]

Plays ${SCENARIOS.length} scenarios against the local cloud in virtual time and writes ${FILE}.
  --check   writes nothing; exit code 1 and the first difference when the file does not fit any more
`;

/** Not only its code: the handler that a scenario kills leaves a timer that would keep the process alive. */
process.exit(await main());

async function main(): Promise<number> {
  const asked = options();
  if (asked === undefined) return 2;
  if (asked.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const page = pageOf(await playAll());
  const path = new URL(`../${FILE}`, import.meta.url);
  if (!asked.check) {
    writeFileSync(path, page);
    process.stdout.write(`${FILE}: ${SCENARIOS.length} scenarios written\n`);
    return 0;
  }
  const difference = firstDifference(readFileSync(path, 'utf8'), page);
  if (difference === undefined) {
    process.stdout.write(`${FILE} fits: ${SCENARIOS.length} scenarios\n`);
    return 0;
  }
  process.stdout.write(`${FILE} does not fit any more:\n\n${difference}\n\nRun: npm run docs:scenarios\n`);
  return 1;
}

async function playAll(): Promise<readonly (readonly [Scenario, Recorded])[]> {
  const played: (readonly [Scenario, Recorded])[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K${index + 1}/${SCENARIOS.length} ${scenario.name}`);
    played.push([scenario, await record(scenario)]);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  return played;
}

function options(): { readonly check: boolean; readonly help: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });
    return { check: values.check ?? false, help: values.help ?? false };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}
