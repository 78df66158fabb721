import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ending, PAGE_LIMIT, type Page, readPages } from '../../../lib/huawei/paging.ts';
import { tries } from '../../support/fuzz.ts';

type Fetch = (offset: number, limit: number) => Promise<Page<string>>;

const fleet = (size: number): string[] => Array.from({ length: size }, (_, index) => `s${index}`);

const pageOf = (list: readonly string[], offset: number, limit: number): Page<string> => {
  const rows = list.slice(offset, offset + limit);
  return { rows, length: rows.length };
};

async function readAll(fetch: Fetch): Promise<{ rows: string[]; ending: Ending; calls: number }> {
  let calls = 0;
  const rows: string[] = [];
  const pages = readPages<string>(
    (offset, limit) => {
      calls += 1;
      return fetch(offset, limit);
    },
    (row) => row,
  );
  for (;;) {
    const { done, value } = await pages.next();
    if (done === true) return { rows, ending: value, calls };
    rows.push(...value);
  }
}

/** What happens to the list between two calls: a run of rows goes, or comes. */
type Change =
  | { readonly at: number; readonly remove: number }
  | { readonly at: number; readonly insert: number };

/** Changes come between the calls, one before each; returns the list that was there from first to last. */
function changing(
  size: number,
  changes: readonly Change[],
): { readonly fetch: Fetch; readonly stayed: () => Set<string> } {
  let list = fleet(size);
  const stayed = new Set(list);
  let call = 0;
  return {
    stayed: () => stayed,
    fetch: (offset, limit) => {
      const change = call === 0 ? undefined : changes[call - 1];
      call += 1;
      if (change !== undefined) {
        const at = Math.floor(change.at * (list.length + 1));
        if ('remove' in change) {
          for (const gone of list.slice(at, at + change.remove)) stayed.delete(gone);
          list = [...list.slice(0, at), ...list.slice(at + change.remove)];
        } else {
          const come = Array.from({ length: change.insert }, (_, index) => `n${call}-${index}`);
          list = [...list.slice(0, at), ...come, ...list.slice(at)];
        }
      }
      return Promise.resolve(pageOf(list, offset, limit));
    },
  };
}

const at = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ at, remove: fc.integer({ min: 0, max: 300 }) }),
  fc.record({ at, remove: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ at, insert: fc.integer({ min: 0, max: 100 }) }),
);

const inserted = (changes: readonly Change[]): number =>
  changes.reduce((sum, one) => sum + ('insert' in one ? one.insert : 0), 0);

describe('a list read in pages', () => {
  it('costs one call when it is shorter than a page', async () => {
    for (const size of [0, 1, PAGE_LIMIT - 1]) {
      const list = fleet(size);
      const { rows, calls } = await readAll((offset, limit) => Promise.resolve(pageOf(list, offset, limit)));
      expect({ rows, calls }).toEqual({ rows: list, calls: 1 });
    }
  });

  it('is whole and without duplicates when it stands still', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_500 }), async (size) => {
        const list = fleet(size);
        const read = await readAll((offset, limit) => Promise.resolve(pageOf(list, offset, limit)));
        expect(read).toMatchObject({ rows: list, ending: 'short_page' });
        expect(read.calls).toBeLessThanOrEqual(1 + Math.ceil(size / 80));
      }),
    );
  });

  it('loses no row that was there all the time, and shows none twice, whatever goes and comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1_000 }),
        fc.array(change, { maxLength: 25 }).filter((changes) => inserted(changes) <= 700),
        async (size, changes) => {
          const { fetch, stayed } = changing(size, changes);
          const { rows, ending } = await readAll(fetch);
          expect(ending).toBe('short_page');
          expect(new Set(rows).size).toBe(rows.length);
          const found = new Set(rows);
          expect([...stayed()].filter((row) => !found.has(row))).toEqual([]);
        },
      ),
      { numRuns: tries(400) },
    );
  });

  it('finds the row that moves across the border of two pages', async () => {
    const { fetch, stayed } = changing(150, [{ at: 0, remove: 1 }]);
    const { rows } = await readAll(fetch);
    expect(rows).toHaveLength(150);
    expect([...stayed()].every((row) => rows.includes(row))).toBe(true);
  });

  it('steps back when it shrank so much that nothing joins', async () => {
    const { fetch, stayed } = changing(400, [
      { at: 0, remove: 0 },
      { at: 0, remove: 150 },
    ]);
    const { rows } = await readAll(fetch);
    expect([...stayed()].filter((row) => !rows.includes(row))).toEqual([]);
  });

  it('ends when a server repeats its page for ever', async () => {
    const page = pageOf(fleet(100), 0, 100);
    const { rows, ending, calls } = await readAll(() => Promise.resolve(page));
    expect({ rows: rows.length, ending, calls }).toEqual({ rows: 100, ending: 'repeated_pages', calls: 11 });
  });

  it('ends when a server always has news', async () => {
    let next = 0;
    const { ending, calls } = await readAll(() => {
      const rows = Array.from({ length: 100 }, (_, index) => `s${next + index}`);
      next += 80;
      return Promise.resolve({ rows, length: 100 });
    });
    expect({ ending, calls }).toEqual({ ending: 'too_many_pages', calls: 5_000 });
  });

  it('ends when no two pages have anything in common', async () => {
    let next = 0;
    const { ending, calls } = await readAll(() => {
      next += 100;
      return Promise.resolve({
        rows: Array.from({ length: 100 }, (_, index) => `s${next + index}`),
        length: 100,
      });
    });
    expect(ending).toBe('never_still');
    expect(calls).toBeLessThan(500);
  });

  it('counts rows that cannot be read when it asks whether a page is short', async () => {
    const list = fleet(150);
    const { rows } = await readAll((offset, limit) => {
      const page = pageOf(list, offset, limit);
      return Promise.resolve({ rows: page.rows.filter((row) => row !== 's3'), length: page.length });
    });
    expect(rows).toHaveLength(149);
  });
});
