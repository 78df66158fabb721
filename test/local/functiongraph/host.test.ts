/** Deployed zips in processes of their own: what a function sees, and what becomes of it. */
import { expect, test } from 'vitest';
import { create, invoke, openCloud } from './support/cloud.ts';

test('a function that was created from a zip is called and answers', async () => {
  const world = await openCloud();
  const created = await create(world);
  expect([created.status, created.body.func_name]).toEqual([200, 'echo']);
  const told = await invoke(world, 'echo', { hello: 'world' });
  expect([told.status, told.headers['x-func-err-code'], told.body]).toEqual([
    200,
    '0',
    { got: { hello: 'world' } },
  ]);
});
