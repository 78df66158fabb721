/** FunctionGraph as far as a plan knows it: a state, and what each step makes of it. Pure, without HTTP. */
import { createHash } from 'node:crypto';
import { createBody, updateBody } from '../../../deploy/cloud/bodies.ts';
import { asyncOf, configOf, type Deployed, type DeployedTrigger } from '../../../deploy/cloud/deployed.ts';
import type { Wanted, WantedTrigger } from '../../../deploy/compose.ts';
import type { Step, Target } from '../../../deploy/plan/plan.ts';
import { firstRecord, recordOf } from '../../../deploy/plan/record.ts';

export const OF = 'encode-restart/dev';

/** Functions by URN. */
export type Platform = ReadonlyMap<string, Deployed>;

const digestOf = (code: string): string => createHash('sha512').update(code).digest('hex');

/** The answer of ShowFunctionConfig to a function made of `body`. */
const shownAs = (
  body: Readonly<Record<string, unknown>>,
  urn: string,
  digest: string,
): Deployed['config'] => {
  const hidden = Object.keys(JSON.parse(String(body['encrypted_user_data'] ?? '{}')) as object);
  return configOf.parse({
    ...body,
    func_urn: urn,
    encrypted_user_data: JSON.stringify(Object.fromEntries(hidden.map((name) => [name, '******']))),
    digest,
    last_modified: '2026-03-01T00:00:00Z',
  });
};

let made = 0;
export const trigger = ({ type, identity, status, event_data }: WantedTrigger): DeployedTrigger => {
  made += 1;
  return { id: `t${made}`, type, identity, status, event_data };
};

/** What is there after a step. */
export function after(platform: Platform, step: Step): Platform {
  const { wanted, code } = step.target;
  const { urn } = wanted;
  const is = platform.get(urn);
  const put = (next: Deployed): Platform => new Map([...platform, [urn, next]]);
  if (step.do === 'create') {
    if (is !== undefined) throw new Error('exists already');
    const body = createBody(wanted, firstRecord(wanted, OF), Buffer.from(code));
    return put({ config: shownAs(body, urn, digestOf(code)), triggers: [] });
  }
  if (is === undefined) throw new Error(`no function to ${step.do}`);
  switch (step.do) {
    case 'code':
      return put({ ...is, config: { ...is.config, digest: digestOf(code) } });
    case 'config': {
      const { digest } = is.config;
      const body = updateBody(wanted, recordOf(wanted, OF, code, digest), step.target.deployed?.config);
      return put({ ...is, config: shownAs(body, urn, digest) });
    }
    case 'instances':
      return put({ ...is, config: { ...is.config, max_instances: step.most } });
    case 'set-async': {
      const { on_failure, ...times } = step.asyncInvoke;
      const param = JSON.stringify({ topic_urn: on_failure });
      const told = on_failure === '' ? {} : { on_failure: { destination: 'SMN', param } };
      return put({ ...is, asyncInvoke: asyncOf.parse({ ...times, destination_config: told }) });
    }
    case 'delete-async':
      return put({ config: is.config, triggers: is.triggers });
    case 'delete-trigger':
      return put({ ...is, triggers: is.triggers.filter(({ id }) => id !== step.trigger.id) });
    case 'create-trigger':
      return put({ ...is, triggers: [...is.triggers, trigger(step.trigger)] });
    case 'trigger-status':
      return put({
        ...is,
        triggers: is.triggers.map((one) =>
          one.id === step.trigger.id ? { ...one, status: step.status } : one,
        ),
      });
  }
}

export const carriedOut = (platform: Platform, steps: readonly Step[]): Platform =>
  steps.reduce(after, platform);

/** What a plan begins from. */
export const targetsOf = (wanted: readonly Wanted[], platform: Platform, code = 'c0de'): readonly Target[] =>
  wanted.map((one) => {
    const deployed = platform.get(one.urn);
    return { wanted: one, code, ...(deployed === undefined ? {} : { deployed }) };
  });
