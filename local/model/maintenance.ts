/** The platform's own work on hosts, as scheduled events. */
import { type Asked, denied, granted } from './codes.ts';
import { hexId } from './ids.ts';
import type { Host, Maintenance, Model } from './state.ts';

export interface ScheduledEvent {
  readonly event_id: string;
  readonly host: Host;
  readonly state: Maintenance;
}

export interface ScheduledEventQuery {
  readonly limit: number;
  /** The id of the last event of the page before. */
  readonly marker?: string;
  /** None: all. */
  readonly states: readonly string[];
}

/** Every host under maintenance has one event; a marker that means nothing starts from the front. */
export function listScheduledEvents(
  model: Model,
  { limit, marker, states }: ScheduledEventQuery,
): Asked<readonly ScheduledEvent[]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return denied('CPS.0002');
  const events = [...model.hosts.values()].flatMap((host) => {
    const { maintenance: state, server_id } = host;
    if (state === undefined || (states.length > 0 && !states.includes(state))) return [];
    return [{ event_id: hexId(`scheduled event of ${server_id}`), host, state }];
  });
  const from = events.findIndex(({ event_id }) => event_id === marker) + 1;
  return granted(events.slice(from, from + limit));
}
