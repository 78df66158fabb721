import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpRequest, readApigEvent, toApig, unseal } from '../../events/apig.ts';
import { isProblem } from '../../events/event.ts';

const FOLDER = new URL('../../events/samples/', import.meta.url);
const sample = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

const EVENT = {
  httpMethod: 'get',
  path: '/encode-restart/health',
  headers: {},
  queryStringParameters: {},
  pathParameters: {},
  requestContext: { apiId: 'a', requestId: 'r1', stage: 'RELEASE' },
  body: '',
  isBase64Encoded: true,
};

function read(more: Readonly<Record<string, unknown>> = {}): HttpRequest {
  const request = readApigEvent({ ...EVENT, ...more });
  if (isProblem(request)) throw new Error(request.problem);
  return request;
}

const SAMPLES: Readonly<Record<string, { request: object; body: string }>> = {
  'webhook-restart.json': {
    request: { method: 'POST', path: '/encode-restart/restarts' },
    body: expect.stringContaining('"encode_server_ids"') as string,
  },
  'webhook-dry-run.json': {
    request: { method: 'POST', path: '/encode-restart/restarts' },
    body: expect.stringContaining('"dry_run":true') as string,
  },
  'webhook-pause.json': {
    request: { method: 'PUT', path: '/encode-restart/pause' },
    body: expect.stringContaining('"for":"2h"') as string,
  },
  'webhook-restarts.json': { request: { method: 'GET', query: new Map([['limit', ['5']]]) }, body: '' },
  'webhook-health-prefix.json': { request: { path: '/encode-restart', captured: 'health' }, body: '' },
};

describe('a sample of a call', () => {
  it('is there for each line of this table, and each has a line', () => {
    const names = readdirSync(FOLDER).filter((name) => name.startsWith('webhook-'));
    expect(new Set(names)).toEqual(new Set(Object.keys(SAMPLES)));
  });

  it.each(Object.entries(SAMPLES))('%s is read', (name, { request, body }) => {
    const read = readApigEvent(sample(name));
    expect(read).toMatchObject(request);
    expect(unseal((read as HttpRequest).body, 1_000)).toEqual({ text: body });
  });
});

describe('an APIG event', () => {
  it('is the same as an object, as text and as bytes', () => {
    const text = JSON.stringify(EVENT);
    expect(readApigEvent(text)).toEqual(read());
    expect(readApigEvent(Buffer.from(text))).toEqual(read());
  });

  it('has its method in upper case and its header names in lower case', () => {
    const request = read({ headers: { 'X-One': ' 1 ', 'x-two': ['a', 'b'], 'X-TWO': 'c' } });
    expect(request.method).toBe('GET');
    expect(Object.fromEntries(request.headers)).toEqual({ 'x-one': ['1'], 'x-two': ['a', 'b', 'c'] });
  });

  it('needs neither headers, query, path parameters, context nor a body', () => {
    expect(readApigEvent({ httpMethod: 'GET', path: '/' })).toEqual({
      method: 'GET',
      path: '/',
      headers: new Map(),
      query: new Map(),
      body: { content: '', isBase64: true },
    });
    expect(
      read({ headers: null, queryStringParameters: null, body: null, requestContext: null }),
    ).toMatchObject({
      body: { content: '' },
    });
  });

  it('shows what an API captured of the path, by an empty name or by {proxy+}', () => {
    expect(read({ pathParameters: { '': 'restarts/r1' } }).captured).toBe('restarts/r1');
    expect(read({ pathParameters: { proxy: 'restarts' } }).captured).toBe('restarts');
    expect(read({ pathParameters: { id: 'restarts' } })).not.toHaveProperty('captured');
    expect(read({ pathParameters: { '': '' } })).not.toHaveProperty('captured');
    expect(read({ pathParameters: { proxy: 5 } })).not.toHaveProperty('captured');
  });

  it('is never an exception, whatever it is', () => {
    const key = fc.constantFrom(...Object.keys(EVENT));
    const odd = fc.tuple(key, fc.anything()).map(([name, value]) => ({ ...EVENT, [name]: value }));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), odd), (event) => {
        expect(readApigEvent(event)).toBeTypeOf('object');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a body', () => {
  const base64 = (text: string) => ({ content: Buffer.from(text).toString('base64'), isBase64: true });

  it('is base64 unless the event says that it is not', () => {
    expect(unseal(base64('编码'), 10)).toEqual({ text: '编码' });
    expect(unseal({ content: '编码', isBase64: false }, 10)).toEqual({ text: '编码' });
    expect(unseal(read({ body: 'eA==', isBase64Encoded: undefined }).body, 10)).toEqual({ text: 'x' });
    expect(unseal({ content: '', isBase64: true }, 10)).toEqual({ text: '' });
  });

  it('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unseal(base64(text), 10_000)).toEqual({ text });
      }),
    );
  });

  it('may have so many bytes and not one more, encoded or not', () => {
    for (const most of [9, 10, 11]) {
      expect(unseal(base64('x'.repeat(most)), most)).toEqual({ text: 'x'.repeat(most) });
      expect(unseal(base64('x'.repeat(most + 1)), most)).toEqual({ tooLarge: true });
    }
    expect(unseal({ content: '编编编', isBase64: false }, 9)).toEqual({ text: '编编编' });
    expect(unseal({ content: '编编编', isBase64: false }, 8)).toEqual({ tooLarge: true });
  });

  it.each(['%%%', 'eA', 'eA=', 'eA== ', 'e A==', 'eB==', 'eA==eA=='])(
    'is refused as base64: %s',
    (content) => {
      expect(unseal({ content, isBase64: true }, 100)).toEqual({
        problem: `body: expected base64, got "${content}"`,
      });
    },
  );

  it('is refused when it is not UTF-8', () => {
    const content = Buffer.from([0xff, 0xfe, 0x00]).toString('base64');
    expect(unseal({ content, isBase64: true }, 100)).toEqual({
      problem: 'body: expected UTF-8, got other bytes',
    });
  });
});

it('an answer is exactly what APIG takes', () => {
  expect(toApig({ status: 202, headers: { Location: '/x' }, body: 'x' })).toEqual({
    statusCode: 202,
    headers: { Location: '/x' },
    body: 'x',
    isBase64Encoded: false,
  });
});
