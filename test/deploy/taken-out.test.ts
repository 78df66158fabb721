/** Which functions of a project are looked at, and what is said when nobody may look; FunctionGraph is faked at its edge. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import { createManagement } from '../../deploy/cloud/management.ts';
import { describeOthers, lookForTakenOut } from '../../deploy/taken-out.ts';
import { fakeWorld, json, type Reply } from '../lib/huawei/fakes.ts';
import { ENVIRONMENT, filledIn, givenOf, PROJECT } from './support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const SERVICE = readService(givenOf(filledIn(TEXT, ENVIRONMENT)), TEXT);
const urnOf = (name: string) => `urn:fss:cn-north-4:${PROJECT}:function:default:${name}:latest`;
const config = (name: string, record: object) => ({
  ...{ func_urn: urnOf(name), func_name: name, runtime: 'Node.js20.15', handler: 'index.handler' },
  ...{ memory_size: 128, timeout: 30, user_data: JSON.stringify({ DEPLOYMENT: JSON.stringify(record) }) },
});
const OURS = { of: 'encode-restart/dev' };

/** A project with these functions. `lists`: what a row of its list shows; `odd`: rows before them; `broken`: looks. */
function project(
  all: readonly ReturnType<typeof config>[],
  lists: (one: object) => object = (one) => one,
  odd: readonly object[] = [],
  broken: (name: string) => Reply | undefined = () => undefined,
) {
  const looked: string[] = [];
  const world = fakeWorld(
    ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      const found = all.find(({ func_urn }) => decodeURIComponent(pathname).includes(func_urn));
      if (pathname.endsWith('/config')) {
        looked.push(found?.func_name ?? '');
        return broken(found?.func_name ?? '') ?? json(200, found);
      }
      if (found !== undefined) return json(pathname.includes('/triggers/') ? 200 : 404, []);
      const marker = Number(searchParams.get('marker'));
      const page = all.slice(marker, marker + 400);
      return json(200, {
        functions: [...odd, ...page.map(lists)],
        next_marker: marker + page.length,
        count: all.length,
      });
    },
    { service: 'functiongraph' },
  );
  return { looked, management: createManagement(world.client) };
}

describe('functions that are taken out', () => {
  it('are found on every page of the list, and nothing else is looked at', async () => {
    const others = Array.from({ length: 400 }, (_, index) => config(`other-${index}`, { of: 'other/dev' }));
    const { looked, management } = project([...others, config('encode-restart-dev-schedule', OURS)]);
    // It is in serverless.yml.
    expect(await lookForTakenOut(SERVICE, management)).toMatchObject({ ours: [] });
    const without = { ...SERVICE, functions: SERVICE.functions.filter(({ key }) => key !== 'schedule') };
    const { ours } = await lookForTakenOut(without, management);
    expect(ours.map(({ name }) => name)).toEqual(['encode-restart-dev-schedule']);
    expect(looked).toEqual(['encode-restart-dev-schedule']);
  });

  it('are looked for by name where the list shows no variables, and known by their own', async () => {
    const bare = ({ user_data: _, ...one }: { user_data?: string }) => one;
    const all = [
      config('encode-restart-dev-schedule', OURS),
      config('encode-restart-dev-webhook', { of: 'encode-restart/other' }),
      config('other', OURS),
    ];
    const { looked, management } = project(all, bare);
    const { ours, unsure } = await lookForTakenOut({ ...SERVICE, functions: [] }, management);
    expect(ours.map(({ name }) => name)).toEqual(['encode-restart-dev-schedule']);
    expect(unsure).toEqual([]);
    expect(looked).toEqual(['encode-restart-dev-schedule', 'encode-restart-dev-webhook']);
  });

  it('are found beside rows that cannot be read, or that show variables in another way', async () => {
    const odd = [
      { func_name: 'without-urn' },
      { ...config('foreign', { of: 'other/dev' }), user_data: { of: 1 } },
      { ...config('encode-restart-dev-webhook', OURS), user_data: 7 },
    ];
    const known = [config('encode-restart-dev-schedule', OURS), config('encode-restart-dev-webhook', OURS)];
    const { management } = project(known, undefined, odd);
    const { ours, unknown } = await lookForTakenOut({ ...SERVICE, functions: [] }, management);
    expect(ours.map(({ name }) => name)).toEqual([
      'encode-restart-dev-webhook',
      'encode-restart-dev-schedule',
      'encode-restart-dev-webhook',
    ]);
    expect(unknown).toEqual([]);
  });

  it.each([
    [
      'is not allowed',
      json(403, { error_code: 'FSS.0403', error_msg: 'no permission' }),
      'Allow functiongraph:',
    ],
    ['is refused', json(400, { error_code: 'FSS.0400', error_msg: 'no such page' }), 'no such page'],
    ['fails', json(500, { error_code: 'FSS.0500', error_msg: 'broken' }), 'broken'],
    ['is busy', json(503, { error_code: 'FSS.0503', error_msg: 'busy' }), 'busy'],
    ['answers something else', json(200, { items: [] }), 'unreadable_answer'],
  ])('are not looked for where the list %s, and that is said', async (_, reply, why) => {
    const world = fakeWorld(() => reply, { service: 'functiongraph' });
    const found = await lookForTakenOut(SERVICE, createManagement(world.client));
    expect(found).toMatchObject({ ours: [], unsure: [], copies: [] });
    expect(describeOthers(found)).toEqual([expect.stringContaining(why)]);
  });

  it('are told beside one that cannot be looked at', async () => {
    const all = [config('encode-restart-dev-schedule', OURS), config('encode-restart-dev-secret', OURS)];
    const { management } = project(
      all,
      ({ user_data: _, ...one }: { user_data?: string }) => one,
      [],
      (name) =>
        name === 'encode-restart-dev-secret'
          ? json(500, { error_code: 'FSS.0500', error_msg: 'broken' })
          : undefined,
    );
    const found = await lookForTakenOut({ ...SERVICE, functions: [] }, management);
    expect(found.ours.map(({ name }) => name)).toEqual(['encode-restart-dev-schedule']);
    expect(describeOthers(found)).toEqual([
      expect.stringMatching(/^encode-restart-dev-secret could not be looked at.*broken/),
    ]);
  });
});
