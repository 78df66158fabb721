import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, desk, eventOf, NOW } from './calls.ts';

const IDS = { encode_server_ids: ['e1'] };
const OVERRIDE = { guards: ['cooldown'], why: 'known to hang' };
const PAUSE = { who: 'li', why: 'maintenance', for: '2h' };
const WHO = { who: 'li', why: 'bad disk' };
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const later = (ms: number) => new Date(NOW + ms).toISOString();

type Row = readonly [
  sentence: string,
  method: string,
  path: string,
  call: Call,
  status: number,
  place?: string,
];

const restart = (sentence: string, body: unknown, place: string): Row => [
  sentence,
  'POST',
  '/restarts',
  { body },
  400,
  place,
];
const pause = (sentence: string, body: unknown, place: string): Row => [
  `pause: ${sentence}`,
  'PUT',
  '/pause',
  { body },
  400,
  place,
];
const exclude = (sentence: string, body: unknown, place: string): Row => [
  `exclusion: ${sentence}`,
  'PUT',
  '/exclusions/h1',
  { body },
  400,
  place,
];

const SELECTORS: readonly Row[] = [
  restart('no selector', {}, 'body'),
  restart('a reason alone', { reason: 'because' }, 'body'),
  restart('ids as text', { encode_server_ids: 'e1' }, 'body.encode_server_ids'),
  restart('ids as a number', { encode_server_ids: 5 }, 'body.encode_server_ids'),
  restart('ids as null', { encode_server_ids: null }, 'body.encode_server_ids'),
  restart('ids as an object', { encode_server_ids: { 0: 'e1' } }, 'body.encode_server_ids'),
  restart('no ids', { encode_server_ids: [] }, 'body.encode_server_ids'),
  restart('no hosts', { server_ids: [] }, 'body.server_ids'),
  restart('no phones', { phone_ids: [] }, 'body.phone_ids'),
  restart('a number among ids', { encode_server_ids: ['e1', 7] }, 'body.encode_server_ids[1]'),
  restart('null among ids', { encode_server_ids: [null] }, 'body.encode_server_ids[0]'),
  restart('a list among ids', { encode_server_ids: [['e1']] }, 'body.encode_server_ids[0]'),
  restart('an empty id', { encode_server_ids: [''] }, 'body.encode_server_ids[0]'),
  restart('an id with a space', { encode_server_ids: ['e 1'] }, 'body.encode_server_ids[0]'),
  restart('an id with a slash', { encode_server_ids: ['../e1'] }, 'body.encode_server_ids[0]'),
  restart('an id with a line break', { encode_server_ids: ['e1\n'] }, 'body.encode_server_ids[0]'),
  restart('an id of 65 characters', { encode_server_ids: ['e'.repeat(65)] }, 'body.encode_server_ids[0]'),
  restart('a wildcard', { server_ids: ['*'] }, 'body.server_ids[0]'),
  restart('a phone id with a comma', { phone_ids: ['p1,p2'] }, 'body.phone_ids[0]'),
  restart(
    '1,001 ids',
    { encode_server_ids: Array.from({ length: 1_001 }, (_, at) => `e${at}`) },
    'body.encode_server_ids',
  ),
  restart('1,001 times one id', { server_ids: new Array(1_001).fill('h1') }, 'body.server_ids'),
  restart('ids and all', { ...IDS, all: true }, 'body'),
  restart('hosts and phones', { server_ids: ['h1'], phone_ids: ['p1'] }, 'body'),
  restart('abnormal and all', { abnormal: true, all: true }, 'body'),
  restart('all: false', { all: false }, 'body.all'),
  restart('all: "true"', { all: 'true' }, 'body.all'),
  restart('all: 1', { all: 1 }, 'body.all'),
  restart('all: null', { all: null }, 'body.all'),
  restart('all: {}', { all: {} }, 'body.all'),
  restart('abnormal: false', { abnormal: false }, 'body.abnormal'),
  restart('abnormal: "yes"', { abnormal: 'yes' }, 'body.abnormal'),
  restart('a host beside hosts', { server_ids: ['h1'], server_id: 'h1' }, 'body.server_id'),
  restart('a host beside all', { all: true, server_id: 'h1' }, 'body.server_id'),
  restart('a host alone', { server_id: 'h1' }, 'body.server_id'),
  restart('a host that is no id', { ...IDS, server_id: 'h 1' }, 'body.server_id'),
  restart('a host as null', { ...IDS, server_id: null }, 'body.server_id'),
  restart('a host as a list', { ...IDS, server_id: ['h1'] }, 'body.server_id'),
];

