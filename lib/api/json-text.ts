/** What a JSON text shows and its parsed value does not: how deep it is, and keys that are there twice. */
import { parseJson } from '../../events/event.ts';

export type TextFault = { readonly kind: 'too_deep' } | { readonly kind: 'twice'; readonly key: string };

/** One pass, no recursion, before anything parses it; a text that is no JSON at all may pass. */
export function textFault(text: string, deepest: number): TextFault | undefined {
  /** The keys of every object that is open here; of a list, nothing. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
      case '[':
        if (open.length === deepest) return { kind: 'too_deep' };
        open.push(text[at] === '{' ? new Set() : undefined);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        const key = keys !== undefined && isKey(text, end) ? parseJson(text.slice(at, end + 1)) : undefined;
        if (typeof key === 'string') {
          if (keys?.has(key)) return { kind: 'twice', key };
          keys?.add(key);
        }
        at = end;
        break;
      }
      default:
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end + 1;
  return colon.test(text);
}
