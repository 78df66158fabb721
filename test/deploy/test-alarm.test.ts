/** What is made of each answer that patrol may give about a test alarm; the cloud is faked at its edge, HTTP. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import { testAlarmFindings, USUAL_PATIENCE } from '../../deploy/checkup/test-alarm.ts';
import { createManagement } from '../../deploy/cloud/management.ts';
import { createTopics } from '../../deploy/cloud/topics.ts';
import { fakeClock, fakeWorld, json, type Reply } from '../lib/huawei/fakes.ts';
import { ENVIRONMENT, filledIn, givenOf } from './support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const SHARED = { ...ENVIRONMENT, LEDGER_URL: 'redis://redis.example:6379/0' };

const ran = (body: object, code = '0') => json(200, body, { 'x-func-err-code': code });
/** As the gateway hands an error on that it gives no code. */
const threw = ran({ errorCode: 'Handler.Error', errorMessage: 'ledger: no answer within 2 s' });
const run = (reported_as: string | null) => ran({ test: { run_id: 'run-1', reported_as } });

/** `patrol`: its answers in turn, the last again and again. */
async function tested(
  patrol: readonly Reply[],
  edit: readonly [string, string] = ['', ''],
  environment: Readonly<Record<string, string>> = SHARED,
) {
  const published: string[] = [];
  const said: string[] = [];
  let asked = 0;
  const smn = fakeWorld(
    ({ body }) => {
      published.push(body ?? '');
      return json(200, { request_id: 'r', message_id: 'message-1' });
    },
    { service: 'smn' },
  );
  const functionGraph = fakeWorld(
    () => {
      asked += 1;
      return patrol[Math.min(asked, patrol.length) - 1] ?? json(404, {});
    },
    { service: 'functiongraph' },
  );
  const text = TEXT.replace(...edit);
  const service = readService(givenOf(filledIn(text, environment)), text);
  const cloud = {
    management: createManagement(functionGraph.client),
    topics: createTopics(smn.client),
    io: { print: () => undefined, say: (line: string) => said.push(line), ask: async () => undefined },
    clock: fakeClock(),
  };
  const findings = await testAlarmFindings(service, cloud, USUAL_PATIENCE);
  return { findings, published, said };
}

const alarmIn = (body: string) => {
  const { message_structure } = JSON.parse(body) as { message_structure: string };
  const messages = JSON.parse(message_structure) as Record<'default' | 'email', string>;
  return { email: messages.email, alarm: JSON.parse(messages.default) as Record<string, unknown> };
};

describe('a test alarm', () => {
  it.each<[string, readonly Reply[], readonly string[], string]>([
    ['was reported', [run('message-7')], ['well', 'well'], 'message message-7'],
    ['is reported later', [ran({ test: null }), run(null), run('m7')], ['well', 'well'], 'message m7'],
    ['has no topic for its report', [run('logged')], ['well', 'unknown'], 'there is no report_topic'],
    ['was not taken by SMN', [run('report/run-1')], ['well', 'ill'], 'did not take it'],
    ['has a run that is not reported', [run(null)], ['well', 'ill'], 'not reported within 120 s'],
    ['has no run', [ran({ test: null })], ['ill'], 'no run of it appeared within 120 s'],
    ['is asked for once in vain', [ran({}, '4010'), run('m7')], ['well', 'well'], 'message m7'],
    ['is asked for in vain', [ran({}, '4010')], ['ill'], 'patrol failed with code 4010'],
    ['is asked for while calls are refused', [json(429, { error_code: 'FSS.0429' })], ['ill'], 'FSS.0429'],
    ['is asked for while patrol throws', [threw, threw, run('m7')], ['well', 'well'], 'message m7'],
    [
      'is asked for while patrol throws to the end',
      [threw],
      ['ill'],
      'vain: patrol answered ledger: no answer',
    ],
    [
      'is answered by somebody else',
      [ran({ message: 'hello' })],
      ['ill'],
      'patrol answered {"message":"hello"}',
    ],
    ['is answered with a test of another shape', [ran({ test: 7 })], ['ill'], 'patrol answered {"test":7}'],
    ['is unknown to an older patrol', [ran({ time: 't', findings: [] })], ['unknown'], 'is older'],
  ])('that %s', async (_, patrol, states, said) => {
    const { findings } = await tested(patrol);
    expect(findings.map(({ state }) => state)).toEqual(states);
    expect(findings.at(-1)?.said).toContain(said);
  });

  it('without patrol is sent, and shows in its report alone', async () => {
    const { findings, published } = await tested(
      [],
      [TEXT.slice(TEXT.indexOf('  # Every minute: looks')), ''],
      ENVIRONMENT,
    );
    expect(published).toHaveLength(1);
    expect(findings).toMatchObject([{ state: 'unknown', said: expect.stringContaining('without patrol') }]);
  });

  it('is waited for aloud', async () => {
    const nothing = ran({ test: null });
    const { said } = await tested([...Array<Reply>(8).fill(nothing), run('m7')]);
    expect(said).toEqual([
      'test alarm: published to encode-alarms as message message-1',
      'test alarm: not there yet after 12 s',
      'test alarm: taken by alarm after 24 s, as run run-1',
    ]);
  });

  it('is another each time, and names its server alone', async () => {
    const ids = [];
    for (let time = 0; time < 2; time += 1) {
      const { published } = await tested([run('m7')]);
      expect(published).toHaveLength(1);
      const { alarm, email } = alarmIn(published[0] ?? '');
      expect(alarm).toMatchObject({ namespace: 'SYS.CPH', alarm_status: 'alarm' });
      expect(email).toContain('Nothing has to be done');
      ids.push(String(alarm['dimension']));
    }
    for (const id of ids) expect(id).toMatch(/^encode_server_id:encode-restart-checkup-[0-9a-f]{16}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('comes from a namespace that the functions listen to', async () => {
    const edit = ['  settings:', '  settings:\n    alarm_namespaces: ["MY.APP"]'] as const;
    const { published } = await tested([run('m7')], edit);
    expect(alarmIn(published[0] ?? '').alarm).toMatchObject({ namespace: 'MY.APP' });
  });

  it('goes to each topic of alarms', async () => {
    const other = ENVIRONMENT['ENCODE_RESTART_ALARM_TOPIC']?.replace('encode-alarms', 'other-alarms');
    const edit = ['  settings:', `  settings:\n    alarm_topics: ["${other}"]`] as const;
    const { findings, published } = await tested([run('m7')], edit);
    expect(published).toHaveLength(2);
    expect(findings.map(({ check }) => check)).toEqual([
      'alarm topic encode-alarms → alarm function',
      'report → report_topic',
      'alarm topic other-alarms → alarm function',
      'report → report_topic',
    ]);
  });
});
