import { describe, expect, it } from 'vitest';
import { cpsError, gatewayError } from '../../../local/cloud/answer.ts';
import { FAULTS, type FaultInstance } from '../../../local/faults/index.ts';
import { alarmEvent, outcomes, restarted, row, stage, T0 } from '../../support/stage.ts';

const FLEET = [row('h1', 's1'), row('h1', 's2', 2), row('h1', 's3', 2), row('h1', 's4', 2)];
const alarm = () => [alarmEvent('server_id:h1')];

/** What becomes of three abnormal servers under each fault, and how many restart calls that takes. */
const UNDER: Readonly<Record<string, { ends: Record<string, string>; calls: number }>> = {
  'lost-answer': { ends: { s2: 'recovered', s3: 'recovered', s4: 'recovered' }, calls: 1 },
  'refused-answer': { ends: { s2: 'unconfirmed', s3: 'unconfirmed', s4: 'unconfirmed' }, calls: 1 },
  throttled: { ends: { s2: 'recovered', s3: 'recovered', s4: 'recovered' }, calls: 3 },
  'item-error': { ends: { s2: 'rejected', s3: 'recovered', s4: 'recovered' }, calls: 1 },
  'job-failed': { ends: { s2: 'not_recovered', s3: 'not_recovered', s4: 'not_recovered' }, calls: 1 },
  'job-stuck': { ends: { s2: 'recovered', s3: 'recovered', s4: 'recovered' }, calls: 1 },
  'list-invalid': { ends: { s2: 'recovered', s3: 'recovered', s4: 'recovered' }, calls: 5 },
  'server-busy': { ends: { s2: 'recovered', s3: 'recovered', s4: 'recovered' }, calls: 2 },
};

describe('under the fault', () => {
  it('cph-away nothing is restarted and the function fails, to be called again', async () => {
    const played = await stage({ fleet: FLEET, events: alarm(), faults: ['cph-away'] });
    expect(restarted(played)).toEqual([]);
    expect(played.failed).toHaveLength(1);
  });

  it('of every name there is a test here', () => {
    expect(new Set(FAULTS.keys())).toEqual(new Set(['cph-away', ...Object.keys(UNDER)]));
  });

  it.each(Object.keys(UNDER))(
    '%s nothing is restarted twice, the outcome is true and reported',
    async (fault) => {
      const expected = UNDER[fault];
      const played = await stage({ fleet: FLEET, events: alarm(), faults: [fault] });
      expect(outcomes(played)).toEqual(expected?.ends);
      expect(played.calls['RestartEncodeServer']).toBe(expected?.calls);
      expect(new Set(restarted(played)).size).toBe(restarted(played).length);
      expect(played.runs).toMatchObject([{ state: 'done', finished: true }]);
      expect(played.reports).toHaveLength(1);
    },
  );
});

