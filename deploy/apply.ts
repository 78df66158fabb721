/** Carries a plan out, step by step, telling of each. What fails stops it; the next deployment goes on from there. */
import { createBody, updateBody } from './cloud/bodies.ts';
import type { Management } from './cloud/management.ts';
import { Failure } from './failure.ts';
import { nameOf } from './plan/describe.ts';
import type { Plan, Step, Target } from './plan/plan.ts';
import { firstRecord, recordOf } from './plan/record.ts';

export interface Applying {
  readonly management: Management;
  /** `<service>/<stage>`. */
  readonly of: string;
  /** The zip of a function, by its key. */
  readonly zip: (key: string) => Promise<Uint8Array>;
  readonly say: (line: string) => void;
  /** What is to be done once all new functions are there, and before anything that fires is touched. */
  readonly onceCreated: () => Promise<void>;
}

/** @throws Failure that says which step failed, why, and what to do */
export async function apply({ steps, creations }: Plan, applying: Applying): Promise<void> {
  /** FunctionGraph's digest of what we have sent in this run. */
  const digests = new Map<Target, string>();
  for (const [at, step] of steps.entries()) {
    if (at === creations) await applying.onceCreated();
    const what = titleOf(step);
    applying.say(`[${at + 1}/${steps.length}] ${what}`);
    try {
      await carryOut(step, applying, digests);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Failure(
        'DEPLOYMENT_STOPPED',
        `${what} failed: ${why}\nDone: ${at} of ${steps.length} steps. Nothing is undone; mend the cause and run the same command again, it goes on from here.`,
        { cause: error },
      );
    }
  }
  if (creations === steps.length) await applying.onceCreated();
}

async function carryOut(step: Step, applying: Applying, digests: Map<Target, string>): Promise<void> {
  const { target } = step;
  const { management, of, zip } = applying;
  const { wanted, code, deployed } = target;
  const { key, urn } = wanted;
  switch (step.do) {
    case 'create': {
      const { digest } = await management.create(createBody(wanted, firstRecord(wanted, of), await zip(key)));
      digests.set(target, digest);
      return;
    }
    case 'code':
      digests.set(target, await management.updateCode(urn, await zip(key)));
      return;
    case 'config': {
      const record = recordOf(wanted, of, code, digests.get(target) ?? deployed?.config.digest ?? '');
      await management.updateConfig(urn, updateBody(wanted, record, deployed?.config));
      return;
    }
    case 'instances':
      return management.setInstances(urn, step.most);
    case 'set-async':
      return management.setAsync(urn, step.asyncInvoke);
    case 'delete-async':
      return management.deleteAsync(urn);
    case 'delete-trigger':
      return management.deleteTrigger(urn, step.trigger);
    case 'create-trigger':
      return management.createTrigger(urn, step.trigger);
    case 'trigger-status':
      return management.setTriggerStatus(urn, step.trigger, step.status);
  }
}

/** What a step does, as it is told. */
export function titleOf(step: Step): string {
  const { name } = step.target.wanted;
  switch (step.do) {
    case 'create':
      return `${name}: creating`;
    case 'code':
      return `${name}: sending code`;
    case 'config':
      return `${name}: setting configuration`;
    case 'instances':
      return `${name}: setting how many instances there may be`;
    case 'set-async':
      return `${name}: setting how asynchronous calls are tried again`;
    case 'delete-async':
      return `${name}: deleting settings of asynchronous calls`;
    case 'delete-trigger':
      return `${name}: deleting ${nameOf(step.trigger)}`;
    case 'create-trigger':
      return `${name}: creating ${nameOf(step.trigger)}`;
    case 'trigger-status':
      return `${name}: turning ${nameOf(step.trigger)} ${step.status === 'ACTIVE' ? 'on' : 'off'}`;
  }
}
