/** What was played, in lines for people: counts, what struck how often, and which fault met which guard. */
import type { Tally } from '../play/tally.ts';

export function summary({ counts, faults, met }: Tally): readonly string[] {
  const { histories, steps, invocations, deaths, freezes, runs, claims, restarts, reports } = counts;
  return [
    `${many(histories, 'history', 'histories')} of ${Math.round(steps / Math.max(1, histories))} steps on average: ` +
      `${figure(steps)} steps, ${figure(invocations)} invocations, ${figure(deaths)} crashes, ${figure(freezes)} freezes`,
    `${figure(runs)} runs, ${figure(claims)} claims, ${figure(restarts)} restarts, ${figure(reports)} messages`,
    '',
    'How often each fault struck, and how often a guard said no within ten minutes of it:',
    ...table(faults, met),
  ];
}

export const figure = (count: number): string => count.toLocaleString('en-US');
const many = (count: number, one: string, others: string): string =>
  `${figure(count)} ${count === 1 ? one : others}`;

/** As in lib/guards/index.ts; `run`: the run was stopped or over. */
const GUARDS = [
  ...['scope', 'ledger', 'pause', 'stale', 'window', 'inventory', 'storm', 'state', 'settling', 'cooldown'],
  ...['attempts', 'errors', 'host', 'unavailable', 'concurrency', 'mode', 'run'],
];

/** A row for a fault, a column for a guard; never met is a dot. */
function table(faults: Tally['faults'], met: Tally['met']): readonly string[] {
  const rows = [...faults].sort(([one], [other]) => one.localeCompare(other));
  const first = Math.max(0, ...rows.map(([fault]) => fault.length));
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(first)} ${cells.map((cell, index) => cell.padStart(width(index))).join(' ')}`.trimEnd();
  const width = (index: number) => Math.max(6, GUARDS[index - 1]?.length ?? 0);
  return [
    line('', ['struck', ...GUARDS]),
    ...rows.map(([fault, struck]) => {
      const noes = GUARDS.map((guard) => met.get(fault)?.get(guard) ?? 0);
      return line(fault, [String(struck), ...noes.map((count) => (count === 0 ? '.' : String(count)))]);
    }),
  ];
}