const TEXTS: readonly Row[] = [
  restart('a reason as a number', { ...IDS, reason: 5 }, 'body.reason'),
  restart('a reason as null', { ...IDS, reason: null }, 'body.reason'),
  restart('a reason as a list', { ...IDS, reason: ['x'] }, 'body.reason'),
  restart('an empty reason', { ...IDS, reason: '' }, 'body.reason'),
  restart('a reason of 201 characters', { ...IDS, reason: 'r'.repeat(201) }, 'body.reason'),
  restart('a reason of two lines', { ...IDS, reason: 'a\nb' }, 'body.reason'),
  restart('a reason with a paragraph separator', { ...IDS, reason: 'a\u2029b' }, 'body.reason'),
  restart('a reason with an escape sequence', { ...IDS, reason: '\u001b[31m' }, 'body.reason'),
  restart('who as an object', { ...IDS, who: {} }, 'body.who'),
  restart('who as blanks', { ...IDS, who: '   ' }, 'body.who'),
  restart('who of 65 characters', { ...IDS, who: 'w'.repeat(65) }, 'body.who'),
  restart('who with half a character', { ...IDS, who: 'li\ud800' }, 'body.who'),
  restart('who with a zero byte', { ...IDS, who: 'li\u0000' }, 'body.who'),
  restart('dry_run as text', { ...IDS, dry_run: 'true' }, 'body.dry_run'),
  restart('dry_run as a number', { ...IDS, dry_run: 0 }, 'body.dry_run'),
  restart('dry_run as null', { ...IDS, dry_run: null }, 'body.dry_run'),
];

const OVERRIDES: readonly Row[] = [
  restart('an override as true', { ...IDS, who: 'li', override: true }, 'body.override'),
  restart('an override as null', { ...IDS, who: 'li', override: null }, 'body.override'),
  restart('an override as a list', { ...IDS, who: 'li', override: ['cooldown'] }, 'body.override'),
  restart('an override of hosts', { server_ids: ['h1'], who: 'li', override: OVERRIDE }, 'body.override'),
  restart('an override of phones', { phone_ids: ['p1'], who: 'li', override: OVERRIDE }, 'body.override'),
  restart('an override of all', { all: true, who: 'li', override: OVERRIDE }, 'body.override'),
  restart('an override of the abnormal', { abnormal: true, who: 'li', override: OVERRIDE }, 'body.override'),
  restart('an override by nobody', { ...IDS, override: OVERRIDE }, 'body.who'),
  restart(
    'an override without why',
    { ...IDS, who: 'li', override: { guards: ['cooldown'] } },
    'body.override.why',
  ),
  restart(
    'an override with an empty why',
    { ...IDS, who: 'li', override: { ...OVERRIDE, why: ' ' } },
    'body.override.why',
  ),
  restart(
    'an override of no guard',
    { ...IDS, who: 'li', override: { ...OVERRIDE, guards: [] } },
    'body.override.guards',
  ),
  restart(
    'an override without guards',
    { ...IDS, who: 'li', override: { why: 'x' } },
    'body.override.guards',
  ),
  restart(
    'guards as text',
    { ...IDS, who: 'li', override: { ...OVERRIDE, guards: 'cooldown' } },
    'body.override.guards',
  ),
  ...[
    'pause',
    'scope',
    'mode',
    'state',
    'host',
    'concurrency',
    'unavailable',
    'stale',
    'nonsense',
    '*',
    5,
    null,
  ].map(
    (guard): Row =>
      restart(
        `an override of the guard ${guard}`,
        { ...IDS, who: 'li', override: { ...OVERRIDE, guards: ['cooldown', guard] } },
        'body.override.guards[1]',
      ),
  ),
  restart('who inside the override', { ...IDS, override: { ...OVERRIDE, who: 'li' } }, 'body.override'),
  restart(
    'until in the override',
    { ...IDS, who: 'li', override: { ...OVERRIDE, until: 'x' } },
    'body.override',
  ),
];

