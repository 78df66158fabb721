/**
 * `npm run proofs [-- --quick]`: simulation, crash table and planted faults; exit code 0 if all of them hold. Under 15
 * minutes; with `--quick`, for while one works, fewer histories, one scenario of the crash table, a part of the faults.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Proof {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const isQuick = values.quick;

const PROOFS: readonly Proof[] = [
  { name: 'simulation', script: 'simulate.ts', args: ['--histories', isQuick ? '1000' : '20000'] },
  {
    name: 'simulation on Redis',
    script: 'simulate.ts',
    args: ['--histories', isQuick ? '50' : '500', '--ledger', 'redis'],
  },
  { name: 'crash table', script: 'crash.ts', args: isQuick ? ['--scenario', 'alarm'] : [] },
  { name: 'planted faults', script: 'planted/main.ts', args: isQuick ? ['--every', '4'] : [] },
];

const lines: string[] = [];
let isProven = true;
for (const { name, script, args } of PROOFS) {
  process.stdout.write(`\n── ${name} ──\n`);
  const began = performance.now();
  const holds = await run(script, args);
  if (!holds) isProven = false;
  const took = Math.round((performance.now() - began) / 1_000);
  lines.push(`${holds ? '✔' : '✘'} ${name}: ${holds ? 'holds' : 'does not hold'}, ${took} s`);
}
process.stdout.write(`\n${lines.join('\n')}\n`);
process.exitCode = isProven ? 0 : 1;

/** Each in a process of its own, as one would run it alone. */
async function run(script: string, args: readonly string[]): Promise<boolean> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
