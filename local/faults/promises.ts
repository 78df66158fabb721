/**
 * What is promised, as checks on what was seen: each says in a sentence what was broken. The restarts are the
 * cloud's own record, not what the functions say of themselves.
 */
import { between, type DurationMs, iso, minutes, parseInstant } from '../../lib/time.ts';
import type { Seen } from './fault.ts';

export type Check = (seen: Seen) => readonly string[];

/** The checks of a fault, behind those that hold under every fault. */
export const promised =
  (...checks: readonly Check[]): Check =>
  (seen) =>
    [restartedOnce, onlyUnwell(), everyRunTold, ...checks].flatMap((check) => check(seen));

/** As `promised`, where the alarm itself names these servers: they may be restarted though they are well. */
export const promisedNaming =
  (named: readonly string[], ...checks: readonly Check[]): Check =>
  (seen) =>
    [restartedOnce, onlyUnwell(named), everyRunTold, ...checks].flatMap((check) => check(seen));

/** No setting of a fault has a shorter one than the default. */
const COOLDOWN = minutes(30);

function restartedOnce({ model }: Seen): readonly string[] {
  return model.restarts.flatMap(({ encode_server_id, at }, index) => {
    const earlier = model.restarts
      .slice(0, index)
      .findLast((other) => other.encode_server_id === encode_server_id);
    if (earlier === undefined || between(earlier.at, at) >= COOLDOWN) return [];
    return [
      `${encode_server_id} was restarted at ${iso(earlier.at)} and again at ${iso(at)}, within its cooldown`,
    ];
  });
}

const onlyUnwell =
  (named: readonly string[] = []): Check =>
  ({ model }) =>
    model.restarts
      .filter(({ encode_server_id, statusBefore }) => statusBefore !== 2 && !named.includes(encode_server_id))
      .map(
        ({ encode_server_id, statusBefore }) => `${encode_server_id} was restarted in status ${statusBefore}`,
      );

/**
 * Every run has ended and was told to people, in a message or in full in the log, or the event comes again. Of a run
 * that only held servers it is enough that people were told of each of them: the same again is no news.
 */
function everyRunTold({ runs, reports, log, failed = [] }: Seen): readonly string[] {
  if (failed.length > 0) return [];
  const isTold = (id: string): boolean =>
    reports.some(({ messages }) => Object.values(messages).some((text) => text.includes(id))) ||
    log.some((line) => isFullReport(line) && JSON.stringify(line).includes(id));
  return runs.flatMap(({ run_id, finished, restarts, stopped }) => {
    const onlyHeld = restarts.every(({ attempt }) => attempt === null);
    const isKnown = onlyHeld && restarts.every(({ encode_server_id }) => isTold(encode_server_id));
    const hasNews = !finished || restarts.length > 0 || stopped !== undefined;
    if (!hasNews || isKnown || isTold(run_id)) return [];
    return [finished ? `nobody was told of run ${run_id}` : `run ${run_id} was left without a word`];
  });
}

const isFullReport = (line: Readonly<Record<string, unknown>>): boolean =>
  String(line['message']).startsWith('report, in full');

/** How many servers of all runs came to which outcome; those that are not named here: none. */
export const outcomes =
  (expected: Readonly<Record<string, number>>): Check =>
  ({ runs }) => {
    const found: Record<string, number> = {};
    for (const { outcome } of runs.flatMap((run) => run.restarts)) found[outcome] = (found[outcome] ?? 0) + 1;
    return listed(found) === listed(expected)
      ? []
      : [`expected of the servers: ${listed(expected)}; got: ${listed(found)}`];
  };

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ') || 'none';

/** How many restarts CPH accepted, of all servers. */
export const restarts =
  (count: number): Check =>
  ({ model }) =>
    same('restarts accepted by CPH', count, model.restarts.length);

/** How often CPH was called to restart, accepted or not. */
export const restartCalls =
  (count: number): Check =>
  ({ calls }) =>
    same('restart calls', count, calls['RestartEncodeServer'] ?? 0);

export const reports =
  (count: number): Check =>
  (seen) =>
    same('reports', count, seen.reports.length);

export const failures =
  (count: number): Check =>
  ({ failed = [] }) =>
    same('failed invocations', count, failed.length);

const same = (what: string, expected: number, found: number): readonly string[] =>
  expected === found ? [] : [`expected ${expected} ${what}, got ${found}`];

/** Nothing is restarted before so long after the run was opened. */
export const notBefore =
  (span: DurationMs): Check =>
  ({ runs, model }) => {
    const opened = parseInstant(runs[0]?.opened_at ?? '');
    const first = model.restarts[0]?.at;
    if (opened === undefined || first === undefined) return ['expected a run and a restart, got none'];
    const waited = between(opened, first);
    return waited >= span ? [] : [`restarted after ${waited} ms, before the ${span} ms that were asked for`];
  };

/** The report that nobody took is in the log. */
export const toldInLog: Check = ({ log }) =>
  log.some(isFullReport) ? [] : ['expected the report in full in the log, got none'];

/** At least one report says to machines that a person has to act. */
export const callsPerson: Check = (seen) =>
  seen.reports.some(({ messages }) => messages['functionstage']?.includes('"needs_person":true'))
    ? []
    : ['expected a report that calls a person, got none'];

/** Every server that was restarted has this error noted. */
export const notes =
  (code: string): Check =>
  ({ runs }) =>
    runs
      .flatMap((run) => run.restarts)
      .filter(({ outcome, error }) => outcome !== 'held' && error?.code !== code)
      .map(({ encode_server_id }) => `expected ${code} to be noted with ${encode_server_id}, it is not`);

/** An event was ignored for a reason that says so. */
export const ignoredAs =
  (words: string): Check =>
  ({ ignored }) =>
    ignored.some(({ reason }) => reason.includes(words))
      ? []
      : [`expected an event to be ignored because of "${words}", got ${JSON.stringify(ignored)}`];

/** Every held server is held by this guard first. */
export const heldBy =
  (guard: string): Check =>
  ({ runs }) =>
    runs
      .flatMap((run) => run.restarts)
      .filter(({ outcome, holds }) => outcome === 'held' && holds[0]?.guard !== guard)
      .map(
        ({ encode_server_id, holds }) =>
          `expected ${guard} to hold ${encode_server_id}, got ${holds[0]?.guard}`,
      );
