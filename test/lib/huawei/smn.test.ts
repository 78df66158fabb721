import { describe, expect, it, test } from 'vitest';
import { createSmn } from '../../../lib/huawei/smn.ts';
import { errorOf, fakeWorld, inTurn, json, PROJECT, type Reply, raw } from './fakes.ts';

const URN = 'urn:smn:cn-north-4:ffffffffffffffffffffffffffffffff:reports';
const message = { subject: 'Betreff 云', messageStructure: '{"default":"text"}' };

const smnOf = (answer: Parameters<typeof fakeWorld>[0]) => {
  const world = fakeWorld(answer, { service: 'smn' });
  return { ...world, smn: createSmn(world.client) };
};

const accepted: Reply = json(200, { request_id: 'r', message_id: 'm1' });

describe('publishing', () => {
  it("goes to the topic, in the topic's project", async () => {
    const { smn, sent } = smnOf(() => accepted);
    expect(await smn.publish(URN, message)).toEqual({ messageId: 'm1' });
    const [request] = sent;
    const urn = encodeURIComponent(URN);
    const base = 'https://smn.cn-north-4.myhuaweicloud.com/v2';
    expect(request?.url).toBe(`${base}/ffffffffffffffffffffffffffffffff/notifications/topics/${urn}/publish`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      subject: message.subject,
      message_structure: message.messageStructure,
    });
  });

  it('leaves a topic that is none to SMN, in our project', async () => {
    const { smn, sent } = smnOf(() => json(400, { code: 'SMN.0005', message: 'bad topic_urn' }));
    expect(await errorOf(smn.publish('reports', message))).toMatchObject({
      kind: 'rejected',
      code: 'SMN.0005',
    });
    expect(sent[0]?.url).toContain(`/v2/${PROJECT}/notifications/topics/reports/publish`);
  });

  it('refuses a topic that climbs out of its path', async () => {
    const { smn, sent } = smnOf(() => accepted);
    expect(await errorOf(smn.publish('..', message))).toMatchObject({ code: 'unusable_id' });
    expect(sent).toEqual([]);
  });

  test.each([raw('ECONNRESET'), json(500, { code: 'SMN.0018', message: 'x' }), json(429, {})])(
    'is tried again when nobody knows (%#): twice is better than never',
    async (reply) => {
      const { smn, sent } = smnOf(inTurn(reply, accepted));
      expect(await smn.publish(URN, message)).toEqual({ messageId: 'm1' });
      expect(sent).toHaveLength(2);
    },
  );

  it('is not tried again when SMN refuses', async () => {
    const { smn, sent } = smnOf(() => json(403, { code: 'SMN.00308', message: 'policy' }));
    expect(await errorOf(smn.publish(URN, message))).toMatchObject({ kind: 'not_authorised' });
    expect(sent).toHaveLength(1);
  });

  it('is lost without a message id', async () => {
    const { smn } = smnOf(() => json(200, { request_id: 'r' }));
    expect(await errorOf(smn.publish(URN, message))).toMatchObject({
      kind: 'lost',
      code: 'unreadable_answer',
    });
  });
});
