/** What was seen, as the rows of a timeline: when, what the world did, what encode-restart did or said. */
import { collapsed } from './collapse.ts';
import type { Recorded } from './record.ts';
import type { Row } from './row.ts';
import { secondOf, stopwatch } from './stopwatch.ts';
import { teller } from './telling.ts';

export function rowsOf(recorded: Recorded): readonly Row[] {
  const { entries } = recorded;
  const tells = teller(recorded);
  const inOrder = entries
    .map((entry, index) => ({ entry, index }))
    .sort((one, other) => secondOf(one.entry.at) - secondOf(other.entry.at) || one.index - other.index);
  const rows = inOrder.flatMap(({ entry }) => {
    const cells = tells(entry);
    return cells === undefined ? [] : [{ when: stopwatch(entry.at), world: '', us: '', ...cells }];
  });
  return collapsed(merged(rows));
}

/** What happens in one second stands in one row, as long as what follows is not older than what stands there. */
function merged(rows: readonly Row[]): readonly Row[] {
  const out: Row[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    const isSameSecond = last?.when === row.when;
    if (last !== undefined && isSameSecond && (row.world === '' || last.us === '')) {
      out[out.length - 1] = { ...last, world: lines(last.world, row.world), us: lines(last.us, row.us) };
    } else out.push(row);
  }
  return out;
}

const lines = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('<br>');
