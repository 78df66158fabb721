import { describe, expect, it } from 'vitest';
import type { Accept } from '../../../lib/api/api.ts';
import { problemOf } from '../../../lib/api/problem.ts';
import { ConfigurationError } from '../../../lib/runtime/context.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { SettingsError } from '../../../lib/settings-error.ts';
import { after, before, hours, minutes } from '../../../lib/time.ts';
import type { RestartRequest } from '../../../lib/types.ts';
import { desk, eventOf, NOW, runOf } from './calls.ts';

const IDS = { encode_server_ids: ['e1', 'e2'] };
const PAUSE = { who: 'li', why: 'maintenance', for: '2h' };
const WHO = { who: 'li', why: 'bad disk' };
const key = (value: string) => ({ 'Idempotency-Key': value });
const REQUEST: RestartRequest = {
  deliveryId: 'message-1',
  source: 'alarm',
  selector: { kind: 'candidates', ids: ['h1'] },
  reason: 'an alarm',
  requestedBy: 'rule',
  requestedAt: NOW,
  dryRun: false,
};

describe('POST /restarts', () => {
  it.each([
    [{ encode_server_ids: ['e1', 'e2', 'e1'] }, { kind: 'ids', encodeServerIds: ['e1', 'e2'] }],
    [
      { ...IDS, server_id: 'h1' },
      { kind: 'ids', encodeServerIds: ['e1', 'e2'], serverId: 'h1' },
    ],
    [{ server_ids: ['h1'] }, { kind: 'hosts', serverIds: ['h1'] }],
    [{ phone_ids: ['p1'] }, { kind: 'phones', phoneIds: ['p1'] }],
    [{ abnormal: true }, { kind: 'abnormal' }],
    [{ all: true }, { kind: 'all' }],
  ])('takes %j', async (body, selector) => {
    const at = desk();
    expect((await at.call('POST', '/restarts', { body })).status).toBe(202);
    expect(at.accepted).toMatchObject([{ selector, dryRun: false, source: 'http', requestedAt: NOW }]);
  });

  it('hands on who, why and a dry run', async () => {
    const at = desk();
    await at.call('POST', '/restarts', { body: { ...IDS, who: ' li ', reason: '黑屏', dry_run: true } });
    expect(at.accepted).toEqual([
      {
        deliveryId: expect.stringMatching(/^http-call:call-\d+$/),
        source: 'http',
        selector: { kind: 'ids', encodeServerIds: ['e1', 'e2'] },
        reason: '黑屏',
        requestedBy: 'li',
        requestedAt: NOW,
        dryRun: true,
      },
    ]);
  });

  it('takes texts as long as they may be, counted in characters', async () => {
    const at = desk();
    const body = { ...IDS, who: '李'.repeat(64), reason: '😀'.repeat(200) };
    expect((await at.call('POST', '/restarts', { body })).status).toBe(202);
  });

  it('takes 1,000 ids, 32 levels of nothing, and a body of 256 KB', async () => {
    const at = desk();
    const ids = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(64, 'e'));
    const text = JSON.stringify({ encode_server_ids: ids });
    const call = { text: text + ' '.repeat(256 * 1_024 - text.length) };
    expect((await at.call('POST', '/restarts', call)).status).toBe(202);
    const levels = { text: `{"all":${'['.repeat(31)}${']'.repeat(31)}}` };
    expect((await at.call('POST', '/restarts', levels)).place).toBe('body.all');
  });

  it.each(['", "all": false', '[{'.repeat(40), `"${'[{'.repeat(40)}`, '\\', '\\"', '{"a":1,"a":1}'])(
    'takes the reason %j, whatever it looks like in JSON',
    async (reason) => {
      const at = desk();
      expect((await at.call('POST', '/restarts', { body: { reason, all: true } })).status).toBe(202);
      expect(at.accepted).toMatchObject([{ reason }]);
    },
  );

  it('hands on the override of a named person for named servers', async () => {
    const at = desk();
    const override = { guards: ['window', 'cooldown', 'window'], why: 'customer waits' };
    await at.call('POST', '/restarts', { body: { ...IDS, who: 'li', override } });
    expect(at.accepted[0]?.override).toEqual({
      guards: ['cooldown', 'window'],
      who: 'li',
      why: 'customer waits',
    });
  });

  it('answers where the run is and what it is', async () => {
    const said = await desk().call('POST', '/restarts', { body: IDS, headers: key('k1') });
    expect(said).toMatchObject({
      status: 202,
      headers: {
        Location: '/encode-restart/restarts/run-http-key-k1',
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
      json: {
        run_id: 'run-http-key-k1',
        state: 'resolving',
        finished: false,
        trigger: { source: 'http', delivery_id: 'http-key:k1', dry_run: false },
        restarts: [],
      },
    });
    expect(said.text).toMatch(/^\{\n {2}"run_id"[\s\S]*\n\}\n$/);
  });

  it('says where relative to the call when the call does not show the path', async () => {
    const event = { path: '/encode-restart', pathParameters: { '': 'restarts' } };
    const said = await desk().call('POST', '', { body: IDS, headers: key('k1'), event });
    expect(said.headers['Location']).toBe('restarts/run-http-key-k1');
  });

  it.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])(
    'takes the content type %s',
    async (type) => {
      const call = { body: IDS, headers: { 'content-type': type } };
      expect((await desk().call('POST', '/restarts', call)).status).toBe(202);
    },
  );

  it('takes no content type for JSON, and a body that is not encoded', async () => {
    const at = desk();
    const headers = { 'content-type': [] };
    expect((await at.call('POST', '/restarts', { body: IDS, headers })).status).toBe(202);
    const raw = { body: JSON.stringify({ all: true }), isBase64Encoded: false };
    expect((await at.call('POST', '/restarts', { raw })).status).toBe(202);
  });

  it('works without a shared ledger', async () => {
    const at = desk({ shared: false });
    expect((await at.call('POST', '/restarts', { body: IDS })).status).toBe(202);
    expect(at.accepted).toHaveLength(1);
  });
});

