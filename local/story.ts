/** Tells what happens as it happens: time, who, what; read from the functions' logs and the calls they make. */
import { styleText } from 'node:util';
import { between, type Clock, type EpochMs, iso, seconds } from '../lib/time.ts';
import type { Intercepted, Reply } from './cloud/index.ts';
import { type Model, statusAt } from './model/index.ts';

export type Tone = 'plain' | 'bad' | 'good';

export interface Story {
  say(who: string, what: string, tone?: Tone): void;
  /** A line that a function logged. */
  readLog(line: string): void;
  /** A call to the cloud and what it was answered. */
  sawCall(call: Intercepted, reply: Reply, model: Model): void;
  nameOf(encodeServerId: string, model: Model): string;
}

/** Longer silence than this is broken by a word on what is waited for. */
const SILENCE = seconds(40);
const COLUMN = 10;
const STATUS: Readonly<Record<number, readonly [string, Tone]>> = {
  1: ['is running again', 'good'],
  2: ['is abnormal again', 'bad'],
  3: ['is restarting', 'plain'],
};

export function storyTeller(clock: Pick<Clock, 'now'>, write: (line: string) => void): Story {
  const shown = new Map<string, number>();
  let lastSaid: EpochMs = clock.now();

  const say: Story['say'] = (who, what, tone = 'plain') => {
    lastSaid = clock.now();
    const time = styleText('dim', iso(lastSaid).slice(11, 19));
    write(`${time}  ${styleText('cyan', who.padEnd(COLUMN))}  ${toned(what, tone)}`);
  };

  const nameOf: Story['nameOf'] = (encodeServerId, model) => {
    const server = model.servers.get(encodeServerId);
    const host = server === undefined ? undefined : model.hosts.get(server.row.server_id);
    return server === undefined ? encodeServerId : `${server.name} on ${host?.name ?? 'no host'}`;
  };

  return {
    say,
    nameOf,
    readLog(line) {
      const entry = parsed(line);
      if (entry !== undefined) tellLog(entry, say);
    },
    sawCall({ operation, body }, reply, model) {
      if (operation === 'RestartEncodeServer') {
        const count = idsOf(body).length;
        const answer = typeof reply === 'string' ? reply : reply.status;
        say(
          'CPH',
          answer === 200 ? `takes the restart of ${count}` : `answers ${answer} to the restart of ${count}`,
        );
      }
      for (const { encode_server_id } of model.restarts) {
        const server = model.servers.get(encode_server_id);
        const status = server === undefined ? 0 : statusAt(server, clock.now());
        const before = shown.get(encode_server_id) ?? 2;
        shown.set(encode_server_id, status);
        const [text, tone] = STATUS[status] ?? [`shows status ${status}`, 'plain'];
        if (status !== before) say('CPH', `${nameOf(encode_server_id, model)} ${text}`, tone);
      }
      if (between(lastSaid, clock.now()) > SILENCE) {
        const unwell = model.restarts.filter(({ encode_server_id }) => shown.get(encode_server_id) !== 1);
        const names = unwell.map(({ encode_server_id }) => nameOf(encode_server_id, model)).join(', ');
        say('alarm', `still follows ${names}`);
      }
    },
  };
}

function tellLog(entry: Readonly<Record<string, unknown>>, say: Story['say']): void {
  const who = String(entry['function'] ?? 'function');
  switch (entry['message']) {
    case 'run opened':
      say(who, `finds ${String(entry['targets'])} abnormal encode servers on the host and opens a run`);
      return;
    case 'restart called':
      say(
        who,
        `wrote down what it is about to do and restarted ${String(entry['claimed'])} of ${String(entry['asked'])} in one call`,
      );
      return;
    case 'run ended':
      say(who, `has looked at every server: ${countsOf(entry['counts'])}`);
      return;
    case 'report published':
      say(who, 'published its report to the topic encode-restart-reports');
      return;
    case 'alarm ignored':
      say(who, `ignores an alarm: ${String(entry['reason'])}`);
      return;
    default:
      if (entry['level'] === 'warn' || entry['level'] === 'error') {
        say(
          who,
          `${String(entry['message'])}${entry['reason'] === undefined ? '' : `: ${String(entry['reason'])}`}`,
          'bad',
        );
      }
  }
}

function countsOf(counts: unknown): string {
  return Object.entries(counts as Record<string, number>)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`)
    .join(', ');
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function idsOf(body: unknown): readonly unknown[] {
  const ids = (body as { encode_server_ids?: unknown } | undefined)?.encode_server_ids;
  return Array.isArray(ids) ? ids : [];
}

function toned(text: string, tone: Tone): string {
  if (tone === 'plain') return text;
  return styleText(tone === 'bad' ? 'red' : 'green', text);
}
