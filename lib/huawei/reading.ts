/** Reads answers by schema: what must be there, rows one by one, lists page after page. */
import type * as z from 'zod/mini';
import type { Client } from './client.ts';
import { HuaweiError } from './errors.ts';
import { type Page, readPages } from './paging.ts';

/** The answer in our words, or `lost`: a 2xx that is not the documented answer says nothing for certain. */
export function readable<Out>(
  client: Client,
  operation: string,
  schema: z.ZodMiniType<Out>,
  data: unknown,
): Out {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  const said = `expected the documented answer, but these fields are missing or unreadable: ${where}`;
  throw new HuaweiError({
    kind: 'lost',
    service: client.service,
    operation,
    code: 'unreadable_answer',
    said,
  });
}

/** A row that cannot be read costs itself, not its page. */
export function readableRows<Row>(
  client: Client,
  operation: string,
  schema: z.ZodMiniType<Row>,
  list: readonly unknown[],
): Page<Row> {
  const rows = list.flatMap((row) => {
    const result = schema.safeParse(row);
    return result.success ? [result.data] : [];
  });
  const skipped = list.length - rows.length;
  if (skipped > 0) {
    client.log.warn('rows of an answer could not be read and were skipped', { operation, skipped });
  }
  return { rows, length: list.length };
}

/** Page after page to the end. Part of a list never passes for the whole: throws where the end is not reached. */
export async function* allPages<Row>(
  client: Client,
  operation: string,
  fetchPage: (offset: number, limit: number) => Promise<Page<Row>>,
  idOf: (row: Row) => string,
): AsyncGenerator<readonly Row[], void> {
  const ending = yield* readPages(fetchPage, idOf);
  if (ending === 'short_page') return;
  if (ending === 'repeated_pages') {
    client.log.warn('the list repeats its pages; taken as its end', { operation });
    return;
  }
  const said = 'the list could not be read to its end';
  throw new HuaweiError({ kind: 'lost', service: client.service, operation, code: ending, said });
}

export async function gathered<Row>(pages: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
