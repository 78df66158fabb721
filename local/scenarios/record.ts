/** Plays a scenario in virtual time and keeps what was seen, in the order in which it was seen. */
import { after, type DurationMs, type EpochMs, milliseconds, minutes, seconds } from '../../lib/time.ts';
import { virtualClock } from '../clock.ts';
import type { Reply } from '../cloud/index.ts';
import { type Onlooker, openStage, TOPICS, waitUntil } from '../demo/stage.ts';
import { hang, type Model } from '../model/index.ts';
import { BEGINS_AT, type Scenario, type Script, type Seen } from './scenario.ts';

export type LogEntry = Readonly<Record<string, unknown>>;

/** One thing that was seen. */
export type Entry =
  | { readonly kind: 'world'; readonly at: EpochMs; readonly who: string; readonly what: string }
  | { readonly kind: 'log'; readonly at: EpochMs; readonly line: LogEntry }
  | {
      readonly kind: 'restart';
      readonly at: EpochMs;
      readonly ids: readonly string[];
      /** How many of them had their claim in the ledger when the call came. */
      readonly claimed: number;
      readonly runId: string | undefined;
      readonly accepted: number;
      readonly reply: Reply;
    }
  /** Restarts come to their end. */
  | {
      readonly kind: 'back';
      readonly at: EpochMs;
      readonly ids: readonly string[];
      readonly status: number;
    }
  | {
      readonly kind: 'message';
      readonly at: EpochMs;
      readonly to: 'report' | 'page';
      readonly subject: string;
      readonly reply: Reply;
    }
  | {
      readonly kind: 'http';
      readonly at: EpochMs;
      readonly method: string;
      readonly path: string;
      readonly sent: object | undefined;
      readonly status: number;
    };

export interface Recorded {
  readonly entries: readonly Entry[];
  readonly seen: Seen;
}

export async function record({ fleet, settings, create }: Scenario): Promise<Recorded> {
  const { faults = [], ledger, play } = create();
  const entries: Entry[] = [];
  const clock = virtualClock(BEGINS_AT, PATIENCE);
  const stage = await openStage({
    clock,
    fleet,
    settings: { webhook_auth: 'IAM', ...settings },
    faults,
    onlooker: onlooker(entries, () => clock.now()),
    ...(ledger === undefined ? {} : { ledger }),
  });
  const script: Script = {
    ...stage,
    at: (minute, second = 0) => waitUntil(clock, BEGINS_AT, sum(minutes(minute), seconds(second))),
    says: (who, what) => entries.push({ kind: 'world', at: clock.now(), who, what }),
    hangs(...ids) {
      for (const id of ids) hang(stage.model, id, clock.now());
      const what = ids.length === 1 ? `${ids[0]} hangs` : `${listed(ids)} hang`;
      entries.push({ kind: 'world', at: clock.now(), who: 'fleet', what });
    },
    async http(method, path, body, headers) {
      // The call stands before what the function does about it.
      const place = entries.push({ kind: 'http', at: clock.now(), method, path, sent: body, status: 0 }) - 1;
      const answer = await stage.http(method, path, body, headers);
      entries[place] = { ...(entries[place] as Extract<Entry, { kind: 'http' }>), status: answer.status };
      return answer;
    },
  };
  try {
    await play(script);
    await stage.settled();
  } finally {
    await stage.close();
  }
  const { model, ledger: left } = stage;
  const to = (topic: string) => model.mailbox.filter(({ topic_urn }) => topic_urn === topic);
  const seen: Seen = {
    model,
    ledger: left,
    calls: stage.calls(),
    reports: to(TOPICS.reports),
    pages: to(TOPICS.pages),
    endedAt: clock.now(),
  };
  return { entries, seen };
}

/** The page is the same on a busy machine: nothing in it waits for real time. */
const PATIENCE = milliseconds(10_000);
const sum = (one: DurationMs, other: DurationMs): DurationMs => milliseconds(one + other);

/** A few by name, many by number. */
export const listed = (ids: readonly string[]): string =>
  ids.length <= MOST_NAMES ? ids.join(', ') : `${ids.length} servers`;
const MOST_NAMES = 4;

function onlooker(entries: Entry[], now: () => EpochMs): Onlooker {
  let accepted = 0;
  return {
    says: (who, what) => entries.push({ kind: 'world', at: now(), who, what }),
    readLog(line) {
      if (line.startsWith('{')) entries.push({ kind: 'log', at: now(), line: JSON.parse(line) as LogEntry });
    },
    sawCall({ operation, body }, reply, { model, ledger }) {
      const at = now();
      if (operation === 'RestartEncodeServer') {
        const ids = idsOf(body);
        const claims = ids.flatMap((id) => ledger.inFlight.get(id) ?? []);
        const started = model.restarts.slice(accepted);
        accepted = model.restarts.length;
        const runId = claims[0]?.runId;
        const call = { at, ids, claimed: claims.length, runId, accepted: started.length, reply };
        entries.push({ kind: 'restart', ...call }, ...endsOf(started, model));
      }
      if (operation === 'PublishMessage') {
        const subject = String((body as { readonly subject?: unknown } | undefined)?.subject);
        const isTaken = typeof reply !== 'string' && reply.status < 300;
        const topic = isTaken ? model.mailbox.at(-1)?.topic_urn : undefined;
        const to = topic === TOPICS.pages ? 'page' : 'report';
        entries.push({ kind: 'message', at, to, subject, reply });
      }
    },
  };
}

/** When the restarts that were just accepted will be over, and how. */
function endsOf(started: Model['restarts'], { servers }: Model): readonly Entry[] {
  const ends = new Map<string, { at: EpochMs; status: number; ids: string[] }>();
  for (const { encode_server_id: id, at } of started) {
    const { endsAt = after(at, milliseconds(0)), endStatus = 0 } = servers.get(id)?.restart ?? {};
    const end = ends.get(`${endsAt} ${endStatus}`) ?? { at: endsAt, status: endStatus, ids: [] };
    end.ids.push(id);
    ends.set(`${endsAt} ${endStatus}`, end);
  }
  return [...ends.values()].map((end) => ({ kind: 'back', ...end }));
}

function idsOf(body: unknown): readonly string[] {
  const ids = (body as { readonly encode_server_ids?: unknown } | undefined)?.encode_server_ids;
  return Array.isArray(ids) ? ids.map(String) : [];
}
