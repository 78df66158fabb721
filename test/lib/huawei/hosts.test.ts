import { describe, expect, it, test } from 'vitest';
import { createCph, isApiMissing } from '../../../lib/huawei/cph.ts';
import type { HttpRequest } from '../../../lib/huawei/transport.ts';
import { errorOf, fakeWorld, inTurn, json, PROJECT, type Reply, raw } from './fakes.ts';

const BASE = `https://cph.cn-north-4.myhuaweicloud.com/v1/${PROJECT}/cloud-phone`;

function cphOf(answer: (request: HttpRequest, index: number) => Reply) {
  const world = fakeWorld(answer);
  return { ...world, cph: createCph(world.client) };
}

describe('listing hosts', () => {
  it('goes through all of them, page after page', async () => {
    const hosts = Array.from({ length: 130 }, (_, index) => ({ server_id: `h${index}`, status: 5 }));
    const { cph, sent } = cphOf(({ url }) => {
      const { searchParams } = new URL(url);
      const offset = Number(searchParams.get('offset'));
      return json(200, { servers: hosts.slice(offset, offset + 100) });
    });
    expect(await cph.listHosts()).toEqual(
      hosts.map(({ server_id, status }) => ({ serverId: server_id, status })),
    );
    expect(sent[0]?.url).toBe(`${BASE}/servers?offset=0&limit=100`);
  });

  it('can be narrowed by host and status', async () => {
    const { cph, sent } = cphOf(() => json(200, { servers: [] }));
    expect(await cph.listHosts({ serverId: 'h1', status: 5 })).toEqual([]);
    expect(sent[0]?.url).toBe(`${BASE}/servers?server_id=h1&status=5&offset=0&limit=100`);
  });
});

const event = (id: string, more: object = {}) => ({
  ...{ event_id: id, server_id: 'h1', state: 'executing', type: 'system-maintenance' },
  ...more,
});
const page = (from: number, count: number, page_info?: object) =>
  json(200, {
    request_id: 'r',
    count: 0,
    scheduled_events: Array.from({ length: count }, (_, index) => event(`e${from + index}`)),
    ...(page_info === undefined ? {} : { page_info }),
  });

describe('listing scheduled events', () => {
  it('shows which host they are about, asking for each state by itself', async () => {
    const { cph, sent } = cphOf(({ url }) =>
      json(200, {
        scheduled_events: url.includes('executing') ? [event('e1', { server_name: 'x', type: null })] : [],
      }),
    );
    expect(await cph.listScheduledEvents({ states: ['scheduled', 'executing'] })).toEqual([
      { eventId: 'e1', serverId: 'h1', state: 'executing', type: '' },
    ]);
    expect(sent.map(({ url }) => url)).toEqual([
      `${BASE}/scheduled-events?state=scheduled&limit=100`,
      `${BASE}/scheduled-events?state=executing&limit=100`,
    ]);
  });

  test.each([
    ['next_marker', { next_marker: 'm1', current_count: 100 }, 'm1'],
    ['a name that nobody told us', { nextPage: 'm1' }, 'm1'],
    ['nothing: the last event', { next_marker: null }, 'e99'],
    ['nothing, without page_info: the last event', undefined, 'e99'],
  ])('goes on where the page says, by %s', async (_what, info, marker) => {
    const { cph, sent } = cphOf(inTurn(page(0, 100, info), page(100, 1, info)));
    expect(await cph.listScheduledEvents({ states: ['executing'] })).toHaveLength(101);
    expect(sent.map(({ url }) => new URL(url).searchParams.get('marker'))).toEqual([null, marker]);
  });

  it('ends when the marker repeats', async () => {
    const { cph, sent } = cphOf(() => page(0, 100, { next_marker: 'm1' }));
    expect(await cph.listScheduledEvents({ states: ['executing'] })).toHaveLength(100);
    expect(sent).toHaveLength(2);
  });

  it('does not pass part of an endless list for the whole', async () => {
    const { cph } = cphOf((_, index) => page(index * 100, 100));
    expect(await errorOf(cph.listScheduledEvents({ states: ['executing'] }))).toMatchObject({
      kind: 'lost',
      code: 'too_many_pages',
    });
  });

  test.each([
    ['the gateway knows no such API', json(404, { error_code: 'APIGW.0101', error_msg: 'x' }), true],
    ['CPH has not implemented it', json(501, {}), true],
    ['the account may not ask', json(403, { error_code: 'CPS.0001', error_msg: 'x' }), false],
    ['CPH is unwell', json(503, {}), false],
    ['the connection broke', raw('ECONNRESET'), false],
  ])('throws when %s, and says whether the API is missing', async (_what, reply: Reply, isMissing) => {
    const { cph } = cphOf(() => reply);
    expect(isApiMissing(await errorOf(cph.listScheduledEvents({ states: ['executing'] })))).toBe(isMissing);
  });
});
