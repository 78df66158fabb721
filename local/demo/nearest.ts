/** Names that somebody may have meant. */

const MOST = 3;

/** The nearest names, nearest first: those that share a word with it, else by how many letters differ. */
export function nearest(name: string, names: readonly string[]): readonly string[] {
  const words = name.split('-').filter((word) => word.length > 2);
  const distanceOf = (other: string): number => {
    const shared = words.filter((word) => other.includes(word)).length;
    return distance(name, other) - shared * name.length;
  };
  return [...names].sort((one, other) => distanceOf(one) - distanceOf(other)).slice(0, MOST);
}

/** How many letters have to be put in, taken out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    let left = index + 1;
    const next = [left];
    for (const [column, otherLetter] of [...other].entries()) {
      const [above = 0, diagonal = 0] = [row[column + 1], row[column]];
      left = Math.min(left + 1, above + 1, diagonal + (letter === otherLetter ? 0 : 1));
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
