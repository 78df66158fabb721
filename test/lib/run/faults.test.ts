import { describe, expect, it } from 'vitest';
import { iso } from '../../../lib/time.ts';
import { cpsError } from '../../../local/cloud/answer.ts';
import { FAULTS, type FaultInstance, faultNamed } from '../../../local/faults/index.ts';
import {
  alarmEvent,
  outcomes,
  restarted,
  row,
  type Staged,
  stage,
  stageUnder,
  T0,
} from '../../support/stage.ts';

const FLEET = [row('h1', 's1'), row('h1', 's2', 2), row('h1', 's3', 2), row('h1', 's4', 2)];
const alarm = () => [alarmEvent('server_id:h1')];

/** The scene does not yet take `cloud.endpoints`, `FaultInstance.settings` and `FaultInstance.killedAfter`. */
const tried = new Set<string>();

/** Plays a fault where it is shown: its promise holds, and what comes of it is what `look` expects. */
function under(fault: string, sentence: string, look: (seen: Staged) => void): void {
  tried.add(fault);
  it(`${fault}: ${sentence}`, async () => {
    const seen = await stageUnder(fault);
    expect(faultNamed(fault).holds(seen)).toEqual([]);
    look(seen);
  });
}

const ALL = ['s2', 's3', 's4'];
const all = (outcome: string) => ({ s2: outcome, s3: outcome, s4: outcome });
const rowOf = (seen: Staged, id: string) =>
  seen.runs.flatMap((run) => run.restarts).find((restart) => restart.encode_server_id === id);
const restartCallsOf = (seen: Staged) => seen.calls['RestartEncodeServer'] ?? 0;

/** Accepted once, followed, and all is well. */
const isFollowed = (seen: Staged) => {
  expect(outcomes(seen)).toEqual(all('recovered'));
  expect(restarted(seen)).toEqual(ALL);
  expect(restartCallsOf(seen)).toBe(1);
  expect(seen.reports).toHaveLength(1);
};
/** Called once, in vain, and nobody could know. */
const isUnconfirmed = (seen: Staged) => {
  expect(outcomes(seen)).toEqual(all('unconfirmed'));
  expect(restarted(seen)).toEqual([]);
  expect(restartCallsOf(seen)).toBe(1);
  expect(rowOf(seen, 's2')).toMatchObject({ attempt: 1, until: iso(T0).replace('18:30', '19:00') });
};
/** Nothing reached CPH, and the event comes again. */
const comesAgain = (code: string) => (seen: Staged) => {
  expect(restarted(seen)).toEqual([]);
  expect(seen.failed).toMatchObject([{ event: 0, error: expect.stringContaining(code) }]);
};