describe('the same call again', () => {
  it('has one run: by its key, in any order of ids and keys', async () => {
    const at = desk();
    const first = await at.call('POST', '/restarts', { body: { ...IDS, who: 'li' }, headers: key('k1') });
    at.passes(minutes(5));
    const body = { who: 'li', encode_server_ids: ['e2', 'e1', 'e2'] };
    const second = await at.call('POST', '/restarts', { body, headers: { 'idempotency-key': 'k1' } });
    expect(second).toMatchObject({ status: 202, headers: { Location: first.headers['Location'] } });
    expect(second.json).toEqual(first.json);
    expect(at.state.runs.size).toBe(1);
  });

  it('by the id of the gateway when it has no key', async () => {
    const at = desk();
    const event = eventOf('POST', '/restarts', { body: IDS });
    expect((await at.send(event)).status).toBe(202);
    expect((await at.send(event)).status).toBe(202);
    expect(at.state.runs.size).toBe(1);
    await at.call('POST', '/restarts', { body: IDS });
    expect(at.state.runs.size).toBe(2);
  });

  it('and is 200 once the run has ended', async () => {
    const at = desk();
    await at.call('POST', '/restarts', { body: IDS, headers: key('k1') });
    for (const [id, run] of at.state.runs) at.state.runs.set(id, { ...run, state: 'done' });
    expect(await at.call('POST', '/restarts', { body: IDS, headers: key('k1') })).toMatchObject({
      status: 200,
      json: { state: 'done', finished: true },
    });
  });

  const base = { ...IDS, who: 'li', reason: 'r', override: { guards: ['cooldown'], why: 'w' } };
  it.each([
    ['other servers', { ...base, encode_server_ids: ['e1'] }],
    ['a host', { ...base, server_id: 'h1' }],
    ['another kind of selector', { who: 'li', reason: 'r', server_ids: ['e1', 'e2'] }],
    ['another reason', { ...base, reason: 'x' }],
    ['another person', { ...base, who: 'wang' }],
    ['a dry run', { ...base, dry_run: true }],
    ['no override', { ...IDS, who: 'li', reason: 'r' }],
    ['another guard', { ...base, override: { guards: ['storm'], why: 'w' } }],
    ['another why', { ...base, override: { guards: ['cooldown'], why: 'x' } }],
  ])('with %s is another request, and refused', async (_, body) => {
    const at = desk();
    await at.call('POST', '/restarts', { body: base, headers: key('k1') });
    expect(await at.call('POST', '/restarts', { body, headers: key('k1') })).toMatchObject({
      status: 422,
      json: { type: 'urn:encode-restart:problem:key-used-before' },
    });
    expect(at.state.runs.size).toBe(1);
  });

  it('with hosts or phones in another order is the same', async () => {
    for (const name of ['server_ids', 'phone_ids']) {
      const at = desk();
      await at.call('POST', '/restarts', { body: { [name]: ['a', 'b'] }, headers: key('k1') });
      const again = { body: { [name]: ['b', 'a'] }, headers: key('k1') };
      expect((await at.call('POST', '/restarts', again)).status).toBe(202);
      const other = { body: { [name]: ['b', 'c'] }, headers: key('k1') };
      expect((await at.call('POST', '/restarts', other)).status).toBe(422);
    }
  });

  it('a day later is a new one', async () => {
    const at = desk();
    await at.call('POST', '/restarts', { body: IDS, headers: key('k1') });
    at.passes(hours(25));
    expect((await at.call('POST', '/restarts', { body: { all: true }, headers: key('k1') })).status).toBe(
      202,
    );
    expect(at.accepted).toHaveLength(2);
  });

  it('that joined the run of an alarm is answered with that run', async () => {
    const accept: Accept = async () => ({ kind: 'known', run: runOf(REQUEST, NOW, { runId: 'r1' }) });
    expect(await desk({ accept }).call('POST', '/restarts', { body: IDS, headers: key('k1') })).toMatchObject(
      {
        status: 202,
        json: { run_id: 'r1' },
      },
    );
  });

  it('whose run cannot be read says so', async () => {
    const accept: Accept = async () => ({ kind: 'known', run: undefined });
    expect(await desk({ accept }).call('POST', '/restarts', { body: IDS, headers: key('k1') })).toMatchObject(
      {
        status: 409,
        headers: { 'Retry-After': '2' },
      },
    );
  });
});