const KEYS: readonly Row[] = [
  restart('an unknown key', { ...IDS, force: true }, 'body'),
  restart('a key in camelCase', { encodeServerIds: ['e1'] }, 'body'),
  restart('a key of the alarm', { ...IDS, candidates: ['h1'] }, 'body'),
  restart('somebody else’s delivery id', { ...IDS, delivery_id: 'x' }, 'body'),
  [
    '__proto__',
    'POST',
    '/restarts',
    { text: '{"encode_server_ids":["e1"],"__proto__":{"dry_run":false}}' },
    400,
    'body',
  ],
  ['__proto__ with a selector', 'POST', '/restarts', { text: '{"__proto__":{"all":true}}' }, 400, 'body'],
  ['constructor', 'POST', '/restarts', { text: '{"constructor":{"prototype":{"all":true}}}' }, 400, 'body'],
  ['all twice', 'POST', '/restarts', { text: '{"all":false,"all":true}' }, 400, 'body'],
  [
    'all twice behind a quote',
    'POST',
    '/restarts',
    { text: '{"who":"\\"","all":false,"all":true}' },
    400,
    'body',
  ],
  [
    'ids twice, once escaped',
    'POST',
    '/restarts',
    { text: '{"server_ids":["h1"],"server_id\\u0073":["h2"]}' },
    400,
    'body',
  ],
  [
    'why twice in the override',
    'POST',
    '/restarts',
    { text: '{"encode_server_ids":["e1"],"who":"li","override":{"guards":["storm"],"why":"a","why" : "b"}}' },
    400,
    'body',
  ],
];

const BODIES: readonly Row[] = [
  ...(['null', '5', 'true', '"all"', '[]', '[{"all":true}]', '""'] as const).map(
    (text): Row => [`the body ${text}`, 'POST', '/restarts', { text }, 400, 'body'],
  ),
  ['no body', 'POST', '/restarts', { text: '' }, 400, 'body'],
  ['a blank body', 'POST', '/restarts', { text: ' \n' }, 400, 'body'],
  ['a body that is no JSON', 'POST', '/restarts', { text: 'all=true' }, 400, 'body'],
  ['JSON that ends early', 'POST', '/restarts', { text: '{"all":true' }, 400, 'body'],
  ['JSON with more behind it', 'POST', '/restarts', { text: '{"all":true}{"all":true}' }, 400, 'body'],
  ['JSON with a comment', 'POST', '/restarts', { text: '{"all":true}//' }, 400, 'body'],
  ['JSON with single quotes', 'POST', '/restarts', { text: "{'all':true}" }, 400, 'body'],
  ['NaN', 'POST', '/restarts', { text: '{"all":NaN}' }, 400, 'body'],
  ['33 levels', 'POST', '/restarts', { text: `{"all":${deep(32)}}` }, 400, 'body'],
  ['a hundred thousand levels', 'POST', '/restarts', { text: deep(100_000) }, 400, 'body'],
  ['levels that never close', 'POST', '/restarts', { text: '{"a":'.repeat(40_000) }, 400, 'body'],
  ['257 KB', 'POST', '/restarts', { body: { ...IDS, reason: 'x'.repeat(257 * 1_024) } }, 413, 'body'],
  [
    'one byte more than 256 KB',
    'POST',
    '/restarts',
    { text: `{"all":true}${' '.repeat(256 * 1_024 - 11)}` },
    413,
    'body',
  ],
  [
    '300 KB that are not encoded',
    'POST',
    '/restarts',
    { raw: { body: `{"all":true}${' '.repeat(300_000)}`, isBase64Encoded: false } },
    413,
    'body',
  ],
  [
    'more bytes than characters',
    'POST',
    '/restarts',
    { raw: { body: `{"reason":"${'编'.repeat(100_000)}"}`, isBase64Encoded: false } },
    413,
    'body',
  ],
  [
    'JSON where base64 should be',
    'POST',
    '/restarts',
    { raw: { body: '{"all":true}', isBase64Encoded: true } },
    400,
    'body',
  ],
  [
    'JSON that does not say how it is encoded',
    'POST',
    '/restarts',
    { raw: { body: '{"all":true}' } },
    400,
    'body',
  ],
  ['base64 with a blank', 'POST', '/restarts', { raw: { body: ` ${base64('{"all":true}')}` } }, 400, 'body'],
  [
    'base64 without its padding',
    'POST',
    '/restarts',
    { raw: { body: base64('{"all":true }').replace(/=/g, '') } },
    400,
    'body',
  ],
  [
    'bytes that are no UTF-8',
    'POST',
    '/restarts',
    { raw: { body: base64(Uint8Array.of(0x22, 0xc3, 0x28, 0x22)) } },
    400,
    'body',
  ],
  ['a GET with broken base64', 'GET', '/health', { raw: { body: '%%%' } }, 400, 'body'],
  ['a GET with a body', 'GET', '/restarts', { body: { limit: 5 } }, 400, 'body'],
  ['a DELETE with a body', 'DELETE', '/pause', { body: { who: 'li' } }, 400, 'body'],
  ['an acknowledgement with a body', 'DELETE', '/handed-over/e9', { body: {} }, 400, 'body'],
  ['an inclusion with a body', 'DELETE', '/exclusions/h9', { body: {} }, 400, 'body'],
];