describe('a restart call under the fault', () => {
  under('lost-answer', 'is followed when its answer never arrives, and not repeated', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.error).toMatchObject({ code: 'deadline' });
  });
  under(
    'silent-call',
    'that never arrives and is never answered is unconfirmed, not repeated',
    isUnconfirmed,
  );
  under('refused-answer', 'that is reset is unconfirmed, not repeated', isUnconfirmed);
  under('reset-after', 'that is accepted and then reset is followed', isFollowed);
  under('unavailable', 'that a 503 answers is unconfirmed, not repeated', isUnconfirmed);
  under('gateway-timeout', 'that is accepted and answered with 504 is followed', isFollowed);
  under('throttled', 'is made again after 5 and 10 seconds when it is turned away', (seen) => {
    expect(seen.model.restarts.map(({ at }) => at - T0)).toEqual([15_000, 15_000, 15_000]);
    expect(outcomes(seen)).toEqual(all('recovered'));
  });
  under('throttled-retry-after', 'waits as long as Retry-After asks', (seen) => {
    expect(seen.model.restarts.map(({ at }) => at - T0)).toEqual([45_000, 45_000, 45_000]);
  });
  under('throttled-until', 'waits until the date that Retry-After names', (seen) => {
    expect(seen.model.restarts.map(({ at }) => at - T0)).toEqual([45_000, 45_000, 45_000]);
  });
  under('server-busy', 'is made again after 30 seconds when CPH is busy', (seen) => {
    expect(seen.model.restarts.map(({ at }) => at - T0)).toEqual([30_000, 30_000, 30_000]);
  });
  under('unknown-code', 'that is answered with a code nobody knows is unconfirmed', isUnconfirmed);
  under(
    'not-authorised',
    'that may not be made ends the run, costs no attempt and calls a person',
    (seen) => {
      expect(seen.runs).toMatchObject([{ state: 'cancelled', stopped: expect.stringContaining('CPS.0001') }]);
      expect(rowOf(seen, 's2')).toMatchObject({ outcome: 'held', attempt: null });
      expect(seen.reports[0]?.subject).toContain('Person needed');
    },
  );
  under('list-invalid', 'with one bad id is split until that id is alone', (seen) => {
    expect(outcomes(seen)).toEqual(all('recovered'));
    expect(restartCallsOf(seen)).toBe(5);
  });
  under('replayed-call', 'that something on the way repeats restarts every server once', (seen) => {
    expect(restarted(seen)).toEqual(ALL);
    expect(rowOf(seen, 's2')).toMatchObject({ outcome: 'recovered', attempt: 1 });
  });
  under(
    'cph-away',
    'is not made when CPH cannot be asked: the function fails, to be called again',
    (seen) => {
      comesAgain('ECONNRESET')(seen);
      expect(seen.runs).toEqual([]);
    },
  );
});

describe('an answer under the fault', () => {
  const isLost = (code: string) => (seen: Staged) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.error).toMatchObject({ code });
  };
  under('cut-answer', 'that breaks off is a lost one', isLost('UND_ERR_SOCKET'));
  under('html-answer', 'that is a page of HTML is a lost one', isLost('unreadable_answer'));
  under('half-json', 'that is half of a JSON text is a lost one', isLost('unreadable_answer'));
  under(
    'duplicate-keys',
    'with a key twice leaves the servers without a job, and they are looked at',
    (seen) => {
      isFollowed(seen);
      expect(rowOf(seen, 's2')?.job_id).toBeUndefined();
    },
  );
  under('duplicate-ids', 'that refuses and accepts a server is taken for accepting it', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.job_id).toMatch(/^[0-9a-f]{32}$/);
  });
  under('missing-id', 'without one of the ids has that server looked at', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.job_id).toBeUndefined();
    expect(rowOf(seen, 's3')?.job_id).toBeDefined();
  });
});

describe('one server of a restart call under the fault', () => {
  const others = { s3: 'recovered', s4: 'recovered' };
  under('item-error', 'that is refused is reported as rejected, with the code', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'rejected', ...others });
    expect(rowOf(seen, 's2')).toMatchObject({ error: { code: 'CPS.0123' }, attempt: 1 });
  });
  under('item-busy', 'that cannot be restarted just now is restarted 30 seconds later', (seen) => {
    expect(outcomes(seen)).toEqual(all('recovered'));
    expect(seen.model.restarts.map(({ at }) => at - T0)).toEqual([0, 0, 30_000]);
  });
  under('item-denied', 'that we may not restart is held, and a person is called', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'held', ...others });
    expect(seen.reports[0]?.subject).toContain('Person needed');
  });
  under('item-lost', 'with an internal error is unconfirmed', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'unconfirmed', ...others });
    expect(rowOf(seen, 's2')?.error).toMatchObject({ code: 'CPS.0003' });
  });
  under('item-unknown-code', 'with a code that nobody knows is unconfirmed', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'unconfirmed', ...others });
    expect(rowOf(seen, 's2')?.error).toMatchObject({ code: 'CPS.9999' });
  });
});

