/**
 * Time as a value. Everything that decides gets `EpochMs` handed in; only a `Clock` reads the world's time,
 * and only the system clock below reads this machine's.
 */

declare const epochBrand: unique symbol;
declare const durationBrand: unique symbol;

/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly [epochBrand]: true };
/** A span of time in milliseconds. */
export type DurationMs = number & { readonly [durationBrand]: true };

export const epochMs = (value: number): EpochMs => value as EpochMs;
export const milliseconds = (value: number): DurationMs => value as DurationMs;
export const seconds = (value: number): DurationMs => milliseconds(value * 1_000);
export const minutes = (value: number): DurationMs => seconds(value * 60);
export const hours = (value: number): DurationMs => minutes(value * 60);

export const after = (moment: EpochMs, span: DurationMs): EpochMs => epochMs(moment + span);
export const before = (moment: EpochMs, span: DurationMs): EpochMs => epochMs(moment - span);
/** From `start` to `end`; negative when `end` comes first. */
export const between = (start: EpochMs, end: EpochMs): DurationMs => milliseconds(end - start);
export const earliest = (first: EpochMs, ...others: readonly EpochMs[]): EpochMs =>
  epochMs(Math.min(first, ...others));

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `"30s"`, `"15m"`, `"12h"`, `"1d"` as milliseconds; `undefined` when the text is no duration. */
export function parseDuration(text: string): DurationMs | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return milliseconds(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
}

/** ISO 8601 in UTC with seconds: `2026-01-31T03:00:00Z`. */
export const iso = (moment: EpochMs): string => `${new Date(moment).toISOString().slice(0, 19)}Z`;

/** The moment an ISO 8601 text with an offset names; `undefined` when it is none. */
export function parseInstant(text: string): EpochMs | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text))
    return undefined;
  const value = Date.parse(text);
  return Number.isNaN(value) ? undefined : epochMs(value);
}

/** A limit on one piece of work. `clear` must be called when the work has ended, however it ended. */
export interface Deadline {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  clear(): void;
}

/** The only way to read time, to wait, or to limit a wait. */
export interface Clock {
  now(): EpochMs;
  /** Resolves after `span`, or when `signal` aborts: nothing is waited for any more. */
  sleep(span: DurationMs, signal?: AbortSignal): Promise<void>;
  /** A limit on one piece of I/O. */
  deadline(span: DurationMs): Deadline;
}

/** Calls `end` when `signal` aborts, at once if it has. */
export function onAbort(signal: AbortSignal | undefined, end: () => void): void {
  if (signal?.aborted === true) end();
  else signal?.addEventListener('abort', end, { once: true });
}

/** The time of the machine this runs on. */
export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: (span, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, span));
      onAbort(signal, () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  deadline(span) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), Math.max(0, span));
    return { signal: controller.signal, clear: () => clearTimeout(timer) };
  },
};
