/**
 * `serverless deploy`: what differs, and then what it takes. Functions that serverless.yml no longer has are told of,
 * and deleted only with `--prune`: another serverless.yml of the same service and stage may have them.
 */
import { readFile } from 'node:fs/promises';
import { iso, systemClock } from '../../lib/time.ts';
import { apply } from '../apply.ts';
import type { Service } from '../check/service.ts';
import type { Management } from '../cloud/management.ts';
import { compose, isShared, type Moment } from '../compose.ts';
import { Failure } from '../failure.ts';
import { lookAt, type Seen } from '../look.ts';
import { zipPath } from '../package.ts';
import { describePlan, NO_CHANGE } from '../plan/describe.ts';
import { planDeployment, type Target } from '../plan/plan.ts';
import { describeRemoval, describeStaying, isWork } from '../plan/removal.ts';
import { deleteFunctions, deleteTriggers } from '../take-away.ts';
import { describeOthers, lookForTakenOut } from '../taken-out.ts';
import { fingerprint } from '../zip.ts';
import type { Io } from './io.ts';

export interface Deploying {
  readonly mode: 'dry-run' | 'apply';
  /** What becomes of functions of ours that serverless.yml no longer has. */
  readonly takenOut: 'stays' | 'goes';
}

/** @param zips the folder where they are */
export async function deploy(
  service: Service,
  management: Management,
  zips: string,
  io: Io,
  { mode, takenOut: fate }: Deploying,
): Promise<void> {
  const seen = await lookAt(service, management);
  const zip = (key: string) => readZip(zipPath(zips, key));
  const wanted = compose(service, { deployedAt: firstDeployment(seen) });
  const targets = await Promise.all(
    wanted.map(async (one): Promise<Target> => {
      const deployed = seen.get(one.key);
      const code = fingerprint(await zip(one.key));
      return { wanted: one, code, ...(deployed === undefined ? {} : { deployed }) };
    }),
  );
  const of = `${service.name}/${service.stage}`;
  const plan = planDeployment(targets, of);
  if (plan.refusals.length > 0) throw new Failure('NOT_OURS', plan.refusals.join('\n'));
  const takenOut = await lookForTakenOut(service, management);
  const going = fate === 'goes' ? takenOut.ours.filter(isWork) : [];
  const staying = fate === 'stays' ? takenOut.ours : [];
  const lines = [
    ...describePlan(plan).filter((line) => line !== NO_CHANGE || going.length === 0),
    ...(fate === 'goes' ? takenOut.ours.flatMap(describeRemoval) : staying.flatMap(describeStaying)),
    ...describeOthers(takenOut),
  ];
  io.print(lines.join('\n'));
  if (mode === 'dry-run' || (plan.steps.length === 0 && going.length === 0)) return;
  const taking = { management, say: io.say };
  // A function of another name may fire what one that goes fires: not before that one no longer does.
  const onceCreated = () => deleteTriggers(going, taking);
  await apply(plan, { management, of, zip, say: io.say, onceCreated });
  await deleteFunctions(going, taking);
  io.print(`Deployed ${of} to ${service.provider.region} in mode ${service.settings['mode']}.`);
  if (!isShared(service)) io.print('Without LEDGER_URL: patrol has no timer, and nothing is remembered.');
  for (const line of staying.filter(isWork).flatMap(describeStaying)) io.print(line);
}

/** A shared ledger that is much younger than this was emptied: so it is when there first was one. */
export function firstDeployment(seen: Seen): Moment['deployedAt'] {
  for (const deployed of seen.values()) {
    const [, at] = /"deployed_at":"([^"]+)"/.exec(deployed?.config.variables['SETTINGS'] ?? '') ?? [];
    if (at !== undefined) return at;
  }
  return iso(systemClock.now());
}

async function readZip(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'NO_PACKAGE',
      `${path}: expected a zip, got ${error.code}. Run "serverless package" first, or deploy without --package.`,
    );
  });
}
