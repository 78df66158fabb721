/** HTTP calls from the gateway's event to the run's end, over real HTTP against the local cloud. */
import { describe, expect, it } from 'vitest';
import { emptyState, seededState } from '../../../lib/ledger/state.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { fleetOf, outcomes, restarted, row, stage, T0 } from '../../support/stage.ts';

let calls = 0;

const call = (
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
) => {
  calls += 1;
  return {
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)).toString('base64'),
    isBase64Encoded: true,
    httpMethod: method,
    path: `/encode-restart${path}`,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    queryStringParameters: {},
    pathParameters: {},
    requestContext: { apiId: 'api', requestId: `call-${calls}`, stage: 'RELEASE' },
  };
};
const post = (body: object, headers?: Readonly<Record<string, string>>) =>
  call('POST', '/restarts', { who: 'ops', reason: 'black screens', ...body }, headers);

interface Said {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function webhook(events: readonly object[], act: Partial<Parameters<typeof stage>[0]> = {}) {
  const played = await stage({
    functionName: 'webhook',
    fleet: [row('h1', 's1', 2), row('h1', 's2'), row('h2', 's3', 2), row('h2', 's4')],
    events,
    settings: { webhook_auth: 'IAM', ...act.settings },
    ...(act.settings === undefined ? act : { ...act, settings: { webhook_auth: 'IAM', ...act.settings } }),
  });
  const answers = (played.answers ?? []) as readonly Said[];
  return { ...played, said: answers.map(({ statusCode, body }) => [statusCode, body && JSON.parse(body)]) };
}

describe('a call for restarts', () => {
  it('is answered with its run before anything is asked of CPH, and carried out by patrol', async () => {
    const { said, ...played } = await webhook([post({ encode_server_ids: ['s2'] })]);
    expect(said).toMatchObject([[202, { state: 'resolving', restarts: [] }]]);
    expect(played.calls).toMatchObject({ InvokeFunctionAsync: 1, RestartEncodeServer: 1 });
    expect(restarted(played)).toEqual(['s2']);
    expect(outcomes(played)).toEqual({ s2: 'recovered' });
    expect(played.reports).toHaveLength(1);
  });

  it('by host, phone, or for all that is abnormal means the abnormal servers', async () => {
    const asked = async (body: object) => restarted(await webhook([post(body)]));
    expect(await asked({ server_ids: ['h1'] })).toEqual(['s1']);
    expect(await asked({ abnormal: true })).toEqual(['s1', 's3']);
    const fleet = [row('h1', 's1', 2, { phones: ['p1'] }), row('h2', 's3', 2)];
    expect(restarted(await webhook([post({ phone_ids: ['p1'] })], { fleet }))).toEqual(['s1']);
  });

  it('for all is a rolling restart', async () => {
    const played = await webhook([post({ all: true })], { fleet: fleetOf(4, 1) });
    expect(restarted(played)).toHaveLength(4);
    expect(played.model.restarts.map(({ at }) => at)).toEqual([
      ...new Set(played.model.restarts.map(({ at }) => at)),
    ]);
  });

  it('of ids that are nowhere restarts nothing and says which', async () => {
    const { said: _, ...played } = await webhook([post({ encode_server_ids: ['nobody', 's2'] })]);
    expect(restarted(played)).toEqual(['s2']);
    expect(outcomes(played)).toEqual({ nobody: 'held', s2: 'recovered' });
    const none = await webhook([post({ server_ids: ['nobody'] })]);
    expect(none.runs).toMatchObject([{ state: 'cancelled', restarts: [] }]);
    expect(none.reports).toHaveLength(1);
  });

  it('with the same Idempotency-Key is one run; another request under it is refused', async () => {
    const key = { 'Idempotency-Key': 'ticket-1' };
    const { said, ...played } = await webhook([
      post({ encode_server_ids: ['s2'] }, key),
      post({ encode_server_ids: ['s2'] }, key),
      post({ encode_server_ids: ['s4'] }, key),
    ]);
    expect(said.map(([status]) => status)).toEqual([202, expect.any(Number), 422]);
    expect(said[0]?.[1].run_id).toBe(said[1]?.[1].run_id);
    expect(restarted(played)).toEqual(['s2']);
  });

  it('whose hand-over to patrol fails is still accepted, and the next minute finds the run', async () => {
    const refusing: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'InvokeFunctionAsync' ? 'reset' : proceed(),
    };
    const { said, ...played } = await webhook([post({ encode_server_ids: ['s2'] })], { faults: [refusing] });
    expect(said).toMatchObject([[202, {}]]);
    expect(restarted(played)).toEqual(['s2']);
    expect(played.model.restarts[0]?.at).toBeGreaterThan(T0);
  });

  it('that CPH cannot be asked about ends when it is stale, and whoever asked is told', async () => {
    const away: FaultInstance = {
      intercept: async ({ operation }, proceed) => (operation.startsWith('List') ? 'reset' : proceed()),
    };
    const { said: _, ...played } = await webhook([post({ encode_server_ids: ['s2'] })], { faults: [away] });
    expect(restarted(played)).toEqual([]);
    expect(played.runs).toMatchObject([{ state: 'cancelled', finished: true }]);
    expect(played.reports).toHaveLength(1);
    expect(played.endedAt - T0).toBeLessThan(20 * 60_000);
  });

  it('handed over twice finds the lease taken', async () => {
    let doubled = 0;
    const twice: FaultInstance = {
      async intercept({ operation }, proceed) {
        if (operation === 'InvokeFunctionAsync' && ++doubled === 1) await proceed();
        return proceed();
      },
    };
    const played = await webhook([post({ encode_server_ids: ['s2'] })], { faults: [twice] });
    expect(restarted(played)).toEqual(['s2']);
    expect(played.reports).toHaveLength(1);
  });

  it('with a named override restarts a server within its cooldown; without one it is held', async () => {
    const ledger = () =>
      seededState({ servers: { s1: { server_id: 'h1', attempts: ['2026-03-01T18:20:00Z'] } } });
    const held = await webhook([post({ encode_server_ids: ['s1'] })], { ledger: ledger() });
    expect(held.runs[0]?.restarts).toMatchObject([{ outcome: 'held', until: '2026-03-01T18:50:00Z' }]);
    const override = { guards: ['cooldown', 'settling'], why: 'the customer waits' };
    const played = await webhook([post({ encode_server_ids: ['s1'], override })], { ledger: ledger() });
    expect(restarted(played)).toEqual(['s1']);
  });

  it('dry run says what would be restarted', async () => {
    const played = await webhook([post({ abnormal: true, dry_run: true })]);
    expect(restarted(played)).toEqual([]);
    expect(played.runs[0]?.counts).toMatchObject({ held: 2 });
  });

  it('without a shared ledger does its whole work in the one invocation', async () => {
    const played = await webhook([post({ encode_server_ids: ['s2'] })], {
      sharedLedger: false,
      settings: { ledger: 'memory' },
    });
    expect(played.said).toMatchObject([[202, { state: 'done', counts: { recovered: 1 } }]]);
    expect(played.reports).toHaveLength(1);
    const pause = await webhook([call('GET', '/pause')], {
      sharedLedger: false,
      settings: { ledger: 'memory' },
    });
    expect(pause.said).toMatchObject([[503, { detail: expect.stringContaining('no shared ledger') }]]);
  });
});