describe('GET /restarts', () => {
  it('lists the runs of 48 hours, newest first, twenty of them, without rows', async () => {
    const at = desk();
    for (let age = 0; age < 60; age += 1) {
      const opened = before(NOW, hours(age));
      at.state.runs.set(`r${age}`, runOf(REQUEST, opened, { runId: `r${age}` }));
    }
    const ids = async (limit?: string) => {
      const said = await at.call('GET', '/restarts', { query: limit === undefined ? {} : { limit } });
      return said.json.restarts.map(({ run_id }: { run_id: string }) => run_id);
    };
    expect(await ids()).toEqual(Array.from({ length: 20 }, (_, age) => `r${age}`));
    expect(await ids('1')).toEqual(['r0']);
    expect(await ids('100')).toHaveLength(49);
    const { json } = await at.call('GET', '/restarts', { query: { limit: ['1'] } });
    expect(json.restarts[0]).toMatchObject({ state: 'resolving', trigger: { source: 'alarm' }, counts: {} });
    expect(json.restarts[0]).not.toHaveProperty('restarts');
    expect(json.restarts[0]).not.toHaveProperty('request_ids');
  });
});

describe('GET /restarts/{run_id}', () => {
  const held = (id: string) => ({
    encodeServerId: id,
    serverId: 'h1',
    resolvedAs: 'abnormal' as const,
    named: false,
    progress: {
      state: 'held' as const,
      endedAt: NOW,
      holds: [{ guard: 'pause' as const, reason: { code: 'paused' as const, who: 'li', why: 'x' } }],
    },
  });

  it('shows a run in full', async () => {
    const at = desk();
    at.state.runs.set('r1', runOf(REQUEST, NOW, { runId: 'r1', targets: [held('e1')], requestIds: ['q1'] }));
    const { status, json } = await at.call('GET', '/restarts/r1');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      run_id: 'r1',
      request_ids: ['q1'],
      restarts: [{ encode_server_id: 'e1', server_id: 'h1', outcome: 'held', holds: [{ guard: 'pause' }] }],
    });
    expect(json).not.toHaveProperty('next_offset');
  });

  it('goes in pages, as an answer has at most 6 MB', async () => {
    const at = desk();
    const targets = Array.from({ length: 2_500 }, (_, index) => held(`e${index}`));
    at.state.runs.set('r1', runOf(REQUEST, NOW, { runId: 'r1', targets }));
    const seen = new Set<string>();
    let offset: number | undefined = 0;
    let pages = 0;
    while (offset !== undefined) {
      const said = await at.call('GET', '/restarts/r1', { query: { offset: `${offset}` } });
      expect(said.json.restarts.length).toBeLessThanOrEqual(1_000);
      for (const { encode_server_id } of said.json.restarts) seen.add(encode_server_id);
      offset = said.json.next_offset;
      pages += 1;
    }
    expect([seen.size, pages]).toEqual([2_500, 3]);
  });
});

