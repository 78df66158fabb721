/** Why a server is held, put into the words of a language. */
import { type Reason, unreachable } from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import type { ReasonWords } from './reason-words.ts';
import { errorText, moment } from './words.ts';

/** Why, for a person: part of a sentence, one line, no full stop. */
export function reasonText(reason: Reason, words: ReasonWords): string {
  switch (reason.code) {
    case 'not_included':
      return words.notIncluded();
    case 'excluded':
      return words.excluded(optional(reason.who, LIMITS.id), optional(reason.why, LIMITS.line));
    case 'ledger_emptied':
      return words.ledgerEmptied(moment(reason.since));
    case 'stale':
      return words.stale(moment(reason.requestedAt));
    case 'outside_window':
      return words.outsideWindow(clean(reason.windows.slice(0, 10).join(', '), LIMITS.line));
    case 'fleet_shrank':
      return words.fleetShrank(reason.count, reason.usual);
    case 'storm':
      return words.storm(reason);
    case 'settling':
      return words.settling(moment(reason.since));
    case 'errors':
      return words.errors(reason.failures, reason.tolerance);
    case 'paused':
      return words.paused(clean(reason.who, LIMITS.id), clean(reason.why, LIMITS.line));
    case 'well_again':
      return words.wellAgain();
    case 'restarting_already':
      return words.restartingAlready();
    case 'unavailable':
      return words.unavailable(reason.status);
    case 'gone':
      return words.gone();
    case 'host_not_in_service':
      return words.hostNotInService(reason.status);
    case 'host_gone':
      return words.hostGone();
    case 'host_maintenance':
      return words.hostMaintenance(cleanId(reason.eventId));
    case 'unchecked':
      return words.unchecked(reason.what);
    case 'cooldown':
      return words.cooldown(moment(reason.lastAttemptAt));
    case 'in_flight':
      return words.inFlight(cleanId(reason.runId));
    case 'attempts_used':
      return words.attemptsUsed(reason.attempts);
    case 'handed_over':
      return words.handedOver(moment(reason.since), clean(reason.why, LIMITS.line));
    case 'host_limit':
      return words.hostLimit(reason.inFlight, reason.limit);
    case 'host_busy':
      return words.hostBusy(cleanId(reason.encodeServerId));
    case 'unavailable_limit':
      return words.unavailableLimit(reason.unavailable, reason.limit);
    case 'round':
      return words.round(reason.inFlight, reason.size);
    case 'concurrency_limit':
      return words.concurrencyLimit(reason.inFlight, reason.limit);
    case 'observe':
      return words.observe();
    case 'dry_run':
      return words.dryRun();
    case 'run_ended':
      return words.runEnded();
    case 'test':
      return words.test(reason.abnormal);
    case 'nothing_found':
      return words.nothingFound(clean(reason.what, LIMITS.line));
    case 'not_authorised':
      return words.notAuthorised(errorText(reason.error));
    case 'turned_away':
      return words.turnedAway(errorText(reason.error));
    default:
      return unreachable(reason);
  }
}

const optional = (text: string | undefined, limit: number): string | undefined =>
  text === undefined ? undefined : clean(text, limit);
