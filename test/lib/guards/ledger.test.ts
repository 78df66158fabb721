import { describe, expect, it } from 'vitest';
import { ledger } from '../../../lib/guards/ledger.ts';
import { after, epochMs, iso, minutes } from '../../../lib/time.ts';
import { alarmEvent, restarted, row, stage } from '../../support/stage.ts';
import {
  A_MOMENT,
  ago,
  answers,
  type Case,
  hence,
  memory,
  NOW,
  noes,
  request,
  settings,
  target,
} from './support.ts';

const COOLDOWN = minutes(30);
const DEPLOYED = epochMs(Date.parse('2026-01-01T00:00:00Z'));
const deployed = settings({ deployed_at: iso(DEPLOYED) });
const begun = (begunAt: typeof NOW) => ({ settings: deployed, memory: memory({ begunAt }) });
const emptied = begun(ago(minutes(10)));
const no = {
  reason: { code: 'ledger_emptied', since: ago(minutes(10)) },
  until: hence(minutes(20)),
} as const;

const CASES: readonly Case[] = [
  [
    'everything while the ledger is as old as the deployment, however young both are',
    {
      settings: settings({ deployed_at: iso(ago(minutes(10))) }),
      memory: memory({ begunAt: ago(minutes(10)) }),
    },
  ],
  ['everything after a ledger that was emptied ten minutes ago, for one cooldown', emptied, no],
  ['everything where no deployment said when it was', { memory: memory({ begunAt: NOW }) }],
  [
    'a moment before the cooldown since then is over',
    begun(after(ago(COOLDOWN), A_MOMENT)),
    { reason: { code: 'ledger_emptied', since: after(ago(COOLDOWN), A_MOMENT) }, until: hence(A_MOMENT) },
  ],
  ['everything from the end of that cooldown on', begun(ago(COOLDOWN))],
  [
    "a person's explicit ids",
    { ...emptied, request: request({ source: 'http' }), target: target({ named: true }) },
  ],
  ["what a person's call does not name", { ...emptied, request: request({ source: 'http' }) }, no],
  [
    'what an alarm names: that is no person',
    { ...emptied, request: request({ source: 'alarm' }), target: target({ named: true }) },
    no,
  ],
  [
    'a ledger that was born one cooldown after the deployment',
    {
      settings: settings({ deployed_at: iso(ago(minutes(40))) }),
      memory: memory({ begunAt: after(ago(minutes(40)), COOLDOWN) }),
    },
  ],
  [
    'a ledger that was born a moment later than that',
    {
      settings: settings({ deployed_at: iso(ago(minutes(40))) }),
      memory: memory({ begunAt: after(ago(minutes(10)), A_MOMENT) }),
    },
    {
      reason: { code: 'ledger_emptied', since: after(ago(minutes(10)), A_MOMENT) },
      until: after(hence(minutes(20)), A_MOMENT),
    },
  ],
];

describe('ledger', () => {
  answers(ledger, CASES);

  it('over HTTP: a function without a shared ledger restarts, long after it was deployed', async () => {
    const played = await stage({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      events: [alarmEvent('server_id:h1')],
      sharedLedger: false,
      settings: { ledger: 'memory', deployed_at: iso(DEPLOYED) },
    });
    expect(restarted(played)).toEqual(['s1']);
  });

  it('over HTTP: a shared ledger that was emptied a moment ago holds for one cooldown', async () => {
    const played = await stage({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      events: [alarmEvent('server_id:h1')],
      settings: { deployed_at: iso(DEPLOYED) },
    });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's1')).toEqual(['ledger: ledger_emptied']);
  });
});
