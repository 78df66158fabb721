/** Random fleets, deliveries and troubles through the engine: what must hold in every one of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyState } from '../../../lib/ledger/state.ts';
import { cpsError, gatewayError, type Reply } from '../../../local/cloud/answer.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { isRestarting } from '../../../local/model/look.ts';
import { tries } from '../../support/fuzz.ts';
import { alarmEvent, row, stage, T0 } from '../../support/stage.ts';

const COOLDOWN = 30 * 60_000;

const server = fc.record({
  host: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom(1, 2, 2, 2, 3, 4, 5, 0, 1014, 77),
  recovers: fc.boolean(),
  restart_seconds: fc.integer({ min: 1, max: 400 }),
});
/** What befalls a restart call, by its place; other calls are troubled by chance of their own. */
const trouble = fc.constantFrom(
  'none',
  'none',
  'lost',
  'refused',
  'throttled',
  'busy',
  'error 500',
  'invalid',
  'items',
);
const history = fc.record({
  servers: fc.array(server, { minLength: 1, maxLength: 14 }),
  troubles: fc.array(trouble, { maxLength: 6 }),
  blindLooks: fc.array(fc.boolean(), { maxLength: 30 }),
  alarms: fc.array(
    fc.record({
      host: fc.integer({ min: 1, max: 4 }),
      minute: fc.integer({ min: 0, max: 120 }),
      twice: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  maxPerHost: fc.integer({ min: 0, max: 3 }),
  maxConcurrency: fc.constantFrom(0, 1, 3, '0%', '20%', '100%'),
  batchSize: fc.integer({ min: 1, max: 5 }),
  jobs: fc.constantFrom('succeeds', 'fails', 'sticks', undefined),
});

it('no history restarts a server within its cooldown, exceeds a limit, or leaves a run without an end and a report', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      const ledger = emptyState();
      const violations: string[] = [];
      const restarts = [...given.troubles];
      const looks = [...given.blindLooks];
      const troubled: FaultInstance = {
        ...(given.jobs === undefined
          ? {}
          : {
              ruling: ({ position }) => (position % 2 === 0 ? { job: given.jobs ?? 'succeeds' } : undefined),
            }),
        async intercept({ operation, body }, proceed) {
          if (operation === 'RestartEncodeServer') {
            const ids = (body as { encode_server_ids: string[] }).encode_server_ids;
            violations.push(
              ...ids.filter((id) => !ledger.inFlight.has(id)).map((id) => `${id} called without intent`),
            );
            if (ids.length > given.batchSize) violations.push(`a list of ${ids.length}`);
            const onHosts = sizesOfGroups([...ledger.inFlight.values()].map((intent) => intent.serverId));
            if (onHosts.some((count) => count > given.maxPerHost))
              violations.push('more than max_per_host in flight');
            return befall(restarts.shift() ?? 'none', proceed);
          }
          if (operation.startsWith('List') && looks.shift() === true) return 'reset';
          return proceed();
        },
      };
      const fleet = given.servers.map(({ host, ...rest }, index) =>
        row(`h${host}`, `s${index}`, rest.status, rest),
      );
      const events = [...given.alarms]
        .sort((a, b) => a.minute - b.minute)
        .flatMap(({ host, minute, twice }) => {
          const event = alarmEvent(`server_id:h${host}`, { at: T0 + minute * 60_000 });
          return twice ? [event, event] : [event];
        });
      const settings = {
        max_per_host: given.maxPerHost,
        max_concurrency: given.maxConcurrency,
        batch_size: given.batchSize,
      };
      const played = await stage({ fleet, events, faults: [troubled], settings, ledger });

      for (const restart of played.model.restarts) {
        const earlier = played.model.restarts.filter(
          (other) => other.encode_server_id === restart.encode_server_id && other.at < restart.at,
        );
        if (earlier.some(({ at }) => restart.at - at < COOLDOWN))
          violations.push(`${restart.encode_server_id} too soon`);
        const status = given.servers[Number(restart.encode_server_id.slice(1))]?.status;
        if (status !== 2) violations.push(`${restart.encode_server_id} restarted in status ${status}`);
      }
      if (ledger.inFlight.size > 0) violations.push('an intent without an outcome');
      for (const run of played.runs) {
        if (!run.finished) violations.push(`${run.run_id} has no end: ${run.state}`);
        for (const { encode_server_id, outcome } of run.restarts) {
          const shown = played.model.servers.get(encode_server_id);
          const isWell = shown !== undefined && !isRestarting(shown, played.endedAt);
          if (outcome === 'recovered' && isWell && shown.row.recovers === false) violations.push('a lie');
        }
      }
      const restarting = played.runs.filter((run) => run.restarts.some(({ attempt }) => attempt !== null));
      const reported = (id: string) =>
        played.reports.some(({ messages }) => messages['functionstage']?.includes(id));
      for (const { run_id } of restarting) if (!reported(run_id)) violations.push(`${run_id} not reported`);
      if (played.reports.length > played.runs.length) violations.push('more reports than runs');
      expect(violations).toEqual([]);
    }),
    { numRuns: tries(12) },
  );
});

async function befall(what: string, proceed: () => Promise<Reply>): Promise<Reply> {
  switch (what) {
    case 'lost':
      await proceed();
      return 'hang';
    case 'refused':
      return 'reset';
    case 'throttled':
      return gatewayError(429, 'APIGW.0308', 'too many', 'r');
    case 'busy':
      return cpsError('CPS.0042', 'r');
    case 'error 500':
      await proceed();
      return cpsError('CPS.0003', 'r');
    case 'invalid':
      return cpsError('CPS.0122', 'r');
    case 'items': {
      const reply = await proceed();
      if (typeof reply === 'string') return reply;
      return { ...reply, body: { ...(reply.body as object), jobs: [] } };
    }
    default:
      return proceed();
  }
}

function sizesOfGroups(keys: readonly string[]): readonly number[] {
  return [...new Set(keys)].map((key) => keys.filter((other) => other === key).length);
}
