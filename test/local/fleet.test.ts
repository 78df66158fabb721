/** Fleets: the standard one, and what is wrong with a file. */
import { expect, test } from 'vitest';
import { readFleet, standardFleet, standardHostId, standardServerId } from '../../local/fleet.ts';

test('the standard fleet has four hosts with five servers each, and as many unwell as asked for', () => {
  const fleet = standardFleet({ abnormal: 2 });
  expect(fleet).toHaveLength(20);
  expect(new Set(fleet.map(({ server_id }) => server_id)).size).toBe(4);
  expect(fleet.filter(({ status }) => status === 2).map(({ encode_server_id }) => encode_server_id)).toEqual([
    standardServerId(1, 1),
    standardServerId(1, 2),
  ]);
  expect(standardFleet({ abnormal: 0 }).every(({ status }) => status === 1)).toBe(true);
  expect(standardFleet().filter(({ status }) => status === 2)).toHaveLength(1);
  const ids = fleet.flatMap(({ encode_server_id, server_id, phones }) => [
    encode_server_id,
    server_id,
    ...phones,
  ]);
  expect(ids.filter((id) => !/^[0-9a-f]{32}$/.test(id))).toEqual([]);
  expect(readFleet(JSON.stringify(fleet))).toEqual(fleet);
  expect(standardHostId(1)).toHaveLength(32);
});

test('a row needs only its ids', () => {
  expect(readFleet('[{"encode_server_id":"es-1","server_id":"host-a"}]')).toEqual([
    {
      encode_server_id: 'es-1',
      server_id: 'host-a',
      status: 1,
      type: 0,
      phones: [],
      recovers: true,
      host_status: 5,
    },
  ]);
});

const row = (fields: object): object => ({ encode_server_id: 'es-1', server_id: 'host-a', ...fields });

test.each([
  ['{', /expected JSON/],
  ['{}', /whole file: /],
  [[row({}), { server_id: 'host-a' }], /row 2, encode_server_id: /],
  [[row({ status: '2' })], /row 1, status: /],
  [[row({ phones: ['p 1'] })], /row 1, phones\[0\]: expected 1 to 64/],
  [[row({ recover: true })], /row 1: .*recover/],
  [[5], /row 1: /],
  [[row({}), row({})], /row 2, encode_server_id: the same as in row 1/],
  [[row({}), row({ encode_server_id: 'es-2', host_status: 2 })], /row 2, host_status: .*host-a/],
  [
    [row({ phones: ['p'] }), row({ encode_server_id: 'es-2', server_id: 'host-b', phones: ['p'] })],
    /row 2, phones: p is on another host/,
  ],
])('the fleet %j is refused, saying where', (json, message) => {
  expect(() => readFleet(json)).toThrow(message);
});
