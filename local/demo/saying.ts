/** A line of a function's log as something to tell; most lines are not. */
import type { Tone } from './stage.ts';

export type Saying = readonly [who: string, what: string, tone?: Tone];

type Line = Readonly<Record<string, unknown>>;

export function sayingOf(text: string): Saying | undefined {
  const line = parsed(text);
  if (line === undefined) return undefined;
  const who = String(line['function'] ?? 'function');
  const what = TOLD[String(line['message'])];
  if (what !== undefined) {
    const said = what(line);
    return said === undefined ? undefined : [who, said];
  }
  if (line['level'] !== 'warn' && line['level'] !== 'error') return undefined;
  const why = line['reason'] ?? line['code'];
  return [who, why === undefined ? String(line['message']) : `${line['message']}: ${why}`, 'bad'];
}

/** By message; nothing for one that another line tells better. */
const TOLD: Readonly<Record<string, (line: Line) => string | undefined>> = {
  'run opened': ({ targets, state, function: who }) => {
    if (state === 'watching') return 'finds nothing abnormal yet, opens a run and watches the host';
    const servers = `${targets} ${who === 'schedule' ? '' : 'abnormal '}encode server${targets === 1 ? '' : 's'}`;
    return `finds ${servers} and opens a run`;
  },
  'run accepted': () => 'writes the run down and calls patrol',
  'restart called': ({ asked, claimed, given_back: back, failure }) => {
    if (failure !== undefined) {
      const next = Number(back) > 0 ? 'takes its claims back and waits' : 'does not call again, but looks';
      return `has no good answer (${failure}): it ${next}`;
    }
    const all = claimed === asked ? '' : ` of ${asked}`;
    return `had claimed ${claimed}${all} in the ledger before the call`;
  },
  'run ended': ({ counts }) => `has looked at every server: ${countsOf(counts)}`,
  'alarm ignored': ({ reason }) => `ignores an alarm: ${reason}`,
  'timer ignored': ({ reason }) => `ignores the timer: ${reason}`,
  'report, in full: it could not be published': () => 'writes the whole report into its log',
  // What a person does is told by who does it, and what SMN takes by SMN.
  paused: () => undefined,
  resumed: () => undefined,
  'a message was not accepted': () => undefined,
};

function countsOf(counts: unknown): string {
  const told = Object.entries(counts as Readonly<Record<string, number>>)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`);
  return told.join(', ') || 'nothing to do';
}

function parsed(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
