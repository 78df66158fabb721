/** What no single key can tell: how the parts of serverless.yml fit together, and whether the functions would start. */
import { parseSettings, type Settings, SettingsError } from '../../lib/settings.ts';
import { seconds } from '../../lib/time.ts';
import { alarmTopics, composeSettings, encryptedOf, isShared, type Moment, webhookAuth } from '../compose.ts';
import { checkNames } from './names.ts';
import { NOTHING, type Problem, shown } from './problems.ts';
import type { Service, ServiceFunction } from './service.ts';
import { checkTimers } from './timers.ts';
import { checkVariables } from './variables.ts';

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
    ...checkFailures(service, one, settings.value),
    ...checkTimers(one, settings.value),
  ]);
  return [
    ...parts,
    ...checkMode(service, settings.value),
    ...checkWebhook(service),
    ...checkVariables(service, moment),
    ...checkNames(service),
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
