/** Takes functions away: first nothing fires any more, and what does not fire goes afterwards. */
import type { Management } from './cloud/management.ts';
import { Failure } from './failure.ts';
import { nameOf } from './plan/describe.ts';
import { goes, type Removal } from './plan/removal.ts';

export interface TakingAway {
  readonly management: Management;
  readonly say: (line: string) => void;
}

/** @throws Failure that says what failed and why; the same command goes on from there */
export async function deleteTriggers(
  removals: readonly Removal[],
  { management, say }: TakingAway,
): Promise<void> {
  for (const { name, urn, triggers } of removals) {
    for (const trigger of triggers.remove) {
      await doing(say, `${name}: deleting ${nameOf(trigger)}`, () => management.deleteTrigger(urn, trigger));
    }
  }
}

/** @throws Failure, likewise */
export async function deleteFunctions(
  removals: readonly Removal[],
  { management, say }: TakingAway,
): Promise<void> {
  for (const { name, urn } of removals.filter(goes)) {
    await doing(say, `${name}: deleting`, () => management.remove(urn));
  }
}

async function doing(say: TakingAway['say'], what: string, work: () => Promise<void>): Promise<void> {
  say(what);
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'REMOVAL_STOPPED',
      `${what} failed: ${why}\nMend the cause and run the same command again.`,
      { cause: error },
    );
  }
}
