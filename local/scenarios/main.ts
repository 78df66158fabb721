/** Writes the page of the scenarios, or says whether it still fits. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { firstDifference } from './difference.ts';
import { pageOf } from './page.ts';
import { type Recorded, record } from './record.ts';
import type { Scenario } from './scenario.ts';

export interface Surroundings {
  readonly scenarios: readonly Scenario[];
  /** Where the page is. */
  readonly file: string;
  readonly print: (text: string) => void;
  /** Told of each scenario before it is played; nothing is lost when nobody listens. */
  readonly progress?: (text: string) => void;
}

const USAGE = `Usage: npm run docs:scenarios [-- --check]

Plays the scenarios against the local cloud in virtual time and writes docs/scenarios.md.
  --check   writes nothing; exit code 1 and the first difference when the file does not fit any more
`;

/** 0: written, or it fits. 1: it does not. 2: the call itself makes no sense. */
export async function main(args: readonly string[], around: Surroundings): Promise<0 | 1 | 2> {
  const { scenarios, file, print } = around;
  const asked = options(args);
  if (typeof asked === 'string') {
    print(`${asked}\n\n${USAGE}`);
    return 2;
  }
  if (asked.help === true) {
    print(USAGE);
    return 0;
  }
  const page = pageOf(await playAll(around));
  if (asked.check !== true) {
    writeFileSync(file, page);
    print(`${file}: ${scenarios.length} scenarios written\n`);
    return 0;
  }
  const difference = firstDifference(textOf(file), page);
  if (difference === undefined) {
    print(`${file} fits: ${scenarios.length} scenarios\n`);
    return 0;
  }
  print(`${file} does not fit any more:\n\n${difference}\n\nRun: npm run docs:scenarios\n`);
  return 1;
}

async function playAll({
  scenarios,
  progress,
}: Surroundings): Promise<readonly (readonly [Scenario, Recorded])[]> {
  const played: (readonly [Scenario, Recorded])[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    progress?.(`${index + 1}/${scenarios.length} ${scenario.name}`);
    played.push([scenario, await record(scenario)]);
  }
  return played;
}

/** A page that is not there has no lines. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function options(args: readonly string[]): { readonly check?: boolean; readonly help?: boolean } | string {
  try {
    const flag = { type: 'boolean' } as const;
    return parseArgs({ args: [...args], options: { check: flag, help: flag } }).values;
  } catch (error) {
    return (error as Error).message;
  }
}
