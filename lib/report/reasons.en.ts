/** Why a server is held, in English. */
import type { ReasonWords } from './reason-words.ts';

export const count = (amount: number, one: string, many = `${one}s`) =>
  `${amount} ${amount === 1 ? one : many}`;
export const isAre = (amount: number) => (amount === 1 ? 'is' : 'are');

const WHAT = {
  servers: 'its state',
  host: "its host's state",
  maintenance: "its host's scheduled maintenance",
  fleet: 'the size of the fleet',
} as const;

export const englishReasons: ReasonWords = {
  notIncluded: () => 'not among the servers that may be restarted (setting include)',
  excluded: (who, why) =>
    who === undefined
      ? `excluded from restarts${why === undefined ? ' (setting exclude)' : `: “${why}”`}`
      : `excluded from restarts by ${who}${why === undefined ? '' : `: “${why}”`}`,
  ledgerEmptied: (since) =>
    `the ledger was emptied and remembers nothing before ${since}: it may have been restarted just now`,
  stale: (requestedAt) => `the request is too old to act on: it was made ${requestedAt}`,
  outsideWindow: (windows) => `outside the restart window${windows === '' ? '' : ` (${windows})`}`,
  fleetShrank: (amount, usual) =>
    `CPH lists ${count(amount, 'encode server')} where ${usual} are usual: too many are missing for planned restarts`,
  storm: ({ troubled, hosts, fleet, canaries }) =>
    `something bigger is going on: ${troubled} of ${count(fleet, 'encode server')}, on ${count(hosts, 'host')}, ${isAre(troubled)} abnormal; this round lets ${count(canaries, 'restart')} through`,
  settling: (since) => `abnormal only since ${since}: it may come back by itself`,
  errors: (failures, tolerance) =>
    `this run restarts no more: ${count(failures, 'restart')} failed, it stops at ${tolerance}`,
  paused: (who, why) => `restarts are paused by ${who}: “${why}”`,
  wellAgain: () => 'running again without a restart',
  restartingAlready: () => 'restarting already',
  unavailable: (status) => `in a state in which it is never restarted (status ${status})`,
  gone: () => 'no longer among the encode servers that CPH lists',
  hostNotInService: (status) => `the host is not in service (status ${status})`,
  hostGone: () => 'the host is no longer found',
  hostMaintenance: (eventId) => `the host is under scheduled maintenance by Huawei Cloud (event ${eventId})`,
  unchecked: (what) => `${WHAT[what]} could not be read, so it was left alone`,
  cooldown: (at) => `in its cooldown: last restarted ${at}`,
  inFlight: (runId) => `being restarted by run ${runId}`,
  attemptsUsed: (attempts) => `${count(attempts, 'attempt')} without recovery: a person has to look at it`,
  handedOver: (since, why) => `handed over to a person since ${since}: “${why}”`,
  hostLimit: (inFlight, limit) =>
    `${inFlight} of its host's servers ${isAre(inFlight)} restarting already; the limit is ${limit}`,
  hostBusy: (id) =>
    `${id} on the same host is restarting or not well; planned restarts go one at a time on a host`,
  unavailableLimit: (unavailable, limit) =>
    `${count(unavailable, 'encode server')} ${isAre(unavailable)} abnormal or restarting already; planned restarts stop at ${limit}`,
  round: (inFlight, size) => `the round before it is not over: ${inFlight} of its ${size} in flight`,
  concurrencyLimit: (inFlight, limit) =>
    `${count(inFlight, 'restart')} ${isAre(inFlight)} in flight already; the limit is ${limit}`,
  observe: () => 'mode observe restarts nothing',
  dryRun: () => 'a dry run restarts nothing',
  runEnded: () => 'the run ended before its turn came',
  test: (abnormal) =>
    `a test alarm of "serverless checkup" restarts nothing in any mode; CPH shows ${count(abnormal, 'abnormal encode server')} now. Nothing has to be done`,
  nothingFound: (what) => `no encode server was found for “${what}”, so nothing was restarted`,
  notAuthorised: (error) => `Huawei Cloud refused our credentials or permission: ${error}`,
  turnedAway: (error) => `no call to restart it got through for half an hour; the last one: ${error}`,

  short: {
    not_included: 'not included',
    excluded: 'excluded',
    ledger_emptied: 'ledger emptied',
    stale: 'request too old',
    outside_window: 'window closed',
    fleet_shrank: 'servers missing from the fleet',
    storm: 'storm',
    settling: 'only just abnormal',
    errors: 'too many failures',
    paused: 'paused',
    well_again: 'running again',
    restarting_already: 'restarting already',
    unavailable: 'in no state for a restart',
    gone: 'no longer listed',
    host_not_in_service: 'host out of service',
    host_gone: 'host not found',
    host_maintenance: 'host maintenance',
    unchecked: 'could not be checked',
    cooldown: 'cooldown',
    in_flight: 'in another run',
    attempts_used: 'attempts used up',
    handed_over: 'handed over',
    host_limit: 'limit per host',
    host_busy: 'host busy',
    unavailable_limit: 'too many unavailable',
    round: 'round not over',
    concurrency_limit: 'too many restarts in flight',
    observe: 'mode observe',
    dry_run: 'dry run',
    run_ended: 'run ended',
    test: 'test alarm',
    nothing_found: 'nothing found',
    not_authorised: 'no permission',
    turned_away: 'no call got through',
  },
  openEnd: {
    excluded: 'until the exclusion is taken back',
    fleet_shrank: 'until they are back, or the smaller fleet has become usual',
    unavailable: 'until its state changes',
    host_not_in_service: 'until the host is in service',
    host_maintenance: 'until the maintenance is over',
    attempts_used: 'until it is well again or a person takes it back',
    handed_over: 'until it has stayed well for a cooldown or a person takes it back',
    in_flight: 'until that run is done with it',
    not_authorised: 'until the permission is there',
    turned_away: 'until calls get through again',
  },
};
