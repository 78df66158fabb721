import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { isProblem } from '../../events/event.ts';
import { type EventSelector, readSelector, SELECTOR_KEYS } from '../../events/selector.ts';
import type { Selector } from '../../lib/types.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

describe('a selector', () => {
  it.each([
    [{}, undefined],
    [{ reason: 'x' }, undefined],
    [{ all: true }, { kind: 'all' }],
    [{ abnormal: true }, { kind: 'abnormal' }],
    [{ encode_server_ids: ['b', 'a', 'b'] }, { kind: 'ids', encodeServerIds: ['b', 'a'] }],
    [
      { encode_server_ids: ['e1'], server_id: 'h1' },
      { kind: 'ids', encodeServerIds: ['e1'], serverId: 'h1' },
    ],
    [{ server_ids: ['h1', 'h1'] }, { kind: 'hosts', serverIds: ['h1'] }],
    [{ phone_ids: ['p-1_A'] }, { kind: 'phones', phoneIds: ['p-1_A'] }],
    [{ server_ids: ids(1_000) }, { kind: 'hosts', serverIds: ids(1_000) }],
  ])('in %j is read as what it says', (body, selector) => {
    expect(readSelector(body, 'body')).toEqual(selector);
  });

  const anId = 'expected an id of 1 to 64 letters, digits, "_" or "-"';
  it.each([
    [{ encode_server_ids: [] }, 'body.encode_server_ids: expected 1 to 1000 ids, got 0'],
    [{ phone_ids: ids(1_001) }, 'body.phone_ids: expected 1 to 1000 ids, got 1001'],
    [{ server_ids: 'h1' }, 'body.server_ids: expected a list of ids, got "h1"'],
    [{ server_ids: null }, 'body.server_ids: expected a list of ids, got null'],
    [{ server_ids: undefined }, 'body.server_ids: expected a list of ids, got nothing'],
    [{ server_ids: ['h1', '../x'] }, `body.server_ids[1]: ${anId}, got "../x"`],
    [{ server_ids: ['h1\n'] }, `body.server_ids[0]: ${anId}, got "h1\\n"`],
    [{ server_ids: [7] }, `body.server_ids[0]: ${anId}, got 7`],
    [{ server_ids: ['x'.repeat(65)] }, `body.server_ids[0]: ${anId}, got "${'x'.repeat(65)}"`],
    [{ all: false }, 'body.all: expected true, got false'],
    [{ abnormal: 'true' }, 'body.abnormal: expected true, got "true"'],
    [{ server_id: 'h1' }, 'body.server_id: expected encode_server_ids beside it, got "h1"'],
    [
      { server_ids: ['h1'], server_id: 'h1' },
      'body.server_id: expected encode_server_ids beside it, got "h1"',
    ],
    [{ encode_server_ids: ['e1'], server_id: '' }, `body.server_id: ${anId}, got ""`],
    [
      { phone_ids: ['p1'], abnormal: false },
      'body: expected at most one of encode_server_ids, server_ids, phone_ids, abnormal, all, got phone_ids and abnormal',
    ],
  ])('%j is a problem that names the place', (body, problem) => {
    expect(readSelector(body, 'body')).toEqual({ problem });
  });

  it('means servers only where a key says so, and ids that it yields are ids', () => {
    const key = fc.constantFrom(...SELECTOR_KEYS, '__proto__', 'constructor');
    const value = fc.oneof(
      fc.constant(true),
      fc.jsonValue(),
      fc.array(fc.oneof(fc.constant('a-1'), fc.string()), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 2 }), (body) => {
        const read = readSelector(body, 'body');
        if (read === undefined || isProblem(read)) return;
        if (read.kind === 'all') expect(Object.getOwnPropertyDescriptor(body, 'all')?.value).toBe(true);
        for (const list of Object.values(read).filter(Array.isArray)) {
          expect(list.length).toBeGreaterThan(0);
          for (const id of list) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        }
      }),
    );
  });

  it('is one that the engine understands', () => {
    expectTypeOf<EventSelector>().toExtend<Selector>();
  });
});