describe('a job under the fault', () => {
  under('job-failed', 'that fails leaves its server not recovered, with the error', (seen) => {
    expect(outcomes(seen)).toEqual(all('not_recovered'));
    expect(rowOf(seen, 's2')?.error).toMatchObject({ code: 'CPS.0054' });
  });
  under(
    'job-failed-running',
    'that fails while its server runs is noted, and the server recovered',
    (seen) => {
      isFollowed(seen);
      expect(rowOf(seen, 's2')?.error).toMatchObject({ code: 'CPS.0054' });
    },
  );
  under('job-lies', 'that succeeds while its server is abnormal proves nothing', (seen) => {
    expect(outcomes(seen)).toEqual(all('not_recovered'));
    expect(rowOf(seen, 's2')?.job_end_time).toBeDefined();
  });
  under('job-stuck', 'that never ends does not keep its server from being recovered', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.job_end_time).toBeUndefined();
  });
  under('job-vanished', 'that CPH forgets does not keep its server from being recovered', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.job_end_time).toBeUndefined();
  });
  under('jobs-away', 'that cannot be asked for does not keep its server from being recovered', (seen) => {
    isFollowed(seen);
    expect(rowOf(seen, 's2')?.job_begin_time).toBeUndefined();
  });
});

describe('a look under the fault', () => {
  under('pages-shift', 'finds a server between pages that move', (seen) => {
    expect(outcomes(seen)).toEqual({ s135: 'recovered' });
  });
  under('list-shrunk', 'takes a server that is not shown for nothing', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'recovered', s3: 'unconfirmed', s4: 'unconfirmed' });
  });
  under('list-blind', 'that fails is made again, and only later', isFollowed);
  under('status-unknown', 'does not guess what a new status means', (seen) => {
    expect(outcomes(seen)).toEqual(all('unconfirmed'));
    expect(restarted(seen)).toEqual(ALL);
  });
  under('statuses-moved', 'goes by the code, whatever the HTTP status', isFollowed);
  under('id-not-found', 'for an id that nobody knows ends there', (seen) => {
    expect(seen.ignored).toMatchObject([{ reason: 'no host, phone or encode server has the id nobody' }]);
    expect(seen.runs).toEqual([]);
  });
  under('host-down', 'at a host that is shut down restarts nothing', (seen) => {
    expect(rowOf(seen, 's2')?.holds).toMatchObject([{ guard: 'state' }]);
    expect(seen.calls['RestartEncodeServer']).toBeUndefined();
  });
});

describe('the network under the fault', () => {
  under('dns', 'without a name for CPH sends nothing', comesAgain('ENOTFOUND'));
  under('tls', 'without TLS sends nothing', comesAgain('ERR_SSL_WRONG_VERSION_NUMBER'));
  under(
    'dead-socket',
    'with a dead connection costs one server its confirmation, and no second call',
    (seen) => {
      expect(outcomes(seen)).toEqual({ s2: 'recovered', s3: 'unconfirmed', s4: 'recovered' });
      expect(restarted(seen)).toEqual(['s2', 's4']);
      expect(seen.reports).toHaveLength(1);
    },
  );
  under('credentials-expired', 'with expired credentials gives the claims back and tells the log', (seen) => {
    expect(seen.runs).toMatchObject([{ state: 'cancelled', stopped: expect.stringContaining('APIGW.0301') }]);
    expect(rowOf(seen, 's2')).toMatchObject({ outcome: 'held', attempt: null });
  });
  under('credentials-expire-after', 'with credentials that expire leaves what it cannot see', (seen) => {
    expect(outcomes(seen)).toEqual(all('unconfirmed'));
    expect(restarted(seen)).toEqual(ALL);
  });
  const isDisbelieved = (seen: Staged) => {
    expect(seen.runs).toMatchObject([{ state: 'cancelled', stopped: expect.stringContaining('APIGW.0303') }]);
    expect(restarted(seen)).toEqual([]);
  };
  under('clock-ahead', 'with a gateway ahead of us is told in the log', isDisbelieved);
  under('clock-behind', 'with a gateway behind us is told in the log', isDisbelieved);
});

