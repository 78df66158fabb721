/** The local cloud without HTTP: a state, and plain functions on it that are handed the time. */
export { clearAlarm, raiseAlarm } from './alarms.ts';
export { CPS_CODES, type CpsCode, FSS_CODES, type FssCode, SMN_CODES, type SmnCode } from './codes.ts';
export { createModel, type ModelOptions } from './create.ts';
export { addFunction, functionUrn, invokeAsync } from './functions.ts';
export { hang, listEncodeServers, listHosts, showHost, showPhone, statusAt } from './look.ts';
export { listScheduledEvents } from './maintenance.ts';
export { batchRestart, jobStatusAt, listJobs, showJob } from './restart.ts';
export type {
  Behaviour,
  FleetRow,
  Mail,
  Maintenance,
  Model,
  Notification,
  RestartAsk,
  Ruling,
  Subscription,
} from './state.ts';
export { addTopic, publish, subscribe, topicUrn } from './topics.ts';
