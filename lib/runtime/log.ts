/** One line of JSON for each thing worth knowing, on standard output, where FunctionGraph collects it. */
import { type Clock, iso } from '../time.ts';
import type { Log, LogFields } from '../types.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

export type WriteLine = (line: string) => void;

/** FunctionGraph splits lines at 90 KB; a longer report is cut into numbered parts. */
const LONGEST_LINE = 80_000;
/** Characters of a part: three bytes each at the most, or two where a quote is escaped once more. */
const PART = 25_000;

/** `verbose`: debug lines too. */
export function jsonLog(
  clock: Pick<Clock, 'now'>,
  write: WriteLine,
  verbose: boolean,
  fields: LogFields = {},
): Log {
  const line = (level: Level, message: string, more?: LogFields) => {
    if (level === 'debug' && !verbose) return;
    const text = JSON.stringify({ time: iso(clock.now()), level, message, ...fields, ...more });
    for (const part of inParts(text)) write(part);
  };
  return {
    debug: (message, more) => line('debug', message, more),
    info: (message, more) => line('info', message, more),
    warn: (message, more) => line('warn', message, more),
    error: (message, more) => line('error', message, more),
    child: (more) => jsonLog(clock, write, verbose, { ...fields, ...more }),
  };
}

function inParts(text: string): readonly string[] {
  if (Buffer.byteLength(text) <= LONGEST_LINE) return [text];
  const count = Math.ceil(text.length / PART);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ part: index + 1, of: count, text: text.slice(index * PART, (index + 1) * PART) }),
  );
}

/** Says nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
