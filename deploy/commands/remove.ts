/**
 * `serverless remove`: takes away what was deployed, also what is no longer in serverless.yml, and nothing else. What
 * may be a copy stays.
 */
import type { Service } from '../check/service.ts';
import type { Management } from '../cloud/management.ts';
import { urnOf } from '../compose.ts';
import { Failure } from '../failure.ts';
import { lookAt } from '../look.ts';
import { readRecord } from '../plan/record.ts';
import { describeRemoval, planRemoval, type Removal } from '../plan/removal.ts';
import { deleteFunctions, deleteTriggers } from '../take-away.ts';
import { describeOthers, lookForTakenOut } from '../taken-out.ts';
import type { Io } from './io.ts';

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
  io.print(going.flatMap(describeRemoval).join('\n'));
  if (consent === 'ask' && (await io.ask('Remove all this? Type "yes": '))?.trim() !== 'yes') {
    throw new Failure('NOT_CONFIRMED', 'Nothing was removed: expected "yes". Without a terminal, say --yes.');
  }
  const taking = { management, say: io.say };
  await deleteTriggers(going, taking);
  await deleteFunctions(going, taking);
  io.print(
    `Removed ${service.name}/${service.stage} from ${service.provider.region}. Topics, agencies and the ledger are as they were.`,
  );
}

async function whatGoes(service: Service, management: Management, io: Io): Promise<readonly Removal[]> {
  const of = `${service.name}/${service.stage}`;
  const seen = await lookAt(service, management);
  const takenOut = await lookForTakenOut(service, management);
  for (const line of describeOthers(takenOut)) io.say(line);
  const named = service.functions.flatMap(({ key, config: { name } }): Removal[] => {
    const deployed = seen.get(key);
    if (deployed === undefined) return [];
    if (readRecord(deployed.config.variables)?.of !== of) {
      io.say(`${name} is left alone: it is not ours.`);
      return [];
    }
    return [planRemoval(name, urnOf(service, name), deployed)];
  });
  return [...named, ...takenOut.ours];
}
