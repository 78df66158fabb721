/** `serverless remove`: takes away what was deployed, and nothing else. */
import type { Service } from '../check/service.ts';
import type { Deployed } from '../cloud/deployed.ts';
import type { Management } from '../cloud/management.ts';
import { urnOf } from '../compose.ts';
import { Failure } from '../failure.ts';
import { lookAt } from '../look.ts';
import { nameOf } from '../plan/describe.ts';
import { readRecord } from '../plan/record.ts';
import { planTriggers } from '../plan/triggers.ts';
import type { Io } from './io.ts';

interface Going {
  readonly name: string;
  readonly urn: string;
  readonly deployed: Deployed;
  readonly triggers: ReturnType<typeof planTriggers>;
}

export async function remove(
  service: Service,
  management: Management,
  io: Io,
  consent: 'ask' | 'given',
): Promise<void> {
  const going = await whatGoes(service, management, io);
  if (going.length === 0) {
    io.print('Nothing to remove.');
    return;
  }
  io.print(going.flatMap(linesOf).join('\n'));
  if (consent === 'ask' && (await io.ask('Remove all this? Type "yes": '))?.trim() !== 'yes') {
    throw new Failure('NOT_CONFIRMED', 'Nothing was removed: expected "yes". Without a terminal, say --yes.');
  }
  // First nothing must fire any more.
  for (const { name, urn, triggers } of going) {
    for (const trigger of triggers.remove) {
      await doing(io, `${name}: deleting ${nameOf(trigger)}`, () => management.deleteTrigger(urn, trigger));
    }
  }
  for (const { name, urn, triggers } of going) {
    if (triggers.left.length > 0) continue;
    await doing(io, `${name}: deleting`, () => management.remove(urn));
  }
  io.print(
    `Removed ${service.name}/${service.stage} from ${service.provider.region}. Topics, agencies and the ledger are as they were.`,
  );
}

async function whatGoes(service: Service, management: Management, io: Io): Promise<readonly Going[]> {
  const of = `${service.name}/${service.stage}`;
  const seen = await lookAt(service, management);
  return service.functions.flatMap(({ key, config: { name } }): Going[] => {
    const deployed = seen.get(key);
    if (deployed === undefined) return [];
    const record = readRecord(deployed.config.variables);
    if (record?.of !== of) {
      io.say(`${name} is left alone: it is not ours.`);
      return [];
    }
    const triggers = planTriggers([], deployed.triggers, record);
    return [{ name, urn: urnOf(service, name), deployed, triggers }];
  });
}

function linesOf({ name, triggers: { remove: goes, left } }: Going): readonly string[] {
  const ours = goes.map((trigger) => `  - ${nameOf(trigger)}`);
  if (left.length === 0) return [`- ${name}`, ...ours];
  const theirs = left.map((trigger) => `  left alone: ${nameOf(trigger)}, which is not ours`);
  return [`${name} stays, for the sake of what is not ours`, ...ours, ...theirs];
}

async function doing(io: Io, what: string, work: () => Promise<void>): Promise<void> {
  io.say(what);
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'REMOVAL_STOPPED',
      `${what} failed: ${why}\nMend the cause and run the same command again.`,
      {
        cause: error,
      },
    );
  }
}