const HEADERS: readonly Row[] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/json',
    'application/json; charset=gbk',
    '',
  ].map(
    (type): Row => [
      `the content type "${type}"`,
      'POST',
      '/restarts',
      { body: { all: true }, headers: { 'content-type': type } },
      415,
      'header content-type',
    ],
  ),
  [
    'two content types',
    'PUT',
    '/pause',
    { body: PAUSE, headers: { 'content-type': ['application/json', 'text/plain'] } },
    415,
    'header content-type',
  ],
  [
    'gzip',
    'POST',
    '/restarts',
    { body: { all: true }, headers: { 'Content-Encoding': 'gzip' } },
    415,
    'header content-encoding',
  ],
  ...[
    ['an empty key', ''],
    ['a key of blanks', '  '],
    ['a key of 129 characters', 'k'.repeat(129)],
    ['a key that is not ASCII', 'schlüssel'],
    ['a key with a tab', 'a\tb'],
    ['two keys', ['a', 'b']],
    ['the same key twice', ['a', 'a']],
  ].map(
    ([sentence, key]): Row => [
      String(sentence),
      'POST',
      '/restarts',
      { body: IDS, headers: { 'Idempotency-Key': key } },
      400,
      'header idempotency-key',
    ],
  ),
  [
    'a key in two spellings',
    'POST',
    '/restarts',
    { body: IDS, headers: { 'Idempotency-Key': 'a', 'idempotency-key': 'b' } },
    400,
    'header idempotency-key',
  ],
  [
    'neither a key nor an id of the gateway',
    'POST',
    '/restarts',
    { body: IDS, event: { requestContext: {} } },
    400,
    'header idempotency-key',
  ],
];

const QUERIES: readonly Row[] = [
  ...['0', '101', '-1', '1.5', '1e1', '', ' ', 'all', '0x10', '9999999999', '٣'].map(
    (limit): Row => [`the limit "${limit}"`, 'GET', '/restarts', { query: { limit } }, 400, 'query.limit'],
  ),
  ['two limits', 'GET', '/restarts', { query: { limit: ['5', '6'] } }, 400, 'query.limit'],
  ['no value of a limit', 'GET', '/restarts', { query: { limit: [] } }, 400, 'query.limit'],
  ['an unknown parameter', 'GET', '/restarts', { query: { since: '1h' } }, 400, 'query'],
  ['a parameter of the prototype', 'GET', '/restarts', { query: { constructor: 'x' } }, 400, 'query'],
  ['the limit of another route', 'GET', '/pause', { query: { limit: '5' } }, 400, 'query'],
  ['a parameter of health', 'GET', '/health', { query: { verbose: '1' } }, 400, 'query'],
  ['a selector in the query', 'POST', '/restarts', { body: IDS, query: { all: 'true' } }, 400, 'query'],
  ['a dry run in the query', 'POST', '/restarts', { body: IDS, query: { dry_run: 'true' } }, 400, 'query'],
  ['a pause in the query', 'PUT', '/pause', { body: PAUSE, query: { for: '1h' } }, 400, 'query'],
  ['force in a resumption', 'DELETE', '/pause', { query: { force: '1' } }, 400, 'query'],
  ['a parameter of handed-over', 'GET', '/handed-over', { query: { all: '1' } }, 400, 'query'],
  ['all in an acknowledgement', 'DELETE', '/handed-over/e9', { query: { all: '1' } }, 400, 'query'],
  ['a parameter of exclusions', 'GET', '/exclusions', { query: { x: '1' } }, 400, 'query'],
  ['a parameter of an exclusion', 'PUT', '/exclusions/h1', { body: WHO, query: { x: '1' } }, 400, 'query'],
  ['a parameter of an inclusion', 'DELETE', '/exclusions/h9', { query: { x: '1' } }, 400, 'query'],
  ['the offset "-1"', 'GET', '/restarts/r1', { query: { offset: '-1' } }, 400, 'query.offset'],
];