describe('/pause', () => {
  it('is set, read, replaced and taken back', async () => {
    const at = desk();
    expect((await at.call('GET', '/pause')).json).toEqual({ paused: false });
    const set = await at.call('PUT', '/pause', { body: PAUSE });
    expect(set).toMatchObject({
      status: 200,
      json: { paused: true, who: 'li', why: 'maintenance', until: '2026-03-01T20:30:00Z' },
    });
    expect((await at.call('GET', '/pause')).json).toEqual(set.json);
    const body = { who: 'wang', why: 'longer', until: '2026-03-02T02:30:00+08:00' };
    expect((await at.call('PUT', '/pause', { body })).status).toBe(400);
    const right = { ...body, until: '2026-03-02T06:30:00+08:00' };
    await at.call('PUT', '/pause', { body: right });
    expect(at.state.pause).toMatchObject({ who: 'wang', why: 'longer', until: after(NOW, hours(4)) });
    expect(await at.call('DELETE', '/pause')).toMatchObject({
      status: 200,
      json: { paused: false, was: { who: 'wang', why: 'longer', until: '2026-03-01T22:30:00Z' } },
    });
    expect(at.state).not.toHaveProperty('pause');
    expect(await at.call('DELETE', '/pause')).toMatchObject({ status: 204, text: '' });
  });

  it.each([{ for: '24h' }, { for: '1d' }, { for: '1s' }, { until: '2026-03-02T18:30:00Z' }])(
    'lasts %j',
    async (end) => {
      const at = desk();
      expect((await at.call('PUT', '/pause', { body: { ...WHO, ...end } })).status).toBe(200);
    },
  );

  it('is over when its time is over', async () => {
    const at = desk();
    await at.call('PUT', '/pause', { body: PAUSE });
    at.passes(hours(2));
    expect((await at.call('GET', '/pause')).json).toEqual({ paused: false });
    expect((await at.call('GET', '/health')).json.paused).toBeNull();
    expect((await at.call('DELETE', '/pause')).status).toBe(204);
  });
});

