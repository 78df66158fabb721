/** Makes text that others wrote safe to put into a line of a report, and cuts text to a size. */

/**
 * Controls, line and paragraph breaks, invisible and direction-changing characters, lone surrogates, private
 * use: nothing that can start a new line, hide a word or turn the reading order round.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
/** Printable ASCII without `<`, `>` or two spaces in a row needs no work: every id of the platform. */
const PLAIN = /^(?! )(?:[!-;=?-~]| (?! |$))*$/;

/** How long an id, a name or a reason, and an error message may be, in characters. */
export const LIMITS = { id: 64, line: 200, error: 160 } as const;

/**
 * One line of at most `limit` characters. `<` and `>` become `‹` and `›`: SMN leaves it to the mail client
 * whether a body is read as HTML, and escapes (`&lt;`) would be shown as such where it is not. Without `<`
 * no tag can begin, so `&` may stay. The JSON for machines gets the same text, as somebody will paste it.
 */
export function clean(text: string, limit: number): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  const line = text
    .slice(0, limit * 8)
    .replace(UNSAFE, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .trim();
  return cutToLength(line, limit);
}

export const cleanId = (id: string): string => clean(id, LIMITS.id);

/** At most `limit` code points; what was cut ends in `…`. */
export function cutToLength(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/** At most `limit` bytes of UTF-8, cut between characters; what was cut ends in `…`. */
export function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  let kept = '';
  let size = Buffer.byteLength('…');
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > limit) break;
    kept += character;
  }
  return `${kept}…`;
}