const PAUSES: readonly Row[] = [
  pause('nothing', {}, 'body.who'),
  pause('nobody', { why: 'x', for: '1h' }, 'body.who'),
  pause('no why', { who: 'li', for: '1h' }, 'body.why'),
  pause('who as a number', { ...PAUSE, who: 5 }, 'body.who'),
  pause('a why of 201 characters', { ...PAUSE, why: 'y'.repeat(201) }, 'body.why'),
  pause('without an end', { who: 'li', why: 'x' }, 'body'),
  pause('two ends', { ...PAUSE, until: later(3_600_000) }, 'body'),
  pause('for ever', { ...PAUSE, for: 'ever' }, 'body.for'),
  pause('no time', { ...PAUSE, for: '0s' }, 'body.for'),
  pause('25 hours', { ...PAUSE, for: '25h' }, 'body.for'),
  pause('a second more than a day', { ...PAUSE, for: '86401s' }, 'body.for'),
  pause('two days', { ...PAUSE, for: '2d' }, 'body.for'),
  pause('a number', { ...PAUSE, for: 120 }, 'body.for'),
  pause('null', { ...PAUSE, for: null }, 'body.for'),
  pause('less than no time', { ...PAUSE, for: '-1h' }, 'body.for'),
  pause('until now', { who: 'li', why: 'x', until: later(0) }, 'body.until'),
  pause('until a while ago', { who: 'li', why: 'x', until: '2020-01-01T00:00:00Z' }, 'body.until'),
  pause('until more than a day ahead', { who: 'li', why: 'x', until: later(86_400_001) }, 'body.until'),
  pause('until a time without a zone', { who: 'li', why: 'x', until: '2026-03-01T19:30:00' }, 'body.until'),
  pause('until a date', { who: 'li', why: 'x', until: '2026-03-02' }, 'body.until'),
  pause('until a number', { who: 'li', why: 'x', until: NOW + 60_000 }, 'body.until'),
  pause('until no time', { who: 'li', why: 'x', until: 'tomorrow' }, 'body.until'),
  pause('an unknown key', { ...PAUSE, hosts: ['h1'] }, 'body'),
  pause('a list', [PAUSE], 'body'),
];

const EXCLUSIONS: readonly Row[] = [
  exclude('nothing', {}, 'body.who'),
  exclude('nobody', { why: 'x' }, 'body.who'),
  exclude('no why', { who: 'li' }, 'body.why'),
  exclude('an unknown key', { ...WHO, until: '1h' }, 'body'),
  exclude('null', null, 'body'),
  exclude('who of two lines', { ...WHO, who: 'li\r\nadmin' }, 'body.who'),
  ['exclusion: no id', 'PUT', '/exclusions/h%201', { body: WHO }, 400, 'path'],
  ['exclusion: a path as an id', 'PUT', '/exclusions/..%2f..', { body: WHO }, 400, 'path'],
  ['exclusion: broken percents as an id', 'PUT', '/exclusions/%E0%A4%A', { body: WHO }, 400, 'path'],
  ['exclusion: an id of 65 characters', 'DELETE', `/exclusions/${'h'.repeat(65)}`, {}, 400, 'path'],
  ['exclusion: one that is none', 'DELETE', '/exclusions/h7', {}, 404],
];

