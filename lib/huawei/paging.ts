/**
 * Reads a list that comes in pages without a total and may change while it is read: every row that is there
 * from the first call to the last is found, once, as long as the rows keep their order.
 *
 * A row that goes away in front of us moves all that follows to the left, and one of them would fall between
 * two pages. So pages overlap, and a page counts only if it shows a row that we have already: then nothing is
 * missing between them. A page that shows none is thrown away and we step back, if need be to the start.
 */

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** How many rows the answer held, those that could not be read included: a short page is the last. */
  readonly length: number;
}

export const PAGE_LIMIT = 100;
/** So many rows may go away between two calls without a step back. */
const OVERLAP = 20;
/**
 * Pages beyond all others without a new row: this server repeats itself. (Or 800 rows came in before us between
 * two calls, which is not told apart.)
 */
const PAGES_WITHOUT_NEWS = 10;
const STEPS_BACK = 100;
/** 400,000 rows. */
const CALLS = 5_000;

/** How it ended: the last two without having seen the end. */
export type Ending = 'short_page' | 'repeated_pages' | 'too_many_pages' | 'never_still';

/** Yields the new rows of page after page; returns how it ended. One call for a list of less than a page. */
export async function* readPages<Row>(
  fetchPage: (offset: number, limit: number) => Promise<Page<Row>>,
  idOf: (row: Row) => string,
): AsyncGenerator<readonly Row[], Ending> {
  const seen = new Set<string>();
  let offset = 0;
  let furthest = 0;
  let withoutNews = 0;
  let stepsBack = 0;
  let stride = PAGE_LIMIT;

  for (let calls = 0; calls < CALLS; calls += 1) {
    const page = await fetchPage(offset, PAGE_LIMIT);
    const joins = offset === 0 || page.rows.some((row) => seen.has(idOf(row)));
    if (!joins) {
      stepsBack += 1;
      if (stepsBack > STEPS_BACK) return 'never_still';
      offset = Math.max(0, offset - stride);
      stride *= 2;
      continue;
    }
    stride = PAGE_LIMIT;
    const news = page.rows.filter((row) => isNew(seen, idOf(row)));
    if (news.length > 0) yield news;
    if (page.length < PAGE_LIMIT) return 'short_page';

    if (news.length > 0) withoutNews = 0;
    else if (offset > furthest) withoutNews += 1;
    if (withoutNews >= PAGES_WITHOUT_NEWS) return 'repeated_pages';
    furthest = Math.max(furthest, offset);
    offset += page.length - OVERLAP;
  }
  return 'too_many_pages';
}

function isNew(seen: Set<string>, id: string): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  return true;
}
