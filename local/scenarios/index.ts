/** The scenarios in the order of the page. */
import { alarmBeforeStatus, alarmRepeats, deliveredTwice, flapping, recoveryFirst } from './alarms.ts';
import { killed, lostAnswer, smnDown, throttled, wrongCredentials } from './answers.ts';
import { hostAway, neverBack, storm, wholeHost } from './hosts.ts';
import { lostHalf, staleTimer, startsToFail, windowCloses } from './nightly.ts';
import { insists, pauseMidRun } from './people.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  alarmRepeats,
  deliveredTwice,
  alarmBeforeStatus,
  recoveryFirst,
  flapping,
  lostAnswer,
  throttled,
  killed,
  neverBack,
  wholeHost,
  hostAway,
  storm,
  startsToFail,
  lostHalf,
  windowCloses,
  staleTimer,
  pauseMidRun,
  insists,
  smnDown,
  wrongCredentials,
];