const PATHS: readonly Row[] = [
  ['nowhere', 'GET', '/', {}, 404],
  ['an unknown path', 'GET', '/reboot', {}, 404],
  ['an unknown path, posted to', 'POST', '/restart', { body: { all: true } }, 404],
  ['another spelling', 'GET', '/Health', {}, 404],
  ['a pause of a run', 'DELETE', '/restarts/r1/pause', {}, 404],
  ['something of a pause', 'PUT', '/pause/h1', { body: PAUSE }, 404],
  ['something of health', 'GET', '/health/ledger', {}, 404],
  ['something of an exclusion', 'PUT', '/exclusions/h1/e1', { body: WHO }, 404],
  ['a word of the prototype', 'GET', '/constructor', {}, 404],
  ['a run that is not known', 'GET', '/restarts/r1', {}, 404],
  ['a run that no id names', 'GET', '/restarts/r%0a1', {}, 400, 'path'],
  ['taking back what is not handed over', 'DELETE', '/handed-over/e7', {}, 404],
  ['taking back no id', 'DELETE', '/handed-over/*', {}, 400, 'path'],
  ['cancelling a run', 'DELETE', '/restarts/r1', {}, 405],
  ['cancelling all', 'DELETE', '/restarts', {}, 405],
  ['putting a run', 'PUT', '/restarts', { body: IDS }, 405],
  ['posting to a run', 'POST', '/restarts/r1', { body: IDS }, 405],
  ['patching the pause', 'PATCH', '/pause', { body: PAUSE }, 405],
  ['posting a pause', 'POST', '/pause', { body: PAUSE }, 405],
  ['taking back everything', 'DELETE', '/handed-over', {}, 405],
  ['reading one handed over', 'GET', '/handed-over/e1', {}, 405],
  ['including everything', 'DELETE', '/exclusions', {}, 405],
  ['posting to health', 'POST', '/health', {}, 405],
  ['OPTIONS', 'OPTIONS', '/restarts', {}, 405],
  ['TRACE', 'TRACE', '/health', {}, 405],
  ['a method of the prototype', 'constructor', '/health', {}, 405],
];

const EVENTS: readonly (readonly [sentence: string, event: unknown, place: string])[] = [
  ['nothing', undefined, 'event'],
  ['null', null, 'event'],
  ['a number', 5, 'event'],
  ['a list', [], 'event'],
  ['text that is no JSON', 'POST /restarts', 'event'],
  ['an SMN event', { record: [] }, 'event.httpMethod'],
  ['no path', { httpMethod: 'GET' }, 'event.path'],
  ['headers as text', { ...eventOf('GET', '/health'), headers: 'x' }, 'event.headers'],
  ['a header as a number', { ...eventOf('GET', '/health'), headers: { a: 5 } }, 'event.headers'],
  [
    'a query as a list',
    { ...eventOf('GET', '/health'), queryStringParameters: [] },
    'event.queryStringParameters',
  ],
  ['a body as an object', { ...eventOf('POST', '/restarts'), body: { all: true } }, 'event.body'],
  ['base64 as text', { ...eventOf('GET', '/health'), isBase64Encoded: 'false' }, 'event.isBase64Encoded'],
];

const TABLE = [SELECTORS, TEXTS, OVERRIDES, KEYS, BODIES, HEADERS, QUERIES, PAUSES, EXCLUSIONS, PATHS]
  .flat()
  .map(
    ([sentence, method, path, call, status, place]) => [sentence, method, path, call, status, place] as const,
  );

/** A desk where something can be lost: a pause, an exclusion, a server that is handed over, a run. */
async function furnished() {
  const at = desk();
  at.state.servers.set('e1', {
    serverId: 'h1',
    attempts: [NOW],
    handedOver: { since: NOW, why: 'three attempts' },
  });
  await at.call('PUT', '/pause', { body: PAUSE });
  await at.call('PUT', '/exclusions/h5', { body: WHO });
  await at.call('POST', '/restarts', { body: IDS });
  return at;
}

async function changesNothing(call: (at: Awaited<ReturnType<typeof furnished>>) => Promise<unknown>) {
  const at = await furnished();
  const before = at.remembered();
  const answer = await call(at);
  expect(at.remembered()).toEqual(before);
  return answer;
}

