/** `serverless info`: what is deployed, as FunctionGraph shows it. */
import type { Service } from '../check/service.ts';
import type { Deployed } from '../cloud/deployed.ts';
import type { Management } from '../cloud/management.ts';
import { urnOf } from '../compose.ts';
import { lookAt } from '../look.ts';
import { nameOf } from '../plan/describe.ts';
import { readRecord } from '../plan/record.ts';
import { planTriggers } from '../plan/triggers.ts';
import type { Io } from './io.ts';

export async function info(service: Service, management: Management, io: Io): Promise<void> {
  const seen = await lookAt(service, management);
  const head = [
    `${service.name}, stage ${service.stage}, ${service.provider.region}, project ${service.provider.projectId}`,
  ];
  const functions = service.functions.flatMap(({ key, config: { name } }) => {
    const deployed = seen.get(key);
    if (deployed === undefined) return ['', `${name}: not deployed`];
    return ['', name, ...linesOf(deployed, urnOf(service, name)).map((line) => `  ${line}`)];
  });
  io.print([...head, ...functions].join('\n'));
}

function linesOf({ config, triggers, asyncInvoke }: Deployed, urn: string): readonly string[] {
  const record = readRecord(config.variables);
  const mode = /"mode":"(\w+)"/.exec(config.variables['SETTINGS'] ?? '')?.[1] ?? 'unknown';
  const { remove: ours, left } = planTriggers([], triggers, record);
  return [
    `urn      ${urn}`,
    `mode     ${mode}`,
    `code     ${record === undefined ? 'not deployed by this project' : record.code || 'half deployed: deploy again'}, ${config.runtime}, changed ${config.last_modified || 'at an unknown time'}`,
    `limits   ${config.memory_size} MB, ${config.timeout} s${config.max_instances === undefined ? '' : `, at most ${config.max_instances} instances`}`,
    ...(asyncInvoke === undefined
      ? []
      : [
          `retries  ${asyncInvoke.max_async_retry_attempts} within ${asyncInvoke.max_async_event_age_in_seconds} s`,
        ]),
    ...ours.map((trigger) => `trigger  ${nameOf(trigger)} ${trigger.status}${urlOf(trigger.event_data)}`),
    ...left.map((trigger) => `trigger  ${nameOf(trigger)} ${trigger.status}, not ours`),
  ];
}

const urlOf = (data: Readonly<Record<string, unknown>>): string =>
  typeof data['invoke_url'] === 'string' ? ` ${data['invoke_url']}` : '';
