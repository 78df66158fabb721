/** `npm run crash`: reads what is asked, lets as many processes play as there are cores, prints the table. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';
import { playShare, together } from './share.ts';
import { brokenText, type Kill, type Row, tableOf } from './table.ts';

export const USAGE = `Usage: npm run crash [-- options]

Plays an alarm run, a rolling restart, a webhook run and a patrol on the local cloud in virtual time, once for every
place where an instance meets the ledger or the platform, and kills it there: before, and after. Another instance
carries on. Checks the invariants and the report each time. Exit code 1 if one was broken.

  --scenario NAME   only ${SCENARIOS.map(({ name }) => name).join('; ')}
  --effect N        only deaths at this effect, counted from 1
  --side SIDE       only deaths before, or after
  --workers N       so many processes; as many as there are cores
`;

export interface Asked {
  readonly scenario?: string;
  readonly effect?: number;
  readonly side?: string;
  readonly workers: number;
}

/** Something about the call itself: said in a line, exit code 2. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readArgs(args: readonly string[]): Asked | 'help' {
  const text = { type: 'string' } as const;
  const read = () => {
    try {
      const options = {
        scenario: text,
        effect: text,
        side: text,
        workers: text,
        help: { type: 'boolean' },
      } as const;
      return parseArgs({ args: [...args], options }).values;
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  };
  const { scenario, effect, side, workers, help } = read();
  if (help === true) return 'help';
  if (scenario !== undefined && !SCENARIOS.some(({ name }) => name === scenario)) {
    throw new UsageError(
      `--scenario: expected one of ${SCENARIOS.map(({ name }) => name).join('; ')}, got ${scenario}`,
    );
  }
  if (side !== undefined && side !== 'before' && side !== 'after') {
    throw new UsageError(`--side: expected before or after, got ${side}`);
  }
  return {
    ...(scenario === undefined ? {} : { scenario }),
    ...(effect === undefined ? {} : { effect: count('--effect', effect) }),
    ...(side === undefined ? {} : { side }),
    workers: workers === undefined ? availableParallelism() : count('--workers', workers),
  };
}

function count(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${option}: expected a number from 1, got ${text}`);
  return Number(text);
}

/** What one process plays. */
export async function playAsked(asked: Asked, worker: number, played: () => void): Promise<readonly Row[]> {
  const { scenario, effect, side, workers } = asked;
  const wanted = (kill: Kill): boolean =>
    (effect === undefined || kill.effect === effect) && (side === undefined || kill.side === side);
  const rows: Row[] = [];
  for (const each of SCENARIOS.filter(({ name }) => scenario === undefined || name === scenario)) {
    rows.push(await playShare(each, { worker, workers, wanted, played }));
  }
  return rows;
}

/** 0: nothing was broken. 1: something was. */
export async function main(asked: Asked, script: string, print: (text: string) => void): Promise<0 | 1> {
  const began = performance.now();
  const shares = await Promise.all(
    Array.from({ length: asked.workers }, (_, worker) => shareOf(script, asked, worker)),
  );
  const rows = together(shares);
  const broken = rows.flatMap((row) => row.broken);
  const took = Math.round((performance.now() - began) / 1_000);
  print(`${tableOf(rows)}\n\n`);
  for (const each of broken) print(`${brokenText(each)}\n\n`);
  const kills = rows.reduce((sum, row) => sum + row.kills, 0);
  const none = kills === 0 ? 'expected at least one kill, got none: is there such an effect?\n' : '';
  print(
    none ||
      `${kills} kills in ${took} s: ${broken.length === 0 ? 'every promise held' : `${broken.length} broke a promise`}\n`,
  );
  return broken.length === 0 && kills > 0 ? 0 : 1;
}

/** One process with a share of the kills; its rows come as a message. */
function shareOf(script: string, asked: Asked, worker: number): Promise<readonly Row[]> {
  const child: ChildProcess = fork(script, ['--share', JSON.stringify({ asked, worker })]);
  return new Promise((resolve, reject) => {
    child.once('message', (rows) => resolve(rows as readonly Row[]));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`worker ${worker}: expected its rows, got exit code ${code}`)),
    );
  });
}
