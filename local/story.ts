/** Tells what happens as it happens: time, who, what; read from the functions' logs and the calls they make. */
import { styleText } from 'node:util';
import { between, type Clock, type EpochMs, iso, seconds } from '../lib/time.ts';
import type { Source } from '../lib/types.ts';
import type { Reply } from './cloud/index.ts';
import { sayingOf } from './demo/saying.ts';
import type { Onlooker, Stage, Tone } from './demo/stage.ts';
import { type Model, statusAt } from './model/index.ts';

/** Longer silence than this while restarts are in flight is broken by a word on what is waited for. */
const SILENCE = seconds(40);
const COLUMN = 9;
/** More at once are told by number. */
const MOST_NAMES = 2;
const STATUS: Readonly<Record<number, readonly [one: string, many: string, tone: Tone]>> = {
  1: ['is running again', 'are running again', 'good'],
  2: ['is abnormal again', 'are abnormal again', 'bad'],
  3: ['is restarting', 'are restarting', 'plain'],
};
const FOLLOWER: Readonly<Record<Source, string>> = {
  alarm: 'alarm',
  timer: 'schedule',
  http: 'patrol',
  patrol: 'patrol',
};

export function storyTeller(clock: Pick<Clock, 'now'>, write: (line: string) => void): Onlooker {
  const shown = new Map<string, number>();
  let lastSaid: EpochMs = clock.now();

  const says: Onlooker['says'] = (who, what, tone = 'plain') => {
    lastSaid = clock.now();
    const time = styleText('dim', iso(lastSaid).slice(11, 19));
    write(`${time}  ${styleText('cyan', who.padEnd(COLUMN))}  ${toned(what, tone)}`);
  };

  return {
    says,
    readLog(line) {
      const saying = sayingOf(line);
      if (saying !== undefined) says(...saying);
    },
    sawCall({ operation, body }, reply, { model, ledger }) {
      if (operation === 'RestartEncodeServer') says('CPH', answerOf(reply, listOf(body).length));
      if (operation === 'PublishMessage') says('SMN', ...deliveryOf(reply, model));
      tellChanges(model);
      if (between(lastSaid, clock.now()) > SILENCE && ledger.inFlight.size > 0) tellWaiting(model, ledger);
    },
  };

  /** What changed since a call was last seen; those that changed alike in one line. */
  function tellChanges(model: Model): void {
    const changed = new Map<number, string[]>();
    for (const id of new Set(model.restarts.map(({ encode_server_id }) => encode_server_id))) {
      const server = model.servers.get(id);
      const status = server === undefined ? 0 : statusAt(server, clock.now());
      const before = shown.get(id) ?? server?.status;
      shown.set(id, status);
      if (status !== before) changed.set(status, [...(changed.get(status) ?? []), id]);
    }
    for (const [status, ids] of changed) {
      const [one, many, tone] = STATUS[status] ?? [
        `shows status ${status}`,
        `show status ${status}`,
        'plain',
      ];
      says('fleet', `${namesOf(ids, model)} ${ids.length === 1 ? one : many}`, tone);
    }
  }

  function tellWaiting(model: Model, { inFlight, runs }: Stage['ledger']): void {
    const [first] = inFlight.values();
    const source = first === undefined ? undefined : runs.get(first.runId)?.request.source;
    const who = source === undefined ? 'patrol' : FOLLOWER[source];
    says(who, `still follows ${namesOf([...inFlight.keys()], model)}`);
  }
}

export function namesOf(encodeServerIds: readonly string[], model: Model): string {
  if (encodeServerIds.length > MOST_NAMES) return `${encodeServerIds.length} encode servers`;
  return encodeServerIds
    .map((id) => {
      const server = model.servers.get(id);
      const host = server === undefined ? undefined : model.hosts.get(server.row.server_id);
      return server === undefined ? id : `${server.name} on ${host?.name ?? 'no host'}`;
    })
    .join(', ');
}

function answerOf(reply: Reply, count: number): string {
  const restart = count === 1 ? 'the restart of one server' : `the restart of ${count} servers`;
  if (reply === 'hang') return `never answers to ${restart}`;
  if (reply === 'reset') return `breaks off ${restart}`;
  return reply.status < 300 ? `takes ${restart}` : `answers ${reply.status} to ${restart}`;
}

function deliveryOf(reply: Reply, model: Model): readonly [string, Tone] {
  if (typeof reply === 'string') return ['does not take the message', 'bad'];
  if (reply.status >= 300) return [`answers ${reply.status} to the message`, 'bad'];
  const mail = model.mailbox.at(-1);
  return [`has a message for ${mail?.topic_urn.split(':').at(-1)}: “${mail?.subject}”`, 'plain'];
}

function listOf(body: unknown): readonly unknown[] {
  const ids = (body as { readonly encode_server_ids?: unknown } | undefined)?.encode_server_ids;
  return Array.isArray(ids) ? ids : [];
}

function toned(text: string, tone: Tone): string {
  if (tone === 'plain') return text;
  return styleText(tone === 'bad' ? 'red' : 'green', text);
}