describe('/handed-over', () => {
  it('lists who needs a person, and takes one back', async () => {
    const at = desk();
    const attempts = [before(NOW, hours(2)), before(NOW, hours(1))];
    const handedOver = { since: before(NOW, minutes(50)), why: 'three attempts' };
    const record = { serverId: 'h1', attempts, handedOver };
    at.state.servers.set('e2', { ...record, lastAttemptAt: before(NOW, hours(1)) });
    at.state.servers.set('e1', record);
    at.state.servers.set('e3', { serverId: 'h1', attempts: [] });
    const { json } = await at.call('GET', '/handed-over');
    expect(json.handed_over).toEqual([
      {
        encode_server_id: 'e1',
        server_id: 'h1',
        since: '2026-03-01T17:40:00Z',
        why: 'three attempts',
        attempts: 2,
        last_attempt_at: null,
      },
      expect.objectContaining({ encode_server_id: 'e2', last_attempt_at: '2026-03-01T17:30:00Z' }),
    ]);
    expect(await at.call('DELETE', '/handed-over/e1')).toMatchObject({
      status: 200,
      json: { encode_server_id: 'e1', handed_over: false, was: { why: 'three attempts', attempts: 2 } },
    });
    expect(at.state.servers.get('e1')).toEqual({ serverId: 'h1', attempts: [] });
    expect((await at.call('DELETE', '/handed-over/e1')).status).toBe(404);
    expect((await at.call('GET', '/handed-over')).json.handed_over).toHaveLength(1);
  });
});

describe('/exclusions', () => {
  it('are added, listed oldest first beside those of the settings, and removed', async () => {
    const at = desk({ settings: { exclude: ['h9'] } });
    expect(await at.call('PUT', '/exclusions/h2', { body: WHO })).toMatchObject({
      status: 200,
      json: { id: 'h2', ...WHO, since: '2026-03-01T18:30:00Z' },
    });
    at.passes(minutes(1));
    await at.call('PUT', '/exclusions/h1', { body: WHO });
    expect((await at.call('GET', '/exclusions')).json).toEqual({
      exclusions: [
        { id: 'h2', ...WHO, since: '2026-03-01T18:30:00Z' },
        { id: 'h1', ...WHO, since: '2026-03-01T18:31:00Z' },
      ],
      in_settings: ['h9'],
    });
    expect((await at.call('DELETE', '/exclusions/h2')).json).toEqual({ id: 'h2', excluded: false });
    expect([...at.state.exclusions.keys()]).toEqual(['h1']);
  });

  it('of the settings stay, and an answer says so', async () => {
    const at = desk({ settings: { exclude: ['h9'] } });
    expect(await at.call('DELETE', '/exclusions/h9')).toMatchObject({
      status: 404,
      json: { detail: 'h9 is excluded by the settings alone: take it out there and deploy' },
    });
    await at.call('PUT', '/exclusions/h9', { body: WHO });
    expect((await at.call('DELETE', '/exclusions/h9')).json).toEqual({ id: 'h9', excluded: true });
  });

  it('whose ids are words of ours are ids all the same', async () => {
    const at = desk();
    for (const id of ['pause', 'health', 'restarts', 'constructor', '__proto__']) {
      expect((await at.call('PUT', `/exclusions/${id}`, { body: WHO })).json.id).toBe(id);
      expect((await at.call('DELETE', `/exclusions/${id}`)).status).toBe(200);
    }
    expect(at.state).not.toHaveProperty('pause');
  });
});

describe('GET /health', () => {
  it('says what is going on', async () => {
    const at = desk();
    const settings = parseSettings({ region: 'cn-north-4', mode: 'observe' });
    expect(await at.call('GET', '/health')).toMatchObject({
      status: 200,
      json: {
        status: 'ok',
        mode: 'observe',
        shared_ledger: true,
        paused: null,
        storm: null,
        open_runs: 0,
        handed_over: 0,
        settings_hash: settings.hash,
        time: '2026-03-01T18:30:00Z',
      },
    });
    await at.call('PUT', '/pause', { body: PAUSE });
    at.state.storm = { since: NOW, round: { startedAt: NOW, size: 1, canaries: new Map() } };
    at.state.runs.set('r1', runOf(REQUEST, NOW));
    at.state.runs.set('r2', runOf(REQUEST, NOW, { state: 'done' }));
    const handedOver = { since: NOW, why: 'x' };
    at.state.servers.set('e1', { serverId: 'h1', attempts: [], handedOver });
    expect((await at.call('GET', '/health')).json).toMatchObject({
      paused: { who: 'li', why: 'maintenance', until: '2026-03-01T20:30:00Z' },
      storm: { since: '2026-03-01T18:30:00Z' },
      open_runs: 1,
      handed_over: 1,
    });
  });

  it('without a shared ledger says so, and nothing that it cannot know', async () => {
    const { status, json } = await desk({ shared: false }).call('GET', '/health');
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['status', 'mode', 'shared_ledger', 'settings_hash', 'time']);
    expect(json.shared_ledger).toBe(false);
  });

  it('is 503 when the ledger fails, and says why in the log alone', async () => {
    const recall = async () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    const at = desk({ ledger: { recall } });
    const said = await at.call('GET', '/health');
    expect(said).toMatchObject({
      status: 503,
      json: { type: 'urn:encode-restart:problem:ledger-unavailable' },
    });
    expect(said.text).not.toContain('10.0.0.7');
    expect(at.lines.join()).toContain('10.0.0.7');
  });

  it('is 503 when the ledger does not answer in time, be it over at once or later', async () => {
    const unfinishedRuns = () => new Promise<never>(() => undefined);
    for (const late of [false, true]) {
      const deadline = () => {
        const controller = new AbortController();
        if (late) setImmediate(() => controller.abort());
        else controller.abort();
        return { signal: controller.signal, clear: () => undefined };
      };
      const at = desk({ ledger: { unfinishedRuns }, deadline });
      expect((await at.call('GET', '/health')).status).toBe(503);
    }
  });
});