describe('a pause', () => {
  it('put by a person holds what comes after it, until somebody takes it back', async () => {
    const { said, ...played } = await webhook(
      [
        call('PUT', '/pause', { who: 'li.wei', why: 'release', for: '2h' }),
        post({ encode_server_ids: ['s2'] }),
        call('DELETE', '/pause'),
        post({ encode_server_ids: ['s2'] }),
      ],
      { ledger: emptyState() },
    );
    expect(said.map(([status]) => status)).toEqual([200, 202, 200, 202]);
    expect(played.runs.length).toBe(2);
    expect(restarted(played).length).toBeLessThanOrEqual(1);
  });
});

describe('whoever calls', () => {
  it('shows the secret, or is turned away without a word on what there is', async () => {
    const settings = { webhook_auth: undefined };
    const secrets = { API_SECRET: 'a-secret-of-enough-length' };
    const given = { Authorization: `Bearer ${secrets.API_SECRET}` };
    const played = await webhook(
      [post({ encode_server_ids: ['s2'] }), post({ encode_server_ids: ['s2'] }, given)],
      { settings, secrets },
    );
    expect(played.said.map(([status]) => status)).toEqual([401, 202]);
    expect(restarted(played)).toEqual(['s2']);
    const nothing = await webhook([post({ encode_server_ids: ['s2'] })], { settings });
    expect(nothing.said).toMatchObject([[503, {}]]);
  });
});