describe('a restart call', () => {
  it('whose answer lacks an id has that server looked at and not restarted again', async () => {
    const played = await stage({
      fleet: FLEET,
      events: alarm(),
      faults: [answers((body) => ({ ...body, jobs: body.jobs.slice(1) }))],
    });
    expect(outcomes(played)).toEqual({ s2: 'recovered', s3: 'recovered', s4: 'recovered' });
    expect(restarted(played)).toEqual(['s2', 's3', 's4']);
  });

  it('answered with something else than documented is taken for lost', async () => {
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [answers(() => ({ ok: true }))] });
    expect(outcomes(played)).toEqual({ s2: 'recovered', s3: 'recovered', s4: 'recovered' });
    expect(played.calls['RestartEncodeServer']).toBe(1);
  });

  it('of a server that was running is confirmed by its job or by status 3, never by its being up', async () => {
    const lost = await stage({
      fleet: [row('h1', 's1', 1)],
      events: [alarmEvent('encode_server_id:s1')],
      faults: ['refused-answer'],
    });
    expect(outcomes(lost)).toEqual({ s1: 'unconfirmed' });
    const failed: FaultInstance = { ruling: () => ({ job: 'fails', endStatus: 1 }) };
    const quick = [row('h1', 's1', 1, { restart_seconds: 1 })];
    const unseen = await stage({
      fleet: quick,
      events: [alarmEvent('encode_server_id:s1')],
      faults: [failed],
    });
    expect(outcomes(unseen)).toEqual({ s1: 'unconfirmed' });
    const done = await stage({ fleet: quick, events: [alarmEvent('encode_server_id:s1')] });
    expect(outcomes(done)).toEqual({ s1: 'recovered' });
  });

  it('that conflicts is made again after 30, 60 and 120 seconds and then counts as rejected', async () => {
    const times: number[] = [];
    const fleet = [row('h1', 's1', 2)];
    const busy: FaultInstance = {
      intercept: async ({ operation }, proceed) => {
        if (operation !== 'RestartEncodeServer') return proceed();
        times.push(1);
        return cpsError('CPS.0042', 'busy');
      },
    };
    const played = await stage({ fleet, events: alarm(), faults: [busy] });
    expect(times).toHaveLength(4);
    expect(played.endedAt - T0).toBe(210_000);
    expect(played.runs[0]?.restarts).toMatchObject([
      { outcome: 'rejected', attempt: 1, error: { code: 'CPS.0042' } },
    ]);
  });

  it('that conflicts for one server of a list does not hold up the others', async () => {
    const fleet = [row('h1', 's1', 2), row('h1', 's2', 2), row('h1', 's3', 2), row('h1', 's4', 2)];
    const creating = wholeCall((ids) => (ids.includes('s3') ? 'CPS.0124' : undefined));
    const played = await stage({ fleet, events: alarm(), faults: [creating] });
    expect(outcomes(played)).toEqual({ s1: 'recovered', s2: 'recovered', s3: 'rejected', s4: 'recovered' });
  });

  it('that is not authorised ends the run, gives the claims back and calls a person', async () => {
    const denied = wholeCall(() => 'CPS.0001');
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [denied] });
    expect(played.runs).toMatchObject([{ state: 'cancelled', stopped: expect.stringContaining('CPS.0001') }]);
    expect(outcomes(played)).toEqual({ s2: 'held', s3: 'held', s4: 'held' });
    expect(played.calls['RestartEncodeServer']).toBe(1);
    expect(played.reports[0]?.subject).toContain('Person needed');
  });

  it('that is throttled is made again no sooner than Retry-After asks', async () => {
    let turnedAway = 0;
    const busy: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'RestartEncodeServer' && turnedAway++ < 1
          ? gatewayError(429, 'APIGW.0308', 'slow down', 'r1')
          : proceed(),
    };
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [busy] });
    expect(played.model.restarts[0]?.at).toBe(T0 + 5_000);
  });
});

describe('a look', () => {
  it('that fails for a while only delays the outcome', async () => {
    let looks = 0;
    const blind: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'ListEncodeServers' && ++looks > 3 && looks < 14 ? 'reset' : proceed(),
    };
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [blind] });
    expect(outcomes(played)).toEqual({ s2: 'recovered', s3: 'recovered', s4: 'recovered' });
  });

  it('that never succeeds after the restart leaves the outcome unconfirmed', async () => {
    let isRestarted = false;
    const blind: FaultInstance = {
      intercept: async ({ operation }, proceed) => {
        if (operation === 'RestartEncodeServer') isRestarted = true;
        const isLook = operation === 'ListEncodeServers' || operation === 'ListJobs';
        return isRestarted && isLook ? 'reset' : proceed();
      },
    };
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [blind] });
    expect(outcomes(played)).toEqual({ s2: 'unconfirmed', s3: 'unconfirmed', s4: 'unconfirmed' });
    expect(restarted(played)).toHaveLength(3);
  });

  it('that cannot show whether the host is in service holds its servers after five minutes', async () => {
    const blind: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'ShowCloudPhoneServerDetail' ? 'reset' : proceed(),
    };
    const played = await stage({ fleet: FLEET, events: alarm(), faults: [blind] });
    expect(restarted(played)).toEqual([]);
    expect(played.runs[0]?.restarts[0]).toMatchObject({ outcome: 'held', holds: [{ guard: 'state' }] });
    expect(played.endedAt - T0).toBeGreaterThanOrEqual(300_000);
  });
});

interface Body {
  readonly jobs: readonly unknown[];
}

/** Lets CPH take the call and changes what it says of it. */
const answers = (change: (body: Body) => unknown): FaultInstance => ({
  async intercept({ operation }, proceed) {
    const reply = await proceed();
    if (operation !== 'RestartEncodeServer' || typeof reply === 'string') return reply;
    return { ...reply, body: change(reply.body as Body) };
  },
});

/** Refuses a whole restart call with the code that `judge` gives for its ids. */
const wholeCall = (
  judge: (ids: readonly string[]) => Parameters<typeof cpsError>[0] | undefined,
): FaultInstance => ({
  async intercept({ operation, body }, proceed) {
    if (operation !== 'RestartEncodeServer') return proceed();
    const code = judge((body as { encode_server_ids: string[] }).encode_server_ids);
    return code === undefined ? proceed() : cpsError(code, 'refused');
  },
});