describe('a path', () => {
  const found: readonly (readonly [sentence: string, event: Readonly<Record<string, unknown>>])[] = [
    ['alone', { path: '/health' }],
    ['behind the API’s own path', { path: '/encode-restart/health' }],
    ['behind two of them', { path: '/v1/encode-restart/health' }],
    ['with a slash at its end', { path: '/encode-restart/health/' }],
    ['with two slashes', { path: '//encode-restart//health' }],
    ['without a slash', { path: 'health' }],
    ['captured by a prefix match', { path: '/encode-restart', pathParameters: { '': 'health' } }],
    ['captured with a slash', { path: '/encode-restart', pathParameters: { '': '/health/' } }],
    ['captured by {proxy+}', { path: '/encode-restart/{proxy+}', pathParameters: { proxy: 'health' } }],
    ['captured as well', { path: '/encode-restart/health', pathParameters: { '': 'health' } }],
    [
      'captured by an API whose path is a word of ours',
      { path: '/pause/health', pathParameters: { '': 'health' } },
    ],
  ];
  it.each(found)('is found %s', async (_, event) => {
    expect(await desk().call('GET', '', { event })).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  it('with an id is found captured too, its percents decoded', async () => {
    const at = desk();
    at.state.runs.set('run_1', runOf(REQUEST, NOW, { runId: 'run_1' }));
    const event = { path: '/x', pathParameters: { '': 'restarts/run%5F1' } };
    expect((await at.call('GET', '', { event })).json.run_id).toBe('run_1');
  });

  it('as called counts before what was captured of it', async () => {
    const at = desk();
    await at.call('PUT', '/pause', { body: PAUSE });
    const event = { path: '/x/exclusions/pause', pathParameters: { '': 'pause' } };
    expect((await at.call('DELETE', '', { event })).status).toBe(404);
    expect(at.state.pause).toMatchObject({ who: 'li' });
  });

  it('that could carry something else into Location is left out of it', async () => {
    const event = { path: '/x\r\nSet-Cookie: a=b/restarts' };
    const said = await desk().call('POST', '', { body: IDS, headers: key('k1'), event });
    expect(said).toMatchObject({ status: 202, headers: { Location: 'restarts/run-http-key-k1' } });
  });
});

describe('a method', () => {
  it.each([
    ['PATCH', '/restarts', 'GET, HEAD, POST'],
    ['PUT', '/restarts/r1', 'GET, HEAD'],
    ['POST', '/pause', 'GET, HEAD, PUT, DELETE'],
    ['PUT', '/handed-over', 'GET, HEAD'],
    ['GET', '/handed-over/e1', 'DELETE'],
    ['HEAD', '/handed-over/e1', 'DELETE'],
    ['POST', '/exclusions', 'GET, HEAD'],
    ['GET', '/exclusions/h1', 'PUT, DELETE'],
    ['OPTIONS', '/health', 'GET, HEAD'],
  ])('%s of %s is answered with what it takes: %s', async (method, path, allow) => {
    const { status, headers } = await desk().call(method, path);
    expect([status, headers['Allow']]).toEqual([405, allow]);
    expect(Object.keys(headers).filter((name) => /^access-control/i.test(name))).toEqual([]);
  });

  it('HEAD is GET without a body, in a refusal too', async () => {
    const at = desk();
    for (const path of ['/health', '/restarts', '/nowhere', '/restarts/r1']) {
      const { text: _, json: __, ...got } = await at.call('GET', path);
      expect(await at.call('HEAD', path)).toEqual({ ...got, text: '', json: undefined });
    }
    const stranger = { headers: { authorization: 'x' } };
    expect(await at.call('HEAD', '/health', stranger)).toMatchObject({ status: 401, text: '' });
  });

  it('is taken in any case', async () => {
    expect((await desk().call('get', '/health')).status).toBe(200);
  });
});

describe('without a shared ledger', () => {
  it.each([
    ['GET', '/restarts', {}],
    ['GET', '/restarts/r1', {}],
    ['GET', '/pause', {}],
    ['PUT', '/pause', { body: PAUSE }],
    ['DELETE', '/pause', {}],
    ['GET', '/handed-over', {}],
    ['DELETE', '/handed-over/e1', {}],
    ['GET', '/exclusions', {}],
    ['PUT', '/exclusions/h1', { body: WHO }],
    ['DELETE', '/exclusions/h1', {}],
  ])('%s %s says that there is none', async (method, path, call) => {
    const at = desk({ shared: false });
    const before = at.remembered();
    expect(await at.call(method, path, call)).toMatchObject({
      status: 503,
      json: {
        type: 'urn:encode-restart:problem:no-shared-ledger',
        detail: expect.stringContaining('no shared ledger'),
      },
    });
    expect(at.remembered()).toEqual(before);
  });
});

describe('whatever goes wrong', () => {
  it('is a 500 that says nothing but where to look, and a line in the log that says it', async () => {
    for (const thrown of [new Error('redis at 10.0.0.7'), 'redis at 10.0.0.7', undefined, null]) {
      const at = desk({ accept: async () => Promise.reject(thrown) });
      const said = await at.call('POST', '/restarts', { body: IDS });
      expect(said).toMatchObject({
        status: 500,
        headers: { 'Content-Type': 'application/problem+json' },
        json: { type: 'urn:encode-restart:problem:failed' },
      });
      expect(said.text).not.toContain('10.0.0.7');
      expect(at.lines).toHaveLength(1);
      if (thrown instanceof Error) expect(at.lines[0]).toContain('10.0.0.7');
    }
  });

  it('before a call is looked at names what is set up wrong, and not what was found there', () => {
    const settings = problemOf(new SettingsError('mode: expected "observe" or "active", got "hunter2"'));
    expect(settings.status).toBe(503);
    expect(JSON.parse(settings.body).detail).toMatch(/^mode: expected "observe" or "active"\. The log/);
    expect(settings.body).not.toContain('hunter2');
    const agency = problemOf(
      new ConfigurationError('function webhook: expected temporary credentials, got none.'),
    );
    expect(agency).toMatchObject({ status: 503 });
    expect(problemOf(new TypeError('x is not a function'))).toMatchObject({ status: 500 });
  });

  it('a call is one line of the log', async () => {
    const at = desk();
    await at.call('POST', '/restarts', { body: IDS });
    await at.call('GET', '/restarts/r1');
    expect(at.lines.map((line) => JSON.parse(line))).toEqual([
      { message: 'call answered', api_request_id: expect.any(String), call: 'POST restarts', status: 202 },
      {
        message: 'call refused',
        api_request_id: expect.any(String),
        call: 'GET restarts/{id}',
        status: 404,
        code: 'not-found',
        reason: expect.stringContaining('no run r1'),
      },
    ]);
  });
});
