/**
 * The ledger as an instance reaches it: every step is a meeting with the world, and the book sees what it did. The
 * time that it goes by is the one it is handed: an instance adds what Redis is ahead of it, and errs by its skew.
 */
import type { ClaimAnswer, ClaimRequest, Ledger } from '../../lib/ledger/ledger.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Lease, Recollection, Run, Target } from '../../lib/types.ts';
import { gaveBack, granted } from '../book/claims.ts';
import { handOver, recalled, seenAbnormal, seenWell, takeBack } from '../book/handed-over.ts';
import { joined, leased, opened, released, renewed, saved } from '../book/runs.ts';
import { idSaid, pauseSaid } from '../book/said.ts';
import type { Instance } from './alive.ts';
import { meet } from './instance.ts';
import type { Stage } from './stage.ts';

type Step = (...given: readonly unknown[]) => Promise<unknown>;

export function ledgerOf(stage: Stage, instance: Instance): Ledger {
  const { dice, history } = stage;
  const { ledger } = stage.store;
  const steps = ledger as unknown as Readonly<Record<string, Step>>;
  const reached: Record<string, unknown> = { shared: ledger.shared };
  for (const name of Object.keys(ledger)) {
    if (name === 'shared') continue;
    const op = `ledger.${name}` as const;
    reached[name] = (...given: readonly unknown[]) =>
      meet(stage, instance, {
        op,
        takes: dice.int(1, history.platform.ledgerTakes),
        ...(name === 'claim'
          ? { ids: (given[0] as ClaimRequest).servers.map(({ encodeServerId }) => encodeServerId) }
          : {}),
        async does() {
          const trouble = stage.troubleAt(op);
          if (trouble === 'away' || stage.isIll('ledger_away')) throw new LedgerAway(`${name}: not reached`);
          const result = await steps[name]?.(...given);
          wroteDown(stage, instance, name, given, result);
          if (trouble !== undefined) throw new LedgerAway(`${name}: its answer was lost`);
          return result;
        },
      });
  }
  return reached as unknown as Ledger;
}

class LedgerAway extends Error {
  override readonly name = 'LedgerAway';
}

function wroteDown(
  { book, scheduler, tally, trace }: Stage,
  { witness }: Instance,
  name: string,
  given: readonly unknown[],
  result: unknown,
): void {
  const now = scheduler.now();
  witness.wrote.add(name);
  switch (name) {
    case 'open':
      if (result !== true) return;
      tally.counts.runs += 1;
      opened(book, witness, given[0] as Run, now);
      return;
    case 'join':
      if (result === true) joined(book, witness, given[0] as string, given[2] as readonly Target[], now);
      return;
    case 'recall':
      book.begunAt ??= given[1] as EpochMs;
      recalled(book, (result as Recollection).handedOver, now);
      return;
    case 'lease':
      if (result !== undefined) leased(book, result as Lease, given[1] as EpochMs, now);
      return;
    case 'renew':
      renewed(book, given[0] as Lease, given[1] as EpochMs, now);
      return;
    case 'release':
      released(book, given[0] as Lease);
      return;
    case 'claim': {
      const answer = result as ClaimAnswer;
      tally.counts.claims += answer.granted.length;
      for (const { hold } of answer.refused) tally.held(hold.guard, now);
      granted(book, witness, given[0] as ClaimRequest, answer, now);
      return;
    }
    case 'giveBack':
      gaveBack(book, given[0] as Lease, given[1] as readonly string[], now);
      return;
    case 'save': {
      const run = given[0] as Run;
      for (const { progress } of run.targets) {
        if (progress.state === 'held' && progress.endedAt === run.endedAt) {
          for (const { guard } of progress.holds) tally.held(guard, now);
        }
      }
      saved(book, witness, run, given[1] as Lease, now);
      trace?.(() => `    ${run.runId} ${run.state}: ${run.targets.map(inWords).join(', ')}`);
      return;
    }
    case 'handOver':
      for (const id of given[0] as readonly string[]) {
        handOver(book, id);
        book.handedOverApart.add(id);
      }
      return;
    case 'seenWell':
      seenWell(book, witness, given[0] as readonly string[], given[1] as EpochMs);
      return;
    case 'seenAbnormal':
      seenAbnormal(
        book,
        (given[0] as readonly { encodeServerId: string }[]).map(({ encodeServerId }) => encodeServerId),
      );
      return;
    case 'acknowledge':
      for (const id of given[0] as readonly string[]) takeBack(book, id);
      return;
    case 'pause':
      book.pause = pauseSaid(witness);
      return;
    case 'resume':
      book.pause = undefined;
      return;
    case 'exclude':
      book.excluded.add(idSaid(witness));
      return;
    case 'include':
      book.excluded.delete(idSaid(witness));
      return;
  }
}

/** `s1 held (cooldown/in_flight)`. */
function inWords({ encodeServerId, progress }: Target): string {
  const holds = 'holds' in progress ? progress.holds : [];
  const why = holds.map(({ guard, reason }) => `${guard}/${reason.code}`).join(' ');
  return `${encodeServerId} ${progress.state}${why === '' ? '' : ` (${why})`}`;
}
