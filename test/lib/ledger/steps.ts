/** What can happen to a ledger in a random history. */
import fc from 'fast-check';
import { milliseconds, minutes } from '../../../lib/time.ts';
import { OVERRIDABLE } from '../../../lib/types.ts';
import { ENDS } from './given.ts';

export const RUNS = ['r1', 'r2'] as const;
export const SERVERS = ['s0', 's1', 's2', 's3', 's4', 's5'] as const;
export const hostOf = (encodeServerId: string) => (encodeServerId < 's3' ? 'h0' : 'h1');

const restarts = fc.oneof(
  { weight: 6, arbitrary: fc.constant('claim' as const) },
  { weight: 5, arbitrary: fc.constant('end' as const) },
  { weight: 1, arbitrary: fc.constant('give back' as const) },
);
const driving = fc.constantFrom('lease', 'renew', 'release', 'take joined');
const seeing = fc.constantFrom('see well', 'see abnormal', 'see storm', 'see fleet', 'hand over');
const saying = fc.constantFrom('pause', 'resume', 'exclude', 'include', 'take back', 'tell');
const arriving = fc.constantFrom('open', 'join', 'post', 'send');

const servers = (least: number) => fc.array(fc.constantFrom(...SERVERS), { minLength: least, maxLength: 4 });
const span = (weight: number, min: number, max: number) => ({
  weight,
  arbitrary: fc.integer({ min, max }).map(milliseconds),
});
const rarely = (weight: number) =>
  fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

export const step = fc.record({
  what: fc.oneof(
    { weight: 12, arbitrary: restarts },
    { weight: 3, arbitrary: driving },
    { weight: 2, arbitrary: seeing },
    { weight: 2, arbitrary: saying },
    { weight: 1, arbitrary: arriving },
  ),
  /** Time before it: none, of the order of a lease, of a round, of a cooldown, of a day. */
  passes: fc.oneof(
    span(8, 0, 0),
    span(6, 1, 40_000),
    span(6, 60_000, 720_000),
    span(2, 1_800_000, 3_600_000),
    span(1, 28_800_000, 90_000_000),
  ),
  runId: fc.constantFrom(...RUNS),
  /** By the first driver that the run had, who may have lost it since. */
  byFirstDriver: rarely(7),
  servers: servers(1),
  troubled: servers(0),
  planned: rarely(3),
  guards: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([...OVERRIDABLE], { minLength: 1 }) },
  ),
  isStorm: rarely(3),
  limits: fc.record({
    cooldown: fc.constantFrom(minutes(5), minutes(30), minutes(120)),
    maxAttempts: fc.constantFrom(3, 3, 2, 1, 0),
    maxPerHost: fc.constantFrom(9, 9, 2, 1, 0),
    maxConcurrency: fc.constantFrom(9, 9, 4, 2, 0),
    maxUnavailable: fc.constantFrom(9, 9, 5, 3, 0),
  }),
  /** What becomes of what the run has in flight, or, rarely, of servers whoever has them. */
  isOwn: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  end: fc.constantFrom(...ENDS, 'given up' as const, 'not yet' as const),
  /** Of a delivery, a letter, an exclusion. */
  key: fc.constantFrom('x', 'y'),
});

export type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
