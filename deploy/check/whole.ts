/** What no single key can tell: how the parts of serverless.yml fit together, and whether the functions would start. */
import { isProblem } from '../../events/event.ts';
import { readTimerEvent } from '../../events/timer.ts';
import { timerRequest } from '../../lib/intake/timer.ts';
import { readLedgerUrl } from '../../lib/ledger/redis/url.ts';
import { parseSettings, type Settings, SettingsError } from '../../lib/settings.ts';
import { seconds } from '../../lib/time.ts';
import {
  alarmTopics,
  compose,
  composeSettings,
  encryptedOf,
  isShared,
  type Moment,
  type Wanted,
  webhookAuth,
} from '../compose.ts';
import { NOTHING, type Problem, shown } from './problems.ts';
import type { Service, ServiceFunction } from './service.ts';

/** The platform's limits, plain and encrypted variables together. Source: API page "Creating a Function". */
export const MOST_VARIABLES = 20;
export const MOST_CHARACTERS = 4096;
/** The record that a deployment keeps for itself is a variable too: see record.ts. */
const RECORD_CHARACTERS = 400;
/** As the functions want it. */
const SHORTEST_SECRET = 16;
/** Goes round for 55 s by its timer, and needs time to finish and to tell. */
const PATROL_TAKES = 120;
const PATROL_INSTANCES = 5;
/** The most that FunctionGraph gives a synchronous call, seconds. */
const LONGEST_SYNC = 900;

export function checkWhole(service: Service, moment: Moment): readonly Problem[] {
  const settings = readComposed(service, moment);
  if ('problems' in settings) return settings.problems;
  const parts = service.functions.flatMap((one) => [
    ...checkLimits(one),
    ...checkSecrets(service, one),
    ...checkFailures(service, one, settings.value),
    ...checkTimers(one),
  ]);
  return [
    ...parts,
    ...checkMode(service, settings.value),
    ...checkWebhook(service),
    ...compose(service, moment).flatMap(checkVariables),
  ];
}

function readComposed(
  service: Service,
  moment: Moment,
): { readonly value: Settings } | { readonly problems: readonly Problem[] } {
  try {
    return { value: parseSettings(composeSettings(service, moment)) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    // Its message is a line of ours already: the key, what was expected, what was there.
    const [, key = '', expected = error.message, got = NOTHING] =
      /^(.*?): expected (.*), got (.*)$/s.exec(error.message) ?? [];
    const path = ['custom', 'settings', ...(key === '' || key === 'settings' ? [] : [key])];
    return { problems: [{ path, expected, got }] };
  }
}

function checkLimits({ key, config }: ServiceFunction): readonly Problem[] {
  const { timeout, maxInstanceNum } = config;
  const at = (name: string, expected: string, got: unknown): Problem[] => [
    { path: ['functions', key, name], expected, got: shown(got) },
  ];
  if (key === 'webhook' && timeout !== undefined && timeout > LONGEST_SYNC) {
    return at('timeout', `at most ${LONGEST_SYNC} (s): it is called synchronously`, timeout);
  }
  if (key !== 'patrol') return [];
  return [
    ...(timeout !== undefined && timeout >= PATROL_TAKES
      ? []
      : at('timeout', `at least ${PATROL_TAKES} (s): by its timer it goes round for 55 s`, timeout)),
    ...(maxInstanceNum === undefined || maxInstanceNum >= PATROL_INSTANCES
      ? []
      : at(
          'maxInstanceNum',
          `at least ${PATROL_INSTANCES}: calls beyond it are thrown away, and the lease makes one driver`,
          maxInstanceNum,
        )),
  ];
}

function checkSecrets(service: Service, one: ServiceFunction): readonly Problem[] {
  const { LEDGER_URL: url, API_SECRET: secret } = encryptedOf(service, one);
  const isOwn = (name: string) => one.config.encryptedUserData?.[name] !== undefined;
  const at = (name: string, expected: string, got: string): Problem[] => {
    const place = isOwn(name) ? ['functions', one.key] : ['provider'];
    return [{ path: [...place, 'encryptedUserData', name], expected, got }];
  };
  const problems: Problem[] = [];
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    problems.push(...at('API_SECRET', `at least ${SHORTEST_SECRET} characters`, `${secret.length}`));
  }
  if (url === undefined) return problems;
  try {
    readLedgerUrl(url);
  } catch (error) {
    const [, expected = 'the URL of a Redis', got = 'something else'] =
      /expected (.*), got (.*)$/s.exec((error as Error).message) ?? [];
    problems.push(...at('LEDGER_URL', expected, got));
  }
  return problems;
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
  if (key === 'schedule' && given.maxAsyncEventAgeInSeconds > oldest) {
    problems.push({
      path: [...path, 'maxAsyncEventAgeInSeconds'],
      expected: `at most ${oldest}, which is max_age: an older timer event is not carried out`,
      got: shown(given.maxAsyncEventAgeInSeconds),
    });
  }
  return problems;
}

