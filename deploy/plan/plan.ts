/**
 * From what is wanted and what is there to the steps that make it so. Pure, and safe to stop after any step: the
 * next plan begins from what is there then.
 */
import type { Deployed, DeployedTrigger } from '../cloud/deployed.ts';
import type { Wanted, WantedAsync, WantedTrigger } from '../compose.ts';
import { type Change, changesOf } from './changes.ts';
import { type DeploymentRecord, isRecordedDigest, readRecord } from './record.ts';
import { planTriggers } from './triggers.ts';

/** A function that is wanted, with the fingerprint of its zip. */
export interface Target {
  readonly wanted: Wanted;
  readonly code: string;
  readonly deployed?: Deployed;
}

export type Step = { readonly target: Target } & (
  | { readonly do: 'create' | 'code' }
  | { readonly do: 'config'; readonly changes: readonly Change[] }
  | { readonly do: 'instances'; readonly most: number }
  | { readonly do: 'set-async'; readonly asyncInvoke: WantedAsync }
  | { readonly do: 'delete-async' }
  | { readonly do: 'delete-trigger'; readonly trigger: DeployedTrigger }
  | { readonly do: 'create-trigger'; readonly trigger: WantedTrigger }
  | {
      readonly do: 'trigger-status';
      readonly trigger: DeployedTrigger;
      readonly status: WantedTrigger['status'];
    }
);

export interface Plan {
  readonly steps: readonly Step[];
  /** So many of them make new functions, which may be refused; only then anything that fires is touched. */
  readonly creations: number;
  /** Triggers on our functions that are not ours. */
  readonly left: readonly { readonly target: Target; readonly trigger: DeployedTrigger }[];
  /** Why nothing may be done, one line each. */
  readonly refusals: readonly string[];
}

/** @param of `<service>/<stage>`, as in the record */
export function planDeployment(targets: readonly Target[], of: string): Plan {
  const parts = targets.map((target) => planFunction(target, of));
  const all = (phase: keyof Omit<FunctionPlan, 'left' | 'refusals'>) => parts.flatMap((part) => part[phase]);
  const creations = [...all('created'), ...all('createdAsync')];
  return {
    // Triggers go before what they fire is changed, and come last: no old one ever fires with new settings, and what
    // fires afterwards finds all in place.
    steps: [...creations, ...all('before'), ...all('functions'), ...all('after'), ...all('triggers')],
    creations: creations.length,
    left: parts.flatMap(({ left }) => left),
    refusals: parts.flatMap(({ refusals }) => refusals),
  };
}

interface FunctionPlan {
  readonly created: readonly Step[];
  readonly createdAsync: readonly Step[];
  readonly before: readonly Step[];
  readonly functions: readonly Step[];
  readonly after: readonly Step[];
  readonly triggers: readonly Step[];
  readonly left: Plan['left'];
  readonly refusals: readonly string[];
}

function planFunction(target: Target, of: string): FunctionPlan {
  const { wanted, deployed } = target;
  const record = deployed && readRecord(deployed.config.variables);
  const triggers = planTriggers(wanted.triggers, deployed?.triggers ?? [], record);
  return {
    created: deployed === undefined ? createFunction(target) : [],
    createdAsync: deployed === undefined ? planAsync(target) : [],
    before: triggers.remove.map((trigger) => ({ target, do: 'delete-trigger', trigger })),
    functions: deployed === undefined ? [] : updateFunction(target, deployed, record, of),
    after: deployed === undefined ? [] : planAsync(target),
    triggers: [
      ...triggers.status.map(
        ({ is, wanted: status }): Step => ({ target, do: 'trigger-status', trigger: is, status }),
      ),
      ...triggers.create.map((trigger): Step => ({ target, do: 'create-trigger', trigger })),
    ],
    left: triggers.left.map((trigger) => ({ target, trigger })),
    refusals: deployed === undefined ? [] : refusalsOf(wanted, deployed, record, of),
  };
}

/** The second step is needed: not everything can be said when creating, and the code's digest is known only then. */
const createFunction = (target: Target): readonly Step[] => [
  { target, do: 'create' },
  { target, do: 'config', changes: [] },
  ...limitInstances(target),
];

/** An API of its own. Where FunctionGraph does not say how many there may be, it is told. */
function limitInstances(target: Target): readonly Step[] {
  const { max_instances: most } = target.wanted.config;
  if (most === undefined || target.deployed?.config.max_instances === most) return [];
  return [{ target, do: 'instances', most }];
}

function updateFunction(
  target: Target,
  deployed: Deployed,
  record: DeploymentRecord | undefined,
  of: string,
): readonly Step[] {
  const { wanted, code } = target;
  const isSameCode = record?.code === code && isRecordedDigest(record, deployed.config.digest);
  const changes = changesOf(wanted, deployed.config, record, of);
  return [
    ...(isSameCode ? [] : [{ target, do: 'code' } as const]),
    ...(isSameCode && changes.length === 0 ? [] : [{ target, do: 'config', changes } as const]),
    ...limitInstances(target),
  ];
}

function planAsync(target: Target): readonly Step[] {
  const { asyncInvoke: wanted } = target.wanted;
  const is = target.deployed?.asyncInvoke;
  if (wanted === undefined) return is === undefined ? [] : [{ target, do: 'delete-async' }];
  const same =
    is !== undefined &&
    !is.isOther &&
    is.max_async_retry_attempts === wanted.max_async_retry_attempts &&
    is.max_async_event_age_in_seconds === wanted.max_async_event_age_in_seconds &&
    is.on_failure === wanted.on_failure;
  return same ? [] : [{ target, do: 'set-async', asyncInvoke: wanted }];
}

function refusalsOf(
  { name, config }: Wanted,
  { config: is }: Deployed,
  record: DeploymentRecord | undefined,
  of: string,
): readonly string[] {
  if (record?.of !== of) {
    const whose = record === undefined ? 'was not made by this deployment' : `belongs to ${record.of}`;
    return [
      `function ${name}: expected none, or ours (${of}), got one that ${whose}. Remove it, or change service or stage.`,
    ];
  }
  if (is.runtime === config.runtime) return [];
  return [
    `function ${name}: its runtime is ${is.runtime} and cannot be changed to ${config.runtime}. Run "serverless remove", then deploy again.`,
  ];
}