describe('a call that is not what was expected changes nothing and names the place', () => {
  it('in more than 120 ways', () => expect(TABLE.length).toBeGreaterThan(120));

  it.each(TABLE)('%s', async (_, method, path, call, status, place) => {
    const said = await changesNothing((at) => at.call(method, path, call));
    expect(said).toMatchObject({
      status,
      place,
      json: { status, type: expect.stringMatching(/^urn:encode-restart:problem:/) },
    });
    expect(said).toHaveProperty('headers.Content-Type', 'application/problem+json');
  });

  it.each(EVENTS)('the event: %s', async (_, event, place) => {
    expect(await changesNothing((at) => at.send(event))).toMatchObject({ status: 400, place });
  });

  it('says what was expected and what was there', async () => {
    const { json } = await desk().call('POST', '/restarts', { body: { encode_server_ids: ['e1', 7] } });
    expect(json).toEqual({
      type: 'urn:encode-restart:problem:invalid-request',
      title: 'The call is not what was expected',
      status: 400,
      detail: 'body.encode_server_ids[1]: expected an id of 1 to 64 letters, digits, "_" or "-", got 7',
      errors: [
        {
          place: 'body.encode_server_ids[1]',
          expected: 'an id of 1 to 64 letters, digits, "_" or "-"',
          got: '7',
        },
      ],
    });
  });

  it('names the key that means nothing', async () => {
    const { json } = await desk().call('POST', '/restarts', { text: '{"all":true,"__proto__":1}' });
    expect(json.errors[0]).toMatchObject({ place: 'body', got: 'the key "__proto__"' });
    const twice = await desk().call('POST', '/restarts', { text: '{"all":false,"all":true}' });
    expect(twice.json.detail).toBe('body: expected every key once, got "all" twice');
  });
});

describe('whatever is sent as a body', () => {
  const unknownKey = fc
    .string()
    .filter(
      (key) =>
        !/^(encode_server_ids|server_ids?|phone_ids|abnormal|all|reason|who|dry_run|override)$/.test(key),
    );
  const notText = fc.jsonValue().filter((value) => typeof value !== 'string');
  const notFlag = fc.jsonValue().filter((value) => typeof value !== 'boolean');
  const notIds = fc.jsonValue().filter((value) => !Array.isArray(value));
  const selector = fc.constantFrom<object>(
    IDS,
    { server_ids: ['h1'] },
    { phone_ids: ['p1'] },
    { abnormal: true },
    { all: true },
  );
  const mended = (key: string) => (value: unknown) => ({ [key]: value });
  /** One thing wrong with a call that was right. */
  const flaw = fc.oneof(
    fc.tuple(unknownKey, fc.jsonValue()).map(([key, value]) => Object.fromEntries([[key, value]])),
    notText.map(mended('who')),
    notText.map(mended('reason')),
    notFlag.map(mended('dry_run')),
    fc
      .jsonValue()
      .filter((value) => value !== true)
      .map(mended('all')),
    fc
      .jsonValue()
      .filter((value) => value !== true)
      .map(mended('abnormal')),
    notIds.map(mended('encode_server_ids')),
    fc.array(fc.jsonValue(), { minLength: 1 }).map((ids) => ({ server_ids: [...ids, ''] })),
    notText.map(mended('server_id')),
    fc.jsonValue().map((override) => ({ who: 'li', override })),
    fc.jsonValue().map((guards) => ({ who: 'li', override: { guards, why: 'x' } })),
  );
  const flawed = fc.tuple(selector, flaw).map(([right, wrong]) => JSON.stringify({ ...right, ...wrong }));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => base64(array));
  const encoded = fc
    .oneof(fc.json(), fc.string({ unit: 'binary' }), flawed, flawed)
    .map((text) => base64(text));

  it.each([
    ['POST', '/restarts'],
    ['PUT', '/pause'],
    ['PUT', '/exclusions/h1'],
  ])('%s %s refuses it as a 4xx and changes nothing', async (method, path) => {
    const at = await furnished();
    const before = at.remembered();
    await fc.assert(
      fc.asyncProperty(fc.oneof(encoded, bytes, fc.string()), async (body) => {
        const said = await at.call(method, path, { raw: { body, isBase64Encoded: true } });
        expect(said.status).toBeGreaterThanOrEqual(400);
        expect(said.status).toBeLessThan(500);
        expect(said.json.title).toEqual(expect.any(String));
      }),
      { numRuns: 400 },
    );
    expect(at.remembered()).toEqual(before);
  });
});
