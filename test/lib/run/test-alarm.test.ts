/** A test alarm from its event to its report, over real HTTP: it is told of, and restarts nothing in any mode. */
import { describe, expect, it } from 'vitest';
import { testAlarm, testId } from '../../../lib/intake/test-alarm.ts';
import { minutes } from '../../../lib/time.ts';
import { alarmEvent, restarted, row, stage, T0, TOPIC } from '../../support/stage.ts';

const ID = testId('0123456789abcdef');
const FLEET = [row('h1', 's1', 2), row('h1', 's2', 2), row('h2', 's3')];
const ACTIVE = { mode: 'active' };

const testEvent = (id = ID) => {
  const smn = {
    topic_urn: TOPIC,
    timestamp: new Date(T0).toISOString(),
    message: testAlarm(id, 'SYS.CPH', T0),
    type: 'notification',
    message_id: 'message-of-a-test',
    subject: 'test',
  };
  return { record: [{ event_version: '1.0', event_source: 'smn', smn }] };
};

describe('a test alarm', () => {
  it.each(['active', 'observe'])(
    'in mode %s is written down, reported as a test, and restarts nothing',
    async (mode) => {
      const played = await stage({ fleet: FLEET, events: [testEvent()], settings: { mode } });
      expect(restarted(played)).toEqual([]);
      expect(played.runs).toMatchObject([{ state: 'cancelled', test: true, trigger: { dry_run: true } }]);
      const [report, ...others] = played.reports;
      expect(others).toEqual([]);
      expect(report?.subject).toBe('[encode-restart] test: an alarm has come through');
      expect(report?.messages['default']).toMatch(
        /test alarm of "serverless checkup".*2 abnormal encode servers/,
      );
      expect(report?.messages['default']).toContain('Nothing has to be done');
      expect(JSON.parse(report?.messages['functionstage'] ?? '{}')).toMatchObject({
        test: true,
        needs_person: false,
      });
    },
  );

  it('says the same in Chinese', async () => {
    const settings = { ...ACTIVE, language: 'zh-CN' };
    const played = await stage({ fleet: FLEET, events: [testEvent()], settings });
    expect(played.reports[0]?.subject).toBe('[encode-restart] 测试：告警已送达');
    expect(played.reports[0]?.messages['default']).toContain('当前显示 2 台编码服务器异常。无需处理');
  });

  it('without a shared ledger is reported just so', async () => {
    const settings = { ...ACTIVE, ledger: 'memory' };
    const played = await stage({ fleet: FLEET, events: [testEvent()], settings, sharedLedger: false });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toHaveLength(1);
  });

  it('delivered twice is reported once', async () => {
    const played = await stage({ fleet: FLEET, events: [testEvent(), testEvent()], settings: ACTIVE });
    expect(played.reports).toHaveLength(1);
    expect(played.ignored).toMatchObject([{ event: 1, reason: 'a test alarm that was delivered before' }]);
  });

  it('takes nothing from a real alarm that comes with it', async () => {
    const events = [testEvent(), alarmEvent('server_id:h1', { at: T0 + 1_000 })];
    const played = await stage({ fleet: FLEET, events, settings: ACTIVE });
    expect(restarted(played)).toEqual(['s1', 's2']);
  });

  it('beside a real resource is a real alarm', async () => {
    const event = alarmEvent(`server_id:h1,encode_server_id:${ID}`);
    const played = await stage({ fleet: FLEET, events: [event], settings: ACTIVE });
    expect(restarted(played)).toEqual(['s1', 's2']);
  });

  it('is no run of the daily digest', async () => {
    const played = await stage({
      fleet: [row('h1', 's1')],
      events: [testEvent()],
      settings: { ...ACTIVE, digest_at: '18:35 UTC' },
      patrolFor: minutes(10),
    });
    const digest = played.reports.find(({ messages }) => messages['functionstage']?.includes('digest/1'));
    expect(JSON.parse(digest?.messages['functionstage'] ?? '{}')).toMatchObject({ runs: 0 });
  });
});
