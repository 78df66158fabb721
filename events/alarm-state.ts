/** Whether a message tells of an alarm or of its end. */
import { own, shown } from './event.ts';
import type { Part } from './parts.ts';

export interface AlarmState {
  /** `unmarked`: a template without `IsAlarm`. `other`: neither an alarm nor a recovery, see `said`. */
  readonly state: 'alarm' | 'recovered' | 'unmarked' | 'other';
  /** What it says of its state where that is `other`: `alarm_status "insufficient_data"`. */
  readonly said?: string;
}

/**
 * In the default format a recovery comes with `message_type` "alarm" too: `alarm_status` tells, and `IsAlarm` may
 * contradict. Where the two disagree, nothing burns: recovered.
 */
export function stateOfDefault(body: Readonly<Record<string, unknown>>, variables: Part): AlarmState {
  const status = own(body, 'alarm_status');
  const word = typeof status === 'string' ? status.trim().toLowerCase() : status;
  if (word === 'ok') return { state: 'recovered' };
  if (word !== 'alarm') return { state: 'other', said: `alarm_status ${shown(status)}` };
  return stateByMark(variables) ?? { state: 'alarm' };
}

/** In a template `IsAlarm` is all there is. */
export const stateOfTemplate = (data: Part): AlarmState => stateByMark(data) ?? { state: 'unmarked' };

/** A boolean; some send it as text, and an empty one is a recovery like false (Apache HertzBeat). */
function stateByMark(part: Part): AlarmState | undefined {
  const given = part.get('isalarm');
  if (given === undefined) return undefined;
  const marks = given.map((mark) => (typeof mark === 'string' ? mark.trim().toLowerCase() : mark));
  if (marks.some((mark) => NO.includes(mark))) return { state: 'recovered' };
  if (marks.every((mark) => YES.includes(mark))) return { state: 'alarm' };
  return { state: 'other', said: `IsAlarm ${shown(given[0])}` };
}

const YES: readonly unknown[] = [true, 'true', 1, '1'];
const NO: readonly unknown[] = [false, 'false', '', null, 0, '0'];
