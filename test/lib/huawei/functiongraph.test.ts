import { describe, expect, it, test } from 'vitest';
import { createFunctionGraph } from '../../../lib/huawei/functiongraph.ts';
import { errorOf, fakeWorld, json, PROJECT, type Reply, raw } from './fakes.ts';

const URN = `urn:fss:cn-north-4:${PROJECT}:function:default:encode-restart-patrol:latest`;

const graphOf = (answer: Parameters<typeof fakeWorld>[0]) => {
  const world = fakeWorld(answer, { service: 'functiongraph' });
  return { ...world, graph: createFunctionGraph(world.client) };
};

const accepted: Reply = json(202, { request_id: 'r1' });
const ofBytes = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });

describe('calling a function asynchronously', () => {
  it('puts the event into its queue, with two seconds for the answer', async () => {
    const { graph, sent, clock } = graphOf(() => accepted);
    expect(await graph.invokeAsync(URN, { run_id: 'run-1' })).toEqual({ requestId: 'r1' });
    const base = 'https://functiongraph.cn-north-4.myhuaweicloud.com/v2';
    const path = `${PROJECT}/fgs/functions/${encodeURIComponent(URN)}/invocations-async`;
    expect(sent.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', `${base}/${path}`, '{"run_id":"run-1"}'],
    ]);
    expect(clock.deadlines.map(({ span }) => span)).toEqual([2_000]);
  });

  test.each([raw('ECONNRESET'), raw('ECONNREFUSED'), json(500, {}), json(429, {})])(
    'is never repeated by the client, whatever comes back (%#)',
    async (reply) => {
      const { graph, sent } = graphOf(() => reply);
      await errorOf(graph.invokeAsync(URN, {}));
      expect(sent).toHaveLength(1);
    },
  );

  it('takes an event of 256 KB and refuses a larger one before it is sent', async () => {
    const { graph, sent } = graphOf(() => accepted);
    await graph.invokeAsync(URN, ofBytes(262_144));
    expect(sent).toHaveLength(1);
    expect(await errorOf(graph.invokeAsync(URN, ofBytes(262_145)))).toMatchObject({
      kind: 'rejected',
      code: 'event_too_big',
      said: 'expected an event of at most 262144 bytes, got 262145; nothing was sent',
    });
    expect(sent).toHaveLength(1);
  });

  test.each([['text'], [undefined], [null], [7]])('refuses an event that is no object: %j', async (event) => {
    const { graph, sent } = graphOf(() => accepted);
    expect(await errorOf(graph.invokeAsync(URN, event))).toMatchObject({ code: 'unusable_event' });
    expect(sent).toEqual([]);
  });

  it('tells an unknown function from a lost answer', async () => {
    const unknown = graphOf(() => json(404, { error_code: 'FSS.1051', error_msg: 'not found' }));
    expect(await errorOf(unknown.graph.invokeAsync(URN, {}))).toMatchObject({ kind: 'rejected' });
    const lost = graphOf(() => json(202, {}));
    expect(await errorOf(lost.graph.invokeAsync(URN, {}))).toMatchObject({ kind: 'lost' });
  });
});
