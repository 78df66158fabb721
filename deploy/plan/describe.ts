/** A plan in words: what is new, what changes, what goes, function by function. */
import type { DeployedTrigger } from '../cloud/deployed.ts';
import type { WantedTrigger } from '../compose.ts';
import type { Change } from './changes.ts';
import type { Plan, Step, Target } from './plan.ts';

export const NO_CHANGE = 'No change.';

/** The difference, `+` for what comes, `-` for what goes, `~` for what changes. Without one it says so. */
export function describePlan({ steps, left }: Plan): readonly string[] {
  const targets = [...new Set(steps.map(({ target }) => target))];
  const differences = targets.flatMap((target) => [
    `${target.wanted.name}${target.deployed === undefined ? ' (new)' : ''}`,
    ...steps.filter((step) => step.target === target).flatMap(linesOf),
  ]);
  const others = left.map(
    ({ target, trigger }) => `left alone: ${nameOf(trigger)} on ${target.wanted.name}, which is not ours`,
  );
  return [...(differences.length === 0 ? [NO_CHANGE] : differences), ...others];
}

function linesOf(step: Step): readonly string[] {
  const { target } = step;
  switch (step.do) {
    case 'create':
      return newFunction(target);
    case 'code':
      return [`  ~ code: ${target.code}`];
    case 'config':
      return step.changes.map((change) => `  ~ ${changeOf(change)}`);
    case 'instances':
      return [`  ~ instances: at most ${step.most}`];
    case 'set-async': {
      const { max_async_retry_attempts, max_async_event_age_in_seconds, on_failure } = step.asyncInvoke;
      const told = on_failure === '' ? '' : `, then ${on_failure} is told`;
      const sign = target.deployed?.asyncInvoke === undefined ? '+' : '~';
      return [
        `  ${sign} asynchronous calls: ${max_async_retry_attempts} retries within ${max_async_event_age_in_seconds} s${told}`,
      ];
    }
    case 'delete-async':
      return ['  - asynchronous calls: settings'];
    case 'delete-trigger':
      return [`  - ${nameOf(step.trigger)}`];
    case 'create-trigger':
      return [`  + ${nameOf(step.trigger)}`];
    case 'trigger-status':
      return [`  ~ ${nameOf(step.trigger)}: ${step.trigger.status} → ${step.status}`];
  }
}

function newFunction({ wanted, code }: Target): readonly string[] {
  const { config } = wanted;
  const names = [
    ...Object.keys(config.variables),
    ...Object.keys(config.encrypted).map((name) => `${name} (encrypted)`),
  ];
  return [
    `  + code: ${code}`,
    `  + ${config.runtime}, ${config.memory_size} MB, ${config.timeout} s`,
    `  + agencies: ${config.app_xrole} for the code, ${config.xrole || 'the same'} for FunctionGraph itself`,
    ...(config.vpc_id === '' ? [] : [`  + VPC ${config.vpc_id}, subnet ${config.subnet_id}`]),
    `  + variables: ${names.join(', ')}`,
  ];
}

function changeOf({ what, from, to }: Change): string {
  if (from === undefined && to === undefined) return `${what}: changed`;
  return `${what}: ${short(from ?? 'nothing')} → ${short(to ?? 'nothing')}`;
}

const LONGEST = 120;
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** `TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)`. */
export function nameOf({ type, identity, event_data: data }: WantedTrigger | DeployedTrigger): string {
  const more = { TIMER: data['schedule'], APIG: data['path'], DEDICATEDGATEWAY: data['path'] }[type];
  return [type, identity, typeof more === 'string' ? `(${more})` : ''].filter(Boolean).join(' ');
}
