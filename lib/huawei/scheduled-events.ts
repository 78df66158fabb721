/**
 * The pages of ListScheduledEvents (API page cph_api_0507). How a page names the next one is not in the documents
 * that were read: whatever in `page_info` looks like it is taken, else the last event's id.
 */
import type { Client } from './client.ts';
import { HuaweiError } from './errors.ts';
import { PAGE_LIMIT } from './paging.ts';
import { readable, readableRows } from './reading.ts';
import * as schemas from './schemas.ts';

export type ScheduledEventState =
  | 'inquiring'
  | 'scheduled'
  | 'executing'
  | 'completed'
  | 'failed'
  | 'canceled';

export interface ScheduledEvent {
  readonly eventId: string;
  /** The host. */
  readonly serverId: string;
  /** One of `ScheduledEventState`, or what the platform has come up with since. */
  readonly state: string;
  /** `localdisk-recovery`, `system-maintenance`; empty when the answer does not say. */
  readonly type: string;
}

/** 10,000 events. */
const PAGES = 100;

/** All events of the list that `fetchPage` reads, each once. Part of a list never passes for the whole. */
export async function scheduledEventsIn(
  client: Client,
  operation: string,
  fetchPage: (limit: number, marker: string | undefined) => Promise<unknown>,
): Promise<readonly ScheduledEvent[]> {
  const events = new Map<string, ScheduledEvent>();
  const markers = new Set<string>();
  let marker: string | undefined;
  for (let pages = 0; pages < PAGES; pages += 1) {
    const data = await fetchPage(PAGE_LIMIT, marker);
    const answer = readable(client, operation, schemas.scheduledEventsAnswer, data);
    const { rows, length } = readableRows(client, operation, schemas.scheduledEvent, answer.scheduled_events);
    for (const event of rows) events.set(event.eventId, event);
    marker = nextMarker(answer.page_info) ?? rows.at(-1)?.eventId;
    if (length < PAGE_LIMIT || marker === undefined || markers.has(marker)) return [...events.values()];
    markers.add(marker);
  }
  const said = 'the list could not be read to its end';
  throw new HuaweiError({
    kind: 'lost',
    service: client.service,
    operation,
    code: 'too_many_pages',
    said,
  });
}

function nextMarker(pageInfo: unknown): string | undefined {
  if (typeof pageInfo !== 'object' || pageInfo === null) return undefined;
  for (const [name, value] of Object.entries(pageInfo)) {
    if (/next/i.test(name) && typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
