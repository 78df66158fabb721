/** The first place where two texts part ways, as a small diff. */

const AROUND = 2;
const SHOWN = 5;

/** Nothing when they are the same. `-` is what is there, `+` what should be. */
export function firstDifference(there: string, expected: string): string | undefined {
  if (there === expected) return undefined;
  const [before, after] = [there.split('\n'), expected.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const first = at === -1 ? before.length : at;
  const end = sameEnd(before, after, first);
  const mark = (sign: string, lines: readonly string[]) => lines.map((line) => `${sign} ${line}`);
  const most = (lines: readonly string[]) => lines.slice(0, SHOWN);
  return [
    `@@ line ${first + 1} @@`,
    ...mark(' ', before.slice(Math.max(0, first - AROUND), first)),
    ...mark('-', most(before.slice(first, before.length - end))),
    ...mark('+', most(after.slice(first, after.length - end))),
  ].join('\n');
}

/** How many lines at the end are the same, not counting what comes before `first`. */
function sameEnd(before: readonly string[], after: readonly string[], first: number): number {
  const most = Math.min(before.length, after.length) - first;
  let count = 0;
  while (count < most && before.at(-1 - count) === after.at(-1 - count)) count += 1;
  return count;
}
