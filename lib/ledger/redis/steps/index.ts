/** The ledger's steps, each one script. */
export { claim } from './claim.ts';
export { joined, lease, release, renew } from './driving.ts';
export { sawFleet, sawStorm } from './fleet.ts';
export { giveBack } from './give-back.ts';
export { join } from './join.ts';
export { once, post, sent, since, undeliverable, undeliverableSince, unsent } from './letters.ts';
export { open } from './open.ts';
export { exclude, include, pause, resume } from './people.ts';
export { delivered, run, runsSince, unfinishedRuns } from './read-runs.ts';
export { recall, records } from './recall.ts';
export { IDS_WANTED, save, WHOLE_WANTED } from './save.ts';
export { acknowledge, handOver, seenAbnormal, seenWell } from './servers.ts';
export { told } from './told.ts';
