import { describe } from 'vitest';
import { cooldown } from '../../../lib/guards/cooldown.ts';
import { after, hours, minutes } from '../../../lib/time.ts';
import { A_MOMENT, ago, answers, type Case, hence, memory, NOW, record, settings } from './support.ts';

const last = (lastAttemptAt: typeof NOW) => ({ record: record({ lastAttemptAt }) });
const inFlight = (encodeServerId: string) => ({
  memory: memory({
    inFlight: [{ encodeServerId, serverId: 'h1', runId: 'run-2', claimedAt: ago(minutes(1)) }],
  }),
});
const ALMOST = after(ago(minutes(30)), A_MOMENT);

const CASES: readonly Case[] = [
  ['what was never restarted', { record: undefined }],
  ['what is known but was never restarted', { record: record() }],
  [
    'what was restarted just now',
    last(NOW),
    { reason: { code: 'cooldown', lastAttemptAt: NOW }, until: hence(minutes(30)) },
  ],
  [
    'a moment before the cooldown is over',
    last(ALMOST),
    { reason: { code: 'cooldown', lastAttemptAt: ALMOST }, until: hence(A_MOMENT) },
  ],
  ['at the end of the cooldown', last(ago(minutes(30)))],
  [
    'what was restarted just now where there is no cooldown',
    { ...last(NOW), settings: settings({ cooldown: '0s' }) },
  ],
  [
    'by the cooldown in force now, not the one of then',
    { ...last(ago(minutes(31))), settings: settings({ cooldown: '2h' }) },
    { reason: { code: 'cooldown', lastAttemptAt: ago(minutes(31)) }, until: hence(minutes(89)) },
  ],
  [
    'what another run restarts, until the cooldown at least',
    { ...inFlight('s1'), ...last(ago(minutes(1))) },
    { reason: { code: 'in_flight', runId: 'run-2' }, until: hence(minutes(29)) },
  ],
  [
    'what another run restarts, at the very end of the cooldown; nobody knows until when',
    { ...inFlight('s1'), ...last(ago(minutes(30))) },
    { reason: { code: 'in_flight', runId: 'run-2' } },
  ],
  [
    'what another run restarts, even when the cooldown is over; nobody knows until when',
    { ...inFlight('s1'), ...last(ago(hours(2))) },
    { reason: { code: 'in_flight', runId: 'run-2' } },
  ],
  [
    'what another run restarts, though it has no record',
    { ...inFlight('s1'), record: undefined },
    { reason: { code: 'in_flight', runId: 'run-2' } },
  ],
  ['what is in flight is another server', inFlight('s2')],
];

describe('cooldown', () => answers(cooldown, CASES));
