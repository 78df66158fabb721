/** How the demo looks: titles, messages as mail and as JSON, and what was checked. */
import { styleText } from 'node:util';
import type { Mail } from '../model/index.ts';

export type Write = (line: string) => void;

/** Whether something that was promised is so, and what it is. */
export type Check = readonly [isSo: boolean, what: string];

const WIDTH = 100;

export const title = (text: string): string =>
  styleText('bold', `── ${text} ${'─'.repeat(Math.max(2, WIDTH - 4 - text.length))}`);

/** Prints every check; 0 only if all of them are so. */
export function verdict(checks: readonly Check[], write: Write): 0 | 1 {
  write('');
  for (const [isSo, what] of checks) {
    write(`${isSo ? styleText('green', '✔') : styleText('red', '✘')} ${what}`);
  }
  return checks.every(([isSo]) => isSo) ? 0 : 1;
}

/** All of them as people get them, then as programs do. */
export function showMessages(mails: readonly Mail[], write: Write): void {
  for (const [index, { subject, topic_urn, messages }] of mails.entries()) {
    write('');
    write(title(`Message ${index + 1} of ${mails.length}, to ${topic_urn.split(':').at(-1)}, as mail`));
    write(`Subject: ${subject}`);
    write('');
    write((messages['email'] ?? messages['default'] ?? '').trimEnd());
  }
  for (const [index, { messages }] of mails.entries()) {
    const machine = messages['functionstage'];
    if (machine === undefined) continue;
    write('');
    write(title(`Message ${index + 1} of ${mails.length}, for programs`));
    write(jsonText(machine));
  }
}

/** JSON text laid out for reading; anything else as it is. */
export function jsonText(text: string): string {
  try {
    return laidOut(JSON.parse(text));
  } catch {
    return text;
  }
}

/** JSON for reading: whatever fits a line stands on one, and of many alike the first few are shown. */
export function laidOut(value: unknown, indent = ''): string {
  const short = inLine(value);
  if (typeof value !== 'object' || value === null || indent.length + short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  const [open, close, rows] = Array.isArray(value)
    ? ['[', ']', value.slice(0, MOST_ROWS).map((one) => laidOut(one, inner))]
    : ['{', '}', Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${laidOut(one, inner)}`)];
  const left = Array.isArray(value) ? value.length - rows.length : 0;
  const more = left > 0 ? `\n${inner}… ${left} more` : '';
  return `${open}\n${rows.map((row) => inner + row).join(',\n')}${more}\n${indent}${close}`;
}

const MOST_ROWS = 3;

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inLine(one)}`);
  return `{${members.join(', ')}}`;
}
