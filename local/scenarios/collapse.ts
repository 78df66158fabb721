/** Shortens a timeline in which the same comes again and again. */
import type { Row } from './row.ts';

/** The same again and again is told once: a row, or two that alternate, whichever run or server they are about. */
export function collapsed(rows: readonly Row[]): readonly Row[] {
  const out: Row[] = [];
  for (let index = 0; index < rows.length; ) {
    const [size, times] = repetition(rows, index);
    out.push(...rows.slice(index, index + size));
    const last = rows[index + size * times - 1];
    if (times > 1 && last !== undefined) {
      const block = rows.slice(index, index + size * times);
      const isOthers = new Set(block.map(({ world, us }) => SERVER.exec(world + us)?.[0])).size > 1;
      const again = times === 2 ? 'once more, until' : `${times - 1} times more, until`;
      const what = isOthers ? 'the same with others' : 'the same';
      out.push({ when: '', world: '', us: `… ${what} ${again} ${last.when}` });
    }
    index += size * times;
  }
  return out;
}

/** How long the block is that repeats from here on, and how often it comes. */
function repetition(rows: readonly Row[], from: number): readonly [size: number, times: number] {
  for (const size of [1, 2]) {
    const block = (turn: number): string =>
      rows
        .slice(from + turn * size, from + (turn + 1) * size)
        .map(essence)
        .join('\n');
    let times = 1;
    while (from + (times + 1) * size <= rows.length && block(times) === block(0)) times += 1;
    if (times >= FEWEST) return [size, times];
  }
  return [1, 1];
}

/** Fewer are shown as they are. */
const FEWEST = 3;
const SERVER = /\bh\d+-\d+\b/;
const essence = ({ world, us }: Row): string =>
  `${world} | ${us}`.replace(/\brun \d+/g, 'run').replace(new RegExp(SERVER, 'g'), 'server');
