/** Time as the page shows it. */
import { between, type EpochMs } from '../../lib/time.ts';
import { BEGINS_AT } from './scenario.ts';

export const secondOf = (at: EpochMs): number => Math.floor(between(BEGINS_AT, at) / 1_000);

/** `31:05` after the beginning; of a later day, the day in front. */
export function stopwatch(at: EpochMs): string {
  const second = secondOf(at);
  const day = Math.floor(second / 86_400);
  const left = day > 0 ? second - day * 86_400 : second;
  const sign = left < 0 ? '-' : '';
  const [minute, rest] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
  return `${day > 0 ? `day ${day + 1}, ` : ''}${sign}${minute}:${String(rest).padStart(2, '0')}`;
}