describe('a report under the fault', () => {
  const inLog = (seen: Staged) =>
    seen.log.filter(({ message }) => message === 'report, in full: it could not be published');
  under('smn-down', 'that SMN does not take is in the log in full', (seen) => {
    expect(inLog(seen)).toMatchObject([{ level: 'error', report: { counts: { recovered: 3 } } }]);
    expect(seen.calls['PublishMessage']).toBeGreaterThan(9);
  });
  under('smn-silent', 'that SMN never answers leaves the restarts as they are', (seen) => {
    expect(outcomes(seen)).toEqual(all('recovered'));
    expect(seen.ignored).toMatchObject([{ event: 1 }]);
    expect(restartCallsOf(seen)).toBe(1);
  });
  under('smn-throttled', 'that is turned away is sent until it is taken', (seen) => {
    expect(seen.reports).toHaveLength(1);
    expect(seen.calls['PublishMessage']).toBe(5);
  });
  under('smn-refuses', 'that is refused for good is tried once and is in the log', (seen) => {
    expect(inLog(seen)).toHaveLength(1);
    expect(seen.calls['PublishMessage']).toBe(1);
  });
  under('smn-lost-answer', 'whose answer is lost is sent twice, about one run', (seen) => {
    expect(seen.reports).toHaveLength(2);
    expect(seen.runs).toHaveLength(1);
  });
});

describe('an event under the fault', () => {
  under('event-too-big', 'over 256 KB never reaches the function', comesAgain('request body too big'));
  under('replayed-event', 'that comes three times is carried out once', (seen) => {
    isFollowed(seen);
    expect(seen.ignored).toHaveLength(2);
  });
  under('recovery-first', 'that is older than its own end restarts nothing', (seen) => {
    expect(seen.runs).toMatchObject([{ state: 'done', restarts: [] }]);
    expect(seen.reports).toEqual([]);
  });
  under('flapping-alarm', 'that comes and goes restarts its server once', (seen) => {
    expect(restarted(seen)).toEqual(['s2']);
    const ends = seen.runs.map(({ restarts }) => restarts[0]?.outcome);
    expect(ends).toEqual(['recovered', 'held', 'held', 'held']);
  });
  under('settings-changed', 'is answered by the settings as they are when it comes', (seen) => {
    const untils = seen.runs.map(({ restarts }) => restarts[0]?.until);
    expect(untils).toEqual(['2026-03-01T19:00:00Z', '2026-03-01T20:30:00Z']);
  });
  under('pause-mid-run', 'overtaken by a pause is carried no further', (seen) => {
    expect(outcomes(seen)).toEqual({ s2: 'recovered', s3: 'held', s4: 'held' });
    expect(seen.reports[0]?.messages['email']).toContain('ops');
  });
  under('time-limit', 'that takes longer than the function may is carried on by patrol', (seen) => {
    expect(outcomes(seen)).toEqual(all('recovered'));
    expect(seen.reports).toHaveLength(1);
  });
  under('killed', 'whose function is killed is in the ledger, and restarts nothing again', (seen) => {
    expect(seen.failed).toMatchObject([{ event: 0, error: 'invoke timeout' }]);
    expect(seen.ignored).toMatchObject([{ event: 1, reason: expect.stringContaining('delivered before') }]);
    expect(restarted(seen)).toEqual(ALL);
    expect(seen.runs).toMatchObject([{ finished: true }]);
  });
});

describe('the faults', () => {
  it('of every name have a test here', () => {
    expect(tried).toEqual(new Set(FAULTS.keys()));
    expect(tried.size).toBeGreaterThanOrEqual(30);
  });
});

describe('a restart call', () => {
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
    const seen = await stage({
      fleet: [row('h1', 's1', 1)],
      events: [alarmEvent('encode_server_id:s1')],
      faults: ['lost-answer'],
    });
    expect(outcomes(seen)).toEqual({ s1: 'recovered' });
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
});

describe('a look', () => {
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
