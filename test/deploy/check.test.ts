import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import { Failure } from '../../deploy/failure.ts';
import { ENVIRONMENT, filledIn, givenOf, topic } from './support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const LEDGER = 'redis://:secret-of-the-ledger@redis.example:6379/0';

/** One more way to the webhook. */
const DOOR = (auth: string) =>
  `      - triggerTypeCode: APIG\n        eventData: { name: other, groupId: g1, path: /other, auth: ${auth} }\n`;

interface Broken {
  /** What is written in serverless.yml, and what stands there instead; it has to occur. */
  readonly edit?: readonly [string | RegExp, string];
  readonly environment?: Readonly<Record<string, string>>;
}

function refusal({ edit, environment = {} }: Broken): string {
  const text = edit === undefined ? TEXT : TEXT.replace(...edit);
  if (edit !== undefined) expect(text).not.toBe(TEXT);
  try {
    readService(givenOf(filledIn(text, { ...ENVIRONMENT, ...environment })), text);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('serverless.yml', () => {
  it('is accepted as it is, with a shared ledger and without, and with every door that callers may take', () => {
    expect(refusal({})).toBe('accepted');
    expect(refusal({ environment: { LEDGER_URL: LEDGER } })).toBe('accepted');
    expect(refusal({ environment: { ENCODE_RESTART_APIG_AUTH: 'APP' } })).toBe('accepted');
    expect(refusal({ edit: ['0 5 2 * * *', '0 0/10 3 ? * MON-FRI'] })).toBe('accepted');
    const secret = { ENCODE_RESTART_APIG_AUTH: 'NONE', API_SECRET: 'sixteen-letters-long' };
    expect(refusal({ environment: secret })).toBe('accepted');
  });

  it.each<[string, Broken, string]>([
    [
      'a key of the provider that means nothing',
      { edit: ['  memorySize: 256', '  memorysize: 256'] },
      'provider.memorysize: expected one of the keys name, region, projectId',
    ],
    [
      'another provider',
      { edit: ['name: huawei', 'name: hauwei'] },
      'provider.name: expected "huawei", got "hauwei"',
    ],
    [
      'a region that is none',
      { environment: { HUAWEICLOUD_REGION: 'Beijing' } },
      'provider.region: expected a region like "cn-north-4", got "Beijing"',
    ],
    [
      'a runtime that the bundles are not made for',
      { edit: ['runtime: Node.js20.15', 'runtime: Node.js18.15'] },
      'provider.runtime: expected "Node.js20.15"',
    ],
    [
      'a memory size that there is not',
      { edit: ['    memorySize: 512', '    memorySize: 500'] },
      'functions.schedule.memorySize: expected one of 128, 256, 512',
    ],
    [
      'a memory size as text',
      { edit: ['  memorySize: 256', '  memorySize: "256"'] },
      'provider.memorySize: expected one of 128, 256',
    ],
    [
      'a key of a function that means nothing',
      { edit: ['    timeout: 3600', '    timout: 3600'] },
      'functions.alarm.timout: expected one of the keys name, handler',
    ],
    [
      'a timeout beyond the platform',
      { edit: ['timeout: 43200', 'timeout: 259201'] },
      'functions.schedule.timeout: expected a whole number from 3 to 259200 (s), got 259201',
    ],
    [
      'a handler that the bundle does not have',
      { edit: ['handler: index.handler', 'handler: alarm.handler'] },
      'functions.alarm.handler: expected "index.handler", as the bundle is made, got "alarm.handler"',
    ],
    [
      'a function that there is not',
      { edit: ['  patrol:\n', '  petrol:\n'] },
      'functions.petrol: expected one of alarm, schedule, webhook, patrol, got the function "petrol"',
    ],
    [
      'a trigger that there is not',
      { edit: ['triggerTypeCode: SMN', 'triggerTypeCode: SNS'] },
      'functions.alarm.events[0].triggerTypeCode: expected one of SMN, TIMER, APIG, DEDICATEDGATEWAY, got "SNS"',
    ],
    [
      'a trigger that the function cannot read',
      {
        edit: [
          /triggerTypeCode: SMN\n\s+eventData:\n\s+topicUrn: .*\n/,
          'triggerTypeCode: TIMER\n        eventData: {name: x, scheduleType: Rate, schedule: 3m}\n',
        ],
      },
      'functions.alarm.events[0].triggerTypeCode: expected SMN: alarm reads no other events, got "TIMER"',
    ],
    [
      'a topic that is none',
      { environment: { ENCODE_RESTART_ALARM_TOPIC: 'encode-alarms' } },
      'functions.alarm.events[0].eventData.topicUrn: expected a topic URN',
    ],
    [
      'an SMN trigger that is turned off',
      { edit: ['- triggerTypeCode: SMN\n', '- triggerTypeCode: SMN\n        status: DISABLED\n'] },
      'functions.alarm.events[0].status: expected "ACTIVE": only timers can be disabled, got "DISABLED"',
    ],
    [
      'a cron without seconds',
      { edit: ['0 5 2 * * *', '5 2 * * *'] },
      'functions.schedule.events[0].eventData.schedule: expected six fields after the zone (second minute hour',
    ],
    [
      'a cron without a zone',
      { edit: ['CRON_TZ=Asia/Shanghai 0 5 2', '0 5 2'] },
      'functions.schedule.events[0].eventData.schedule: expected CRON_TZ and a zone first',
    ],
    [
      'a key of a trigger that means nothing',
      { edit: ['scheduleType: Cron', 'schedule_type: Cron'] },
      'functions.schedule.events[0].eventData.schedule_type: expected one of the keys name, scheduleType',
    ],
    [
      'a timer whose event would fail every night',
      { edit: ['{"all": true,', '{"every": true,'] },
      'functions.schedule.events[0].eventData.userEvent: expected one of encode_server_ids, server_ids',
    ],
    [
      'a way to check callers that there is not',
      { environment: { ENCODE_RESTART_APIG_AUTH: 'CUSTOM' } },
      'functions.webhook.events[0].eventData.auth: expected "IAM", "APP" or "NONE", got "CUSTOM"',
    ],
    [
      'a webhook that nobody checks',
      { environment: { ENCODE_RESTART_APIG_AUTH: 'NONE' } },
      'functions.webhook.events[0].eventData.auth: expected "IAM" or "APP", or an API_SECRET among encryptedUserData',
    ],
    [
      'settings that trust another door than there is',
      { edit: ['    mode: observe\n', '    mode: observe\n    webhook_auth: APP\n'] },
      'custom.settings.webhook_auth: expected "IAM"',
    ],
    [
      'a secret that is too short, without showing it',
      { environment: { API_SECRET: 'short' } },
      'functions.webhook.encryptedUserData.API_SECRET: expected at least 16 characters, got 5',
    ],
    [
      'a ledger that is none, without showing it',
      { environment: { LEDGER_URL: 'postgres://:secret-of-the-ledger@db.example' } },
      'provider.encryptedUserData.LEDGER_URL: expected redis://',
    ],
    [
      'active without a shared ledger',
      { edit: [/mode: observe\n(.*\n)\s+ledger: memory/, 'mode: active\n$1'] },
      'custom.settings.ledger: expected "memory" beside "mode: active" without a shared ledger (LEDGER_URL)',
    ],
    [
      'a mode that there is not',
      { edit: ['mode: observe', 'mode: dry'] },
      'custom.settings.mode: expected "observe" or "active" (there is no default: choose), got "dry"',
    ],
    [
      'a setting that there is not',
      { edit: ['    cooldown: 30m', '    coldown: 30m'] },
      'custom.settings.coldown: expected one of region, stage',
    ],
    [
      'a setting that the functions would refuse',
      { edit: ['window: 02:00-05:00 Asia/Shanghai', 'window: 2-5 Asia/Shanghai'] },
      'custom.settings.window: expected a window like',
    ],
    [
      'reports on the topic that triggers us',
      { environment: { ENCODE_RESTART_REPORT_TOPIC: topic('encode-alarms') } },
      'custom.settings.report_topic: expected a topic that triggers none of our functions',
    ],
    [
      'failures on the topic that triggers us',
      { edit: [/topicUrn: .*PAGE_TOPIC.*/, `topicUrn: ${topic('encode-alarms')}`] },
      'functions.alarm.asyncInvokeConfig.onFailure.topicUrn: expected a topic that triggers none',
    ],
    [
      'failures that nobody may publish',
      { edit: [/ {2}xrole: .*\n/, ''] },
      'provider.xrole: expected an agency that lets FunctionGraph publish',
    ],
    [
      'more retries than the platform has',
      { edit: ['maxAsyncRetryAttempts: 3', 'maxAsyncRetryAttempts: 4'] },
      'functions.alarm.asyncInvokeConfig.maxAsyncRetryAttempts: expected a whole number from 0 to 3, got 4',
    ],
    [
      "a night's event that is tried when it is not wanted any more",
      { edit: ['maxAsyncEventAgeInSeconds: 900', 'maxAsyncEventAgeInSeconds: 901'] },
      'functions.schedule.asyncInvokeConfig.maxAsyncEventAgeInSeconds: expected at most 900',
    ],
    [
      'a patrol that is killed while it goes round',
      { edit: ['timeout: 120', 'timeout: 60'] },
      'functions.patrol.timeout: expected at least 120 (s)',
    ],
    [
      'too few instances of patrol',
      { edit: ['maxInstanceNum: 10', 'maxInstanceNum: 1'] },
      'functions.patrol.maxInstanceNum: expected at least 5',
    ],
    [
      'a synchronous function that may take longer than a synchronous call',
      { edit: ['timeout: 900', 'timeout: 901'] },
      'functions.webhook.timeout: expected at most 900 (s)',
    ],
    [
      'half a VPC',
      { environment: { ENCODE_RESTART_VPC: '0a1b2c3d-4e5f' } },
      'provider.funcVpc: expected the id of a VPC and of a subnet in it, or neither',
    ],
    [
      'too many variables',
      {
        edit: [
          '  userData:\n',
          `  userData:\n${Array.from({ length: 18 }, (_, at) => `    V${at}: x\n`).join('')}`,
        ],
        environment: { LEDGER_URL: LEDGER },
      },
      'functions.alarm.userData: expected at most 20 variables with ours (SETTINGS, DEPLOYMENT), got 21',
    ],
    [
      'variables that are too long together',
      { edit: ['  userData:\n', `  userData:\n    LONG: ${'x'.repeat(3000)}\n`] },
      'functions.alarm.userData: expected at most 4096 characters in all variables',
    ],
    [
      'a variable with a name that is none',
      { edit: ['    LOG_LEVEL:', '    LOG-LEVEL: debug\n    LOG_LEVEL:'] },
      'provider.userData.LOG-LEVEL: expected a name of letters, digits and "_"',
    ],
    [
      'an endpoint that would take credentials over an open line',
      { environment: { HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT: 'http://functiongraph.example:80' } },
      'custom.settings.endpoints.functiongraph: expected an https:// origin without a path',
    ],
    [
      'a night outside the window',
      { edit: ['0 5 2 * * *', '0 5 6 * * *'] },
      'functions.schedule.events[0].eventData.schedule: expected a time inside custom.settings.window (02:00-05:00',
    ],
    [
      'a secret for everybody to read',
      { edit: ['  userData:\n', '  userData:\n    API_SECRET: sixteen-letters-long\n'] },
      'provider.userData.API_SECRET: expected it among encryptedUserData, for it is a secret, got that name',
    ],
    [
      'a variable that the deployment makes',
      { edit: ['  userData:\n', '  userData:\n    SETTINGS: "{}"\n'] },
      'provider.userData.SETTINGS: expected no such variable: the deployment makes it',
    ],
    [
      'another ledger for one function',
      {
        edit: ['      API_SECRET:', `      LEDGER_URL: ${LEDGER}1\n      API_SECRET:`],
        environment: { LEDGER_URL: LEDGER },
      },
      'functions.webhook.encryptedUserData.LEDGER_URL: expected the same ledger as in all other functions',
    ],
    [
      'two timers of one name',
      {
        edit: [
          '      - triggerTypeCode: TIMER\n        # Seconds',
          '      - triggerTypeCode: TIMER\n        eventData: {name: nightly, scheduleType: Rate, schedule: 1d}\n      - triggerTypeCode: TIMER\n        # Seconds',
        ],
      },
      'functions.schedule.events[1].eventData: expected a trigger of another name',
    ],
    [
      'two functions of one name',
      { edit: ['  patrol:\n', '  patrol:\n    name: encode-restart-dev-alarm\n'] },
      'functions.patrol.name: expected a name that no other function has, got "encode-restart-dev-alarm"',
    ],
    [
      'a second door that nobody checks',
      { edit: ['      # With an instance it is', `${DOOR('NONE')}      # With an instance it is`] },
      'functions.webhook.events[1].eventData.auth: expected "NONE", as at the other doors of the function',
    ],
    [
      'an `include` with nothing on it, in a file that means to restrict',
      { edit: ['    exclude: []', '    include:\n    exclude: []'] },
      'custom.settings.include: expected a value, or no such key, got nothing',
    ],
    [
      'an `include` whose variable is not set',
      { edit: ['    exclude: []', `    include: $\{env:HOSTS, ''}\n    exclude: []`] },
      'custom.settings.include: expected a value, or no such key, got nothing: set the environment variable HOSTS',
    ],
    [
      'a window with nothing in it',
      { edit: ['    window: 02:00-05:00 Asia/Shanghai', '    window:'] },
      'custom.settings.window: expected a value, or no such key, got nothing',
    ],
    [
      'a ledger and no patrol',
      { edit: [/ {2}# Every minute: looks[\s\S]*/, ''], environment: { LEDGER_URL: LEDGER } },
      'functions.patrol: expected patrol beside LEDGER_URL',
    ],
    [
      'a ledger and a patrol that is never called',
      {
        edit: [
          '      - triggerTypeCode: TIMER\n        eventData: { name: every-minute',
          '      - triggerTypeCode: TIMER\n        status: DISABLED\n        eventData: { name: every-minute',
        ],
        environment: { LEDGER_URL: LEDGER },
      },
      'functions.patrol.events: expected an active timer of every minute beside LEDGER_URL',
    ],
    [
      'a patrol once a day',
      { edit: ['Asia/Shanghai 0 * * * * *', 'Asia/Shanghai 0 0 4 * * *'] },
      'functions.patrol.events[0].eventData.schedule: expected every minute, as in "CRON_TZ=Asia/Shanghai 0 * * * * *"',
    ],
    [
      'a patrol every second',
      { edit: ['Asia/Shanghai 0 * * * * *', 'Asia/Shanghai * * * * * *'] },
      'functions.patrol.events[0].eventData.schedule: expected every minute',
    ],
    [
      'a patrol that is tried again',
      { edit: ['maxAsyncRetryAttempts: 0', 'maxAsyncRetryAttempts: 3'] },
      'functions.patrol.asyncInvokeConfig.maxAsyncRetryAttempts: expected 0: the next minute is the retry, got 3',
    ],
    [
      'a key that means nothing and is left open',
      { edit: ['    vpcId:', '    vpc_id:'] },
      'provider.funcVpc.vpc_id: expected one of the keys vpcId, subnetId, got the key "vpc_id"',
    ],
    [
      'a setting that means nothing and is left open',
      { edit: ['    report_topic:', '    report_topics:'], environment: { ENCODE_RESTART_REPORT_TOPIC: '' } },
      'custom.settings.report_topics: expected one of region, stage',
    ],
    [
      'a night that the provider would end after 30 s',
      { edit: ['    timeout: 43200\n', ''] },
      'functions.schedule.timeout: expected at least 900 (s): a server takes minutes to come back, and without LEDGER_URL nobody else carries the run on, got 30, of the provider',
    ],
    [
      'an alarm that has no time to look',
      { edit: ['timeout: 3600', 'timeout: 10'], environment: { LEDGER_URL: LEDGER } },
      'functions.alarm.timeout: expected at least 60 (s)',
    ],
    [
      'reports to a topic of another region',
      { environment: { ENCODE_RESTART_REPORT_TOPIC: topic('reports').replace('cn-north-4', 'cn-east-3') } },
      `custom.settings.report_topic: expected a topic of the project that this is deployed to, ${topic('<name>')}, got`,
    ],
    [
      'alarms from a topic of another project',
      { environment: { ENCODE_RESTART_ALARM_TOPIC: topic('alarms').replace(/:0a1b/, ':1111') } },
      'functions.alarm.events[0].eventData.topicUrn: expected a topic of the project that this is deployed to',
    ],
    [
      'reports to nobody',
      { environment: { ENCODE_RESTART_REPORT_TOPIC: '' } },
      'custom.settings.report_topic: expected a topic for reports and the daily digest: nobody would hear of restarts, got nothing: set the environment variable ENCODE_RESTART_REPORT_TOPIC',
    ],
    [
      'one topic of alarms where a list belongs',
      { edit: ['    exclude: []', `    alarm_topics: ${topic('more')}\n    exclude: []`] },
      'custom.settings.alarm_topics: expected a list of topic URNs, got',
    ],
    [
      'a span of no length',
      { edit: ['schedule: CRON_TZ=Asia/Shanghai 0 5 2 * * *', "schedule: '@every 0s'"] },
      'functions.schedule.events[0].eventData.schedule: expected a span like "@every 1h30m", got "@every 0s"',
    ],
    [
      'a span beside a window',
      { edit: ['schedule: CRON_TZ=Asia/Shanghai 0 5 2 * * *', "schedule: '@every 24h'"] },
      'functions.schedule.events[0].eventData.schedule: expected scheduleType Cron beside a window',
    ],
    [
      'a window of the event that is never open with the other',
      { edit: ['{"all": true,', '{"all": true, "window": "12:00-13:00 Asia/Shanghai",'] },
      'functions.schedule.events[0].eventData.schedule: expected a time inside custom.settings.window (02:00-05:00 Asia/Shanghai) and the window of userEvent (12:00-13:00 Asia/Shanghai)',
    ],
    [
      'no cooldown in `active`',
      { edit: [/mode: observe([\s\S]*)cooldown: 30m/, 'mode: active$1cooldown: 0m'] },
      'custom.settings.cooldown: expected at least 1m: a server takes minutes to come back, got "0m"',
    ],
    [
      'the region of somebody else',
      { edit: ['    exclude: []', '    region: cn-east-3\n    exclude: []'] },
      'custom.settings.region: expected "cn-north-4", where this is deployed (or leave it out), got "cn-east-3"',
    ],
    [
      'the ledger of another stage',
      { edit: ['    exclude: []', '    stage: prod\n    exclude: []'] },
      'custom.settings.stage: expected "dev", where this is deployed',
    ],
    [
      'an authority that is no certificate',
      { environment: { LEDGER_URL: LEDGER, LEDGER_CA: 'nope' } },
      'provider.encryptedUserData.LEDGER_CA: expected a certificate in PEM',
    ],
    [
      'a level of the log that there is not',
      { environment: { ENCODE_RESTART_LOG_LEVEL: 'verbose' } },
      'provider.userData.LOG_LEVEL: expected "debug" or "info", got "verbose"',
    ],
    ['no settings', { edit: ['  settings:\n', '  setings:\n'] }, 'custom.settings: expected the settings'],
  ])('with %s is refused by a line that names the key', (_, broken, line) => {
    const message = refusal(broken);
    expect(message).toContain(`\n  ${line}`);
    expect(message).not.toContain('secret-of-the-ledger');
  });

  it('says of all that an operator has left open, at once, which variables to set', () => {
    const nothing = Object.fromEntries(Object.keys(ENVIRONMENT).map((name) => [name, '']));
    const lines = refusal({ environment: nothing }).split('\n').slice(1);
    const named = lines.map((line) => /got nothing: set the environment variable (\w+)$/.exec(line)?.[1]);
    expect(named).toEqual([
      'HUAWEICLOUD_REGION',
      'HUAWEICLOUD_SDK_PROJECT_ID',
      'ENCODE_RESTART_AGENCY',
      'ENCODE_RESTART_ALARM_TOPIC',
      'ENCODE_RESTART_APIG_GROUP',
      'ENCODE_RESTART_REPORT_TOPIC',
    ]);
  });

  it('names every mistake, of settings and of the rest, not only the first', () => {
    const wrong = TEXT.replace('cooldown: 30m', 'cooldown: -30m')
      .replace('max_unavailable: 5%', 'max_unavailable: 5 %')
      .replace('memorySize: 512', 'memorySize: 500');
    const all = /schedule\.memorySize: .*\n.*settings\.cooldown: .*\n.*settings\.max_unavailable: /;
    expect(() => readService(givenOf(filledIn(wrong, ENVIRONMENT)), wrong)).toThrow(all);
    const text = TEXT.replace('timeout: 3600', 'timeout: 1').replace('timeout: 43200', 'timeout: 2');
    const given = givenOf(filledIn(text, ENVIRONMENT));
    expect(() => readService(given, text)).toThrow(
      /functions\.alarm\.timeout: .*\n.*functions\.schedule\.timeout: /,
    );
  });
});
