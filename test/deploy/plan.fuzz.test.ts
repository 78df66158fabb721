import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Wanted, WantedTrigger } from '../../deploy/compose.ts';
import { planDeployment } from '../../deploy/plan/plan.ts';
import { tries } from '../support/fuzz.ts';
import { carriedOut, OF, type Platform, targetsOf, trigger } from './support/platform.ts';

const timer = (name: string, schedule: string): WantedTrigger => ({
  type: 'TIMER',
  identity: name,
  status: 'ACTIVE',
  event_data: { name, schedule_type: 'Rate', schedule },
});
const schedule = fc.constantFrom('1m', '2m', '3m');
const timers = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), schedule), {
    selector: ([name]) => name,
    maxLength: 3,
  })
  .map((all) => all.map(([name, often]) => timer(name, often)));

const retries = fc.record({
  max_async_retry_attempts: fc.integer({ min: 0, max: 3 }),
  max_async_event_age_in_seconds: fc.constantFrom(60, 900),
  on_failure: fc.constantFrom('', 'urn:smn:cn-north-4:0a:pages'),
});

const wantedOne = (name: string): fc.Arbitrary<Wanted> =>
  fc
    .record({
      timeout: fc.constantFrom(60, 120),
      secret: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
      asyncInvoke: fc.option(retries, { nil: undefined }),
      triggers: timers,
    })
    .map(({ timeout, secret, asyncInvoke, triggers }) => ({
      key: 'patrol',
      name,
      urn: `urn:fss:cn-north-4:0a:function:default:${name}:latest`,
      config: {
        runtime: 'Node.js20.15',
        handler: 'index.handler',
        memory_size: 256,
        timeout,
        description: '',
        app_xrole: 'agency',
        xrole: '',
        vpc_id: '',
        subnet_id: '',
        variables: { SETTINGS: '{}' },
        encrypted: secret === undefined ? {} : { LEDGER_URL: secret },
      },
      ...(asyncInvoke === undefined ? {} : { asyncInvoke }),
      triggers,
    }));

/** One deployment: what is wanted, with which code, and after how many of its steps it is cut off. */
const deployment = fc.record({
  wanted: fc.tuple(wantedOne('one'), wantedOne('other')),
  code: fc.constantFrom('c0de', 'feed'),
  cutAfter: fc.nat({ max: 14 }),
});

const plan = (wanted: readonly Wanted[], platform: Platform, code: string) =>
  planDeployment(targetsOf(wanted, platform, code), OF);
const said = (platform: Platform, urn: string): readonly unknown[] =>
  (platform.get(urn)?.triggers ?? []).map(({ event_data }) => event_data);

/** A timer of somebody else, whose name none of ours ever has. */
function withForeign(platform: Platform): Platform {
  const [first] = platform;
  if (first === undefined) return platform;
  const [urn, is] = first;
  return new Map([
    ...platform,
    [urn, { ...is, triggers: [...is.triggers, trigger(timer('foreign', '1m'))] }],
  ]);
}

describe('deployments that are cut off anywhere', () => {
  it('are finished by the last one: all is as wanted, nothing more of ours is there, and nothing else is touched', () => {
    fc.assert(
      fc.property(fc.array(deployment, { minLength: 1, maxLength: 4 }), deployment, (cutOff, last) => {
        let platform: Platform = new Map();
        let foreign = 0;
        for (const { wanted, code, cutAfter } of cutOff) {
          const { steps } = plan(wanted, platform, code);
          platform = carriedOut(platform, steps.slice(0, cutAfter));
          if (foreign === 0 && platform.size > 0) {
            platform = withForeign(platform);
            foreign = 1;
          }
        }
        const { steps, refusals } = plan(last.wanted, platform, last.code);
        expect(refusals).toEqual([]);
        platform = carriedOut(platform, steps);
        const again = plan(last.wanted, platform, last.code);
        expect(again.steps).toEqual([]);
        expect(again.left).toHaveLength(foreign);
        for (const { urn, triggers, asyncInvoke } of last.wanted) {
          const ours = said(platform, urn).filter((data) => (data as { name: string }).name !== 'foreign');
          expect(new Set(ours)).toEqual(new Set(triggers.map(({ event_data }) => event_data)));
          expect(ours).toHaveLength(triggers.length);
          expect(platform.get(urn)?.asyncInvoke?.on_failure).toBe(asyncInvoke?.on_failure);
        }
      }),
      { numRuns: tries(50) },
    );
  });

  it('touch nothing that fires before new functions are there, and let no old trigger fire with new settings', () => {
    fc.assert(
      fc.property(deployment, deployment, (first, { wanted, code }) => {
        const platform = carriedOut(new Map(), plan(first.wanted, new Map(), first.code).steps);
        const { steps, creations } = plan(wanted, platform, code);
        const isNew = ({ target }: (typeof steps)[number]) => target.deployed === undefined;
        expect(steps.slice(0, creations).every(isNew)).toBe(true);
        for (const [at, step] of steps.entries()) {
          if (step.do === 'create') expect(at).toBeLessThan(creations);
          if (step.do !== 'delete-trigger') continue;
          const before = steps.slice(0, at).filter(({ target }) => target === step.target);
          expect(before.filter((one) => one.do === 'config' || one.do === 'code')).toEqual([]);
        }
      }),
      { numRuns: tries(50) },
    );
  });

  it('never have two timers of one name, at any step', () => {
    fc.assert(
      fc.property(fc.array(deployment, { minLength: 2, maxLength: 4 }), (all) => {
        let platform: Platform = new Map();
        for (const { wanted, code, cutAfter } of all) {
          for (const step of plan(wanted, platform, code).steps.slice(0, cutAfter)) {
            platform = carriedOut(platform, [step]);
            for (const { triggers } of platform.values()) {
              const names = triggers.map(({ identity }) => identity);
              expect(new Set(names).size).toBe(names.length);
            }
          }
        }
      }),
      { numRuns: tries(50) },
    );
  });
});
