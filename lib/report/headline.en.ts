/** What came of a run in one line, in English. */
import { count, englishReasons } from './reasons.en.ts';
import type { Tally } from './words.ts';

const TITLE = { repair: '', nightly: 'nightly restart: ', rolling: 'rolling restart: ' } as const;
const LOOKING = { observe: 'mode observe', dry_run: 'dry run' } as const;

export const headline = (tally: Tally): string => `${TITLE[tally.kind]}${outcome(tally)}`;

function outcome(tally: Tally): string {
  const { kind, total, counts, onlyLooking } = tally;
  if (total === 0) return nothing(tally);
  const servers = count(total, 'encode server');
  if (counts.held === total && onlyLooking !== undefined) {
    const would = `${tally.wouldRestart} of ${servers} would have been`;
    return [`nothing restarted (${LOOKING[onlyLooking]}): ${would}`, ...others(tally, 0)].join(', ');
  }
  if (kind !== 'repair') {
    return [`${counts.recovered} of ${total} restarted`, ...others(tally)].join(', ');
  }
  if (counts.held === total) return `nothing restarted, ${servers} held back`;
  return [`${counts.recovered} of ${servers} recovered`, ...others(tally)].join(', ');
}

function nothing({ stage, stopped }: Tally): string {
  if (stopped === 'test') return 'test: an alarm has come through';
  if (stopped !== undefined && stopped !== 'nothing_found') {
    return `nothing restarted, the run was stopped (${englishReasons.short[stopped]})`;
  }
  if (stage === 'resolving') return 'looking which encode servers are meant';
  return stage === 'finished' ? 'nothing was found to restart' : 'nothing abnormal found so far';
}

/** `1 did not, 2 held back`: all but the recovered, what needs attention first; nothing for a count of 0. */
function others({ kind, counts, heldFor, wouldRestart }: Tally, alsoWould = wouldRestart): string[] {
  const why =
    heldFor === undefined ? '' : `${heldFor.isAll ? '' : 'mostly: '}${englishReasons.short[heldFor.code]}`;
  const held = kind === 'repair' ? 'held back' : `held${why === '' ? '' : ` (${why})`}`;
  const parts: [number, string][] = [
    [counts.not_recovered, kind === 'repair' ? 'did not' : 'did not come back'],
    [counts.rejected, 'rejected'],
    [counts.unconfirmed, 'unconfirmed'],
    [counts.unfinished, 'unfinished'],
    [alsoWould, 'would have been restarted'],
    [counts.held - wouldRestart, held],
  ];
  return parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${amount} ${what}`);
}