/** What the functions would say of each timer's event, every night. */
function checkTimers({ key, triggers }: ServiceFunction): readonly Problem[] {
  return triggers.flatMap((trigger, at): Problem[] => {
    if (key !== 'schedule' || trigger.triggerTypeCode !== 'TIMER') return [];
    const { name, userEvent = '' } = trigger.eventData;
    const event = {
      version: 'v1.0',
      time: '2026-03-01T18:30:00Z',
      trigger_type: 'TIMER',
      trigger_name: name,
      user_event: userEvent,
    };
    const timer = readTimerEvent(event);
    const request = isProblem(timer) ? timer : timerRequest(timer);
    if (!isProblem(request)) return [];
    const [, inner = '', expected = request.problem, got = 'something else'] =
      /^event\.user_event\.?(.*?): expected (.*), got (.*)$/s.exec(request.problem) ?? [];
    const path = ['functions', key, 'events', at, 'eventData', 'userEvent'];
    return [{ path: inner === '' ? path : [...path, inner], expected, got }];
  });
}

function checkMode(service: Service, { mode, ledger }: Settings): readonly Problem[] {
  if (mode !== 'active' || ledger === 'memory' || isShared(service)) return [];
  const expected =
    '"memory" beside "mode: active" without a shared ledger (LEDGER_URL): there is no cooldown between invocations then';
  return [{ path: ['custom', 'settings', 'ledger'], expected, got: NOTHING }];
}

function checkWebhook(service: Service): readonly Problem[] {
  const auth = webhookAuth(service);
  const webhook = service.functions.find(({ key }) => key === 'webhook');
  if (auth === undefined || webhook === undefined) return [];
  const at = webhook.triggers.findIndex(({ triggerTypeCode }) => triggerTypeCode !== 'TIMER');
  const path = ['functions', 'webhook', 'events', at, 'eventData', 'auth'];
  const stated = service.settings['webhook_auth'];
  if (stated !== undefined && stated !== auth) {
    const expected = `${shown(auth)}, as ${'functions.webhook'}'s trigger says (or leave it out)`;
    return [{ path: ['custom', 'settings', 'webhook_auth'], expected, got: shown(stated) }];
  }
  if (auth !== 'NONE' || encryptedOf(service, webhook)['API_SECRET'] !== undefined) return [];
  const expected = '"IAM" or "APP", or an API_SECRET among encryptedUserData: nobody would check callers';
  return [{ path, expected, got: '"NONE" without API_SECRET' }];
}

function checkVariables({ key, config }: Wanted): readonly Problem[] {
  const all = { ...config.variables, ...config.encrypted };
  const count = Object.keys(all).length + 1;
  const characters = JSON.stringify(all).length + RECORD_CHARACTERS;
  const path = ['functions', key, 'userData'];
  return [
    ...(count <= MOST_VARIABLES
      ? []
      : [
          {
            path,
            expected: `at most ${MOST_VARIABLES} variables with ours (SETTINGS, DEPLOYMENT)`,
            got: `${count}`,
          },
        ]),
    ...(characters <= MOST_CHARACTERS
      ? []
      : [
          {
            path,
            expected: `at most ${MOST_CHARACTERS} characters in all variables, SETTINGS and ${RECORD_CHARACTERS} of our own among them`,
            got: `${characters}`,
          },
        ]),
  ];
}
