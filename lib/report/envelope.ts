/** What every message is wrapped in: a subject and an SMS of one line, texts, JSON for machines, all under SMN's limits. */
import { clean, cleanId, cutToBytes, cutToLength, LIMITS } from './clean.ts';
import type { ReportOptions } from './options.ts';
import type { Attention, Words } from './words.ts';

/**
 * SMN takes 256 KB. Nobody says whether a K is 1,000 or 1,024 there, so the smaller is kept to; it is the
 * `message_structure` itself that is measured, with the JSON inside it escaped.
 */
export const MOST_BYTES = 256_000;

/** So much of it for each text, so that a text of nothing but quotes leaves room for the machines. */
const MOST_TEXT_BYTES = 60_000;
const MOST_SUBJECT = 120;
const MOST_SMS_BYTES = 140;

/** What the subscribers that are programs get; SMN picks by protocol and has no key for "all of them". */
const MACHINE_KEYS = ['functionstage', 'https'] as const;

export interface ReportMessage {
  readonly subject: string;
  /** The value of SMN's `message_structure`: JSON in a string, with JSON in strings inside it. */
  readonly messageStructure: string;
}

export interface Title {
  /** One line of at most 120 characters, which are fewer bytes than the 512 SMN takes. */
  readonly subject: string;
  /** At most 140 bytes: SMN splits a short message at 256. */
  readonly sms: string;
}

/** `place` is left out where it would have to be cut. */
export function titleOf(headline: string, attention: Attention, words: Words, place = ''): Title {
  const title = `[encode-restart] ${attention === 'needed' ? words.alert(headline) : headline}`;
  const withPlace = place === '' ? title : `${title} · ${place}`;
  return {
    subject: withPlace.length <= MOST_SUBJECT ? withPlace : cutToLength(title, MOST_SUBJECT),
    sms: Buffer.byteLength(withPlace) <= MOST_SMS_BYTES ? withPlace : cutToBytes(title, MOST_SMS_BYTES),
  };
}

/** Paragraphs of lines as a text; those without a line are left out. */
export const textOf = (paragraphs: readonly (readonly string[])[]): string =>
  `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;

/** Whose message it is, for machines. */
export const senderFacts = ({ region, projectId, mode }: ReportOptions) => ({
  region: clean(region, LIMITS.id),
  project_id: cleanId(projectId),
  mode,
});

export function structureOf({ text, sms }: { text: string; sms: string }, machine: object): string {
  const fitting = textThatFits(text);
  const json = JSON.stringify(machine);
  const forMachines = Object.fromEntries(MACHINE_KEYS.map((key) => [key, json]));
  return JSON.stringify({ default: fitting, email: fitting, sms, ...forMachines });
}

/** How many bytes more a message structure may have. */
export const roomIn = (structure: string): number => MOST_BYTES - Buffer.byteLength(structure);

/** The bytes that a row of a machine's list takes, in every copy, with its comma. */
export const costOf = (row: object): number => MACHINE_KEYS.length * sizeInside(row);

/** The bytes a row and its comma take as JSON within a string: of its two quotes, one counts as the comma. */
export const sizeInside = (row: object): number => Buffer.byteLength(JSON.stringify(JSON.stringify(row))) - 1;

/** The rows from the first on that fit; no row after them is even made. */
export function rowsThatFit<Item, Row extends object>(
  items: readonly Item[],
  rowOf: (item: Item) => Row,
  room: number,
): Row[] {
  const rows: Row[] = [];
  let left = room;
  for (const item of items) {
    const row = rowOf(item);
    left -= costOf(row);
    if (left < 0) break;
    rows.push(row);
  }
  return rows;
}

/** Whole lines, as many as fit. */
function textThatFits(text: string): string {
  if (escapedSize(text) <= MOST_TEXT_BYTES) return text;
  const lines: string[] = [];
  let left = MOST_TEXT_BYTES - escapedSize('…\n');
  for (const line of text.split('\n')) {
    left -= escapedSize(`${line}\n`);
    if (left < 0) break;
    lines.push(line);
  }
  return `${[...lines, '…'].join('\n')}\n`;
}

const escapedSize = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
