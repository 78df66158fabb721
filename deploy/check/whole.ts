/** What no single key can tell: how the parts of serverless.yml fit together, and whether the functions would start. */
import type { Settings } from '../../lib/settings.ts';
import { minutes, seconds } from '../../lib/time.ts';
import { alarmTopics, composeSettings, isShared, type Moment } from '../compose.ts';
import { checkDoors } from './doors.ts';
import { checkLimits } from './limits.ts';
import { checkNames } from './names.ts';
import { NOTHING, type Problem, shown } from './problems.ts';
import type { Service, ServiceFunction } from './service.ts';
import { readAsFunctions } from './settings.ts';
import { checkTimers } from './timers.ts';
import { checkTopics } from './topics.ts';
import { checkVariables } from './variables.ts';

const SHORTEST_COOLDOWN = minutes(1);

export function checkWhole(service: Service, moment: Moment): readonly Problem[] {
  const settings = readAsFunctions(composeSettings(service, moment));
  if ('problems' in settings) return settings.problems;
  const parts = service.functions.flatMap((one) => [
    ...checkLimits(service, one),
    ...checkFailures(service, one, settings.value),
    ...checkTimers(one, settings.value),
  ]);
  return [
    ...parts,
    ...checkMode(service, settings.value),
    ...checkPlace(service),
    ...checkTopics(service),
    ...checkPatrol(service),
    ...checkDoors(service),
    ...checkVariables(service, moment),
    ...checkNames(service),
  ];
}

/** Where events go that were given up, and until when they are tried. */
function checkFailures(service: Service, one: ServiceFunction, settings: Settings): readonly Problem[] {
  const { key, config } = one;
  const { asyncInvokeConfig: given } = config;
  if (given === undefined) return [];
  const path = ['functions', key, 'asyncInvokeConfig'];
  const problems: Problem[] = [];
  const topic = given.onFailure?.topicUrn;
  if (topic !== undefined && alarmTopics(service).includes(topic)) {
    const expected = 'a topic that triggers none of our functions';
    problems.push({ path: [...path, 'onFailure', 'topicUrn'], expected, got: shown(topic) });
  }
  if (topic !== undefined && (config.xrole ?? service.provider.xrole) === undefined) {
    const expected = `an agency that lets FunctionGraph publish to the topic of ${path.join('.')}.onFailure`;
    problems.push({ path: ['provider', 'xrole'], expected, got: NOTHING });
  }
  const oldest = settings.maxAge / seconds(1);
  if (key === 'patrol' && given.maxAsyncRetryAttempts > 0) {
    const expected = '0: the next minute is the retry';
    problems.push({
      path: [...path, 'maxAsyncRetryAttempts'],
      expected,
      got: shown(given.maxAsyncRetryAttempts),
    });
  }
  if (key === 'schedule' && given.maxAsyncEventAgeInSeconds > oldest) {
    problems.push({
      path: [...path, 'maxAsyncEventAgeInSeconds'],
      expected: `at most ${oldest}, which is max_age: an older timer event is not carried out`,
      got: shown(given.maxAsyncEventAgeInSeconds),
    });
  }
  return problems;
}

function checkMode(service: Service, { mode, ledger, cooldown }: Settings): readonly Problem[] {
  if (mode !== 'active') return [];
  const problems: Problem[] = [];
  if (ledger !== 'memory' && !isShared(service)) {
    const expected =
      '"memory" beside "mode: active" without a shared ledger (LEDGER_URL): there is no cooldown between invocations then';
    problems.push({ path: ['custom', 'settings', 'ledger'], expected, got: NOTHING });
  }
  if (cooldown < SHORTEST_COOLDOWN) {
    const expected = 'at least 1m: a server takes minutes to come back';
    const got = shown(service.settings['cooldown']);
    problems.push({ path: ['custom', 'settings', 'cooldown'], expected, got });
  }
  return problems;
}

/** Region and stage are the provider's: functions of another place would work on its servers, or in its ledger. */
function checkPlace({ provider, stage, settings }: Service): readonly Problem[] {
  const places = { region: provider.region, stage };
  return Object.entries(places).flatMap(([key, place]) => {
    const stated = settings[key];
    if (stated === undefined || stated === place) return [];
    const expected = `${shown(place)}, where this is deployed (or leave it out)`;
    return [{ path: ['custom', 'settings', key], expected, got: shown(stated) }];
  });
}

/** What was accepted over HTTP, and what an instance left behind, is carried on by patrol, and by nobody else. */
function checkPatrol(service: Service): readonly Problem[] {
  if (!isShared(service)) return [];
  const expected = 'patrol beside LEDGER_URL: it carries on what the others began';
  const patrol = service.functions.find(({ key }) => key === 'patrol');
  if (patrol === undefined) return [{ path: ['functions', 'patrol'], expected, got: NOTHING }];
  if (patrol.triggers.some(({ status }) => status === 'ACTIVE')) return [];
  const timer = `an active timer of every minute beside LEDGER_URL: patrol carries on what the others began`;
  return [{ path: ['functions', 'patrol', 'events'], expected: timer, got: NOTHING }];
}
