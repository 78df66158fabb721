/** A Redis that does not answer: nothing is restarted, the invocation fails, and patrol says so every half hour. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { LedgerFormatUnknown } from '../../../lib/ledger/redis/errors.ts';
import { openLedger } from '../../../lib/ledger/redis/index.ts';
import { minutes, seconds, systemClock } from '../../../lib/time.ts';
import type { LocalPlatform } from '../../../local/ground.ts';
import { alarmEvent, restarted, row, stage, T0, TOPIC, timerEvent } from '../../support/stage.ts';

const PAGES = TOPIC.replace('encode-alarms', 'encode-restart-pages');
const FLEET = [row('h1', 's1', 2), row('h1', 's2')];

/** Nothing listens there. */
let away: Ledger;
beforeAll(async () => {
  const url = 'redis://ops:not-to-be-told@127.0.0.1:1';
  ({ ledger: away } = await openLedger(url, { tag: 't', now: systemClock.now, deadline: seconds(5) }));
});

/** Another version has written there. */
const ofAnotherFormat = () =>
  new Proxy(away, {
    get: (ledger, name) =>
      name === 'shared'
        ? ledger.shared
        : () =>
            Promise.reject(
              new LedgerFormatUnknown('127.0.0.1:1', 'expected format 4, got 3 of another version'),
            ),
  });

/** One warm instance whose Redis is away while `isAway` says so; it stands for Redis otherwise. */
function warm(isAway: (minute: number) => boolean, instead = () => away) {
  let ground: LocalPlatform | undefined;
  return (platform: LocalPlatform): LocalPlatform => {
    ground ??= {
      ...platform,
      get ledger() {
        return isAway((platform.clock.now() - T0) / 60_000) ? instead() : platform.ledger;
      },
    };
    return ground;
  };
}

/** T0 is at minute 30; `patrol` comes at every full minute after it. */
const patrolled = (span: number, isAway: (minute: number) => boolean, settings: object = {}) =>
  stage({
    functionName: 'patrol',
    fleet: FLEET,
    events: [timerEvent(undefined, T0, 'every-minute')],
    settings: { page_topic: PAGES, ...settings },
    patrolFor: minutes(span),
    instance: warm(isAway),
  });

const always = () => true;
const pages = ({ reports }: Awaited<ReturnType<typeof stage>>) =>
  reports.filter(({ topic_urn }) => topic_urn === PAGES);

describe('a patrol whose ledger does not answer', () => {
  it('fails, restarts nothing, and calls a person at minute 0 and 30 of the hour, once each', async () => {
    const played = await patrolled(65, always);
    expect(played.failed).toHaveLength(1);
    expect(restarted(played)).toEqual([]);
    expect(played.calls).toEqual({ PublishMessage: 3 });
    expect(pages(played).map(({ at }) => at)).toEqual([
      '2026-03-01T18:30:00Z',
      '2026-03-01T19:00:00Z',
      '2026-03-01T19:30:00Z',
    ]);
  });

  it('is as good as away when another version has written in it: patrol says so', async () => {
    const played = await stage({
      functionName: 'patrol',
      fleet: FLEET,
      events: [timerEvent(undefined, T0, 'every-minute')],
      settings: { page_topic: PAGES },
      instance: warm(always, ofAnotherFormat),
    });
    expect([played.failed?.length, restarted(played)]).toEqual([1, []]);
    expect(pages(played)[0]?.messages['email']).toContain('expected format 4, got 3 of another version');
  });

  it('says what is away, since when if it can know, what that means and what to do', async () => {
    const [first, second] = pages(await patrolled(30, always));
    expect(first?.subject).toBe(
      '[encode-restart] Person needed: the ledger does not answer, nothing is restarted',
    );
    expect(first?.messages['email']).toMatch(
      /Redis at 127\.0\.0\.1:1 gives patrol no answer: “connect ECONNREFUSED/,
    );
    expect(second?.messages['email']).toContain('not since 2026-03-01 18:30:00 UTC at the latest');
    expect(second?.messages['email']).toMatch(
      /For you to do: +Look at the Redis instance in the DCS console/,
    );
    expect(JSON.parse(second?.messages['functionstage'] ?? '')).toMatchObject({
      code: 'ledger_away',
      needs_person: true,
      figures: { where: '127.0.0.1:1', since: '2026-03-01T18:30:00Z' },
    });
  });

  it('says it in Chinese to those who read Chinese', async () => {
    const [first] = pages(await patrolled(0, always, { language: 'zh-CN' }));
    expect(first?.messages['email']).toMatch(/^账本没有响应，不重启任何服务器。需要人工处理。/);
    expect(first?.messages['email']).toContain('127.0.0.1:1');
  });

  it('repeats no password, neither to people nor in the log', async () => {
    const played = await patrolled(0, always);
    expect(JSON.stringify([played.reports, played.log, played.failed])).not.toContain('not-to-be-told');
  });

  it('says nothing at other minutes, and begins anew when it was answered in between', async () => {
    const played = await patrolled(65, (minute) => minute >= 1 && minute <= 20);
    expect(pages(played)).toEqual([]);
    const [page, ...more] = pages(await patrolled(65, (minute) => minute >= 25 && minute !== 40));
    expect(page?.messages['email']).toContain('not since 2026-03-01 18:55:00 UTC at the latest');
    expect(more.map(({ messages }) => messages['email'])).toEqual([
      expect.stringContaining('not since 2026-03-01 19:11:00 UTC at the latest'),
    ]);
  });

  it('told the same minute twice, because the platform delivers it again, says it once', async () => {
    const event = timerEvent(undefined, T0, 'every-minute');
    const played = await stage({
      functionName: 'patrol',
      fleet: FLEET,
      events: [event, event],
      settings: { page_topic: PAGES },
      instance: warm(always),
    });
    expect(played.failed).toHaveLength(2);
    expect(pages(played)).toHaveLength(1);
  });

  it('carries on as soon as it is answered again', async () => {
    const played = await patrolled(40, (minute) => minute < 10);
    expect(restarted(played)).toEqual(['s1']);
  });

  it('writes it to the log in full when nobody takes it', async () => {
    const played = await stage({
      functionName: 'patrol',
      fleet: FLEET,
      events: [timerEvent(undefined, T0, 'every-minute')],
      settings: { page_topic: PAGES },
      faults: ['smn-down'],
      instance: warm(always),
    });
    expect(pages(played)).toEqual([]);
    expect(played.log.map(({ message }) => message)).toContain('notice, in full: it could not be published');
  });

  it('called for one run keeps quiet: the minute itself speaks', async () => {
    const played = await stage({
      functionName: 'patrol',
      fleet: FLEET,
      events: [{ run_id: 'r1' }],
      settings: { page_topic: PAGES },
      instance: warm(always),
    });
    expect(played.failed).toHaveLength(1);
    expect(pages(played)).toEqual([]);
  });
});

describe('without an answer from the ledger', () => {
  it.each([
    ['alarm', alarmEvent('server_id:h1')],
    ['schedule', timerEvent({ all: true })],
  ])('%s fails and restarts nothing', async (functionName, event) => {
    const played = await stage({ functionName, fleet: FLEET, events: [event], instance: warm(always) });
    expect(played.failed).toHaveLength(1);
    expect(restarted(played)).toEqual([]);
    expect(played.calls['RestartEncodeServer']).toBeUndefined();
  });
});
