/** CPH as an instance reaches it: thin on the model, without HTTP, with what goes wrong on the way. */
import type { Cph, EncodeServerQuery, RestartAnswer } from '../../lib/huawei/cph.ts';
import { failureOfItem, HuaweiError } from '../../lib/huawei/errors.ts';
import type { EncodeServer, ServerState } from '../../lib/types.ts';
import {
  batchRestart,
  jobStatusAt,
  listEncodeServers,
  listScheduledEvents,
  showPhone,
} from '../../local/model/index.ts';
import { answered, posted } from '../book/posts.ts';
import { shownAbnormal, shownServers } from '../book/shown.ts';
import type { Op, Trouble } from '../history/history.ts';
import type { Instance } from './alive.ts';
import { meet } from './instance.ts';
import { rulingFor } from './rulings.ts';
import type { Stage } from './stage.ts';
import { failWhere, GIVES_UP_AFTER, refusal, turnedAway } from './trouble.ts';

const STATES: Readonly<Record<number, ServerState>> = { 1: 'running', 2: 'abnormal', 3: 'restarting' };
const ABNORMAL = 2;

export function cphOf(stage: Stage, instance: Instance): Cph {
  const { model, scheduler, book, dice, history } = stage;
  const { witness } = instance;
  const { cphTakes, scheduledEvents } = history.platform;
  const takes = () => dice.int(5, cphTakes);

  function read<Result>(op: Op, what: () => Result): Promise<Result> {
    return meet(stage, instance, {
      op,
      takes: takes(),
      does() {
        try {
          failWhere(stage, op, 'cph', ['cph_down', 'cph_throttled']);
          return what();
        } catch (error) {
          if (op === 'cph.list') witness.blindAt = scheduler.now();
          throw error;
        }
      },
    });
  }

  const list = ({ serverId, status }: EncodeServerQuery = {}): Promise<readonly EncodeServer[]> =>
    read('cph.list', () => {
      const shown = rows(serverId, status);
      const now = scheduler.now();
      shownServers(book, witness, shown, now);
      if (serverId === undefined && status === ABNORMAL) shownAbnormal(book, witness, shown, now);
      return shown;
    });

  function rows(serverId: string | undefined, status: number | undefined): readonly EncodeServer[] {
    const page = listEncodeServers(
      model,
      {
        offset: 0,
        limit: 100,
        ...(serverId === undefined ? {} : { server_id: serverId }),
        ...(status === undefined ? {} : { status }),
      },
      scheduler.now(),
    );
    if (!page.ok) throw refusal('cph.list', page.code);
    const all = page.value.map(({ server: { row, name }, status: shown }) => ({
      encodeServerId: row.encode_server_id,
      serverId: row.server_id,
      name,
      status: shown,
      state: STATES[shown] ?? 'unavailable',
    }));
    if (stage.isIll('list_shrunk')) {
      witness.blindAt = scheduler.now();
      return all.filter((_, index) => index % 2 === 0);
    }
    if (serverId === undefined && all.length > 0 && stage.isIll('list_shifts')) {
      witness.blindAt = scheduler.now();
      const lost = dice.int(0, all.length - 1);
      return all.filter((_, index) => index !== lost);
    }
    return all;
  }

  async function* pages(query?: EncodeServerQuery) {
    yield await list(query);
  }

  return {
    listEncodeServers: list,
    pagesOfEncodeServers: pages,
    encodeServerExistsAt: (offset) => read('cph.list', () => rows(undefined, undefined).length > offset),
    showPhone: (phoneId) =>
      read('cph.phone', () => {
        const phone = showPhone(model, phoneId);
        return phone.ok ? { phoneId, serverId: phone.value.server_id } : undefined;
      }),
    showHost: (serverId) =>
      read('cph.host', () => {
        const host = model.hosts.get(serverId);
        if (host === undefined) return undefined;
        const { status } = host;
        witness.hosts.set(serverId, { status, at: scheduler.now() });
        return { serverId, status };
      }),
    listHosts: () =>
      read('cph.host', () =>
        [...model.hosts.values()].map(({ server_id: serverId, status }) => {
          witness.hosts.set(serverId, { status, at: scheduler.now() });
          return { serverId, status };
        }),
      ),
    listScheduledEvents: ({ states }) =>
      read('cph.events', () => {
        const at = scheduler.now();
        witness.maintenance = { at, hosts: new Set() };
        if (scheduledEvents === 'missing') throw refusal('cph.events', 'APIGW.0101', 404);
        if (scheduledEvents === 'forbidden') throw refusal('cph.events', 'CPS.0001', 403);
        const events = listScheduledEvents(model, { limit: 100, states });
        if (!events.ok) throw refusal('cph.events', events.code);
        witness.maintenance = { at, hosts: new Set(events.value.map(({ host }) => host.server_id)) };
        return events.value.map(({ event_id, host }) => ({
          eventId: event_id,
          serverId: host.server_id,
          state: 'executing',
          type: '',
        }));
      }),
    listJobs: (requestIds) =>
      read('cph.jobs', () => {
        const now = scheduler.now();
        const { jobRetention = Number.POSITIVE_INFINITY } = model.behaviour;
        return model.jobs
          .filter((job) => requestIds.includes(job.request_id) && now - job.beginsAt < jobRetention)
          .map((job) => {
            const status = jobStatusAt(job, now);
            const { error } = job;
            return {
              jobId: job.job_id,
              status: status === 1 ? 'running' : status === 2 ? 'succeeded' : 'failed',
              ...(error === undefined || status === 1
                ? {}
                : { error: { code: error.error_code, message: error.error_msg } }),
            };
          });
      }),
    batchRestart: (ids) => restart(stage, instance, ids, takes()),
  };
}

/** Sent once; what of it fails is decided when it leaves, what it does when it arrives. */
async function restart(
  stage: Stage,
  instance: Instance,
  ids: readonly string[],
  takes: number,
): Promise<RestartAnswer> {
  const { book, scheduler } = stage;
  const { witness } = instance;
  const { frozenSocketLives } = stage.history.platform;
  const calledAt = scheduler.now();
  let late: HuaweiError | undefined;
  const answer = await meet(stage, instance, {
    op: 'cph.restart',
    takes,
    ids,
    does(): RestartAnswer | undefined {
      const now = scheduler.now();
      // It was frozen as it called: its connection is dead by now, and its deadline over.
      if (now - calledAt - takes > frozenSocketLives) throw refusal('cph.restart', 'deadline');
      const trouble = stage.troubleAt('cph.restart');
      posted(book, witness, ids, now);
      const refused = trouble === undefined ? undefined : turnedAway(trouble, 'cph.restart');
      const ill = refused ?? illness(stage);
      if (ill !== undefined) {
        answered(book, witness, ids, () => ill.kind, now);
        throw ill;
      }
      const arrive = () => accept(stage, instance, ids, trouble);
      if (trouble === 'lost_before' || trouble === 'lost_late' || trouble === 'lost_after') {
        if (trouble === 'lost_after') arrive();
        if (trouble === 'lost_late') scheduler.at((now + 45_000) as typeof now, () => void arrive());
        answered(book, witness, ids, () => 'lost', now);
        late = refusal('cph.restart', 'deadline');
        return undefined;
      }
      const came = arrive();
      if (came instanceof HuaweiError) {
        answered(book, witness, ids, () => came.kind, now);
        throw came;
      }
      if (trouble === 'unreadable' || trouble === 'error_500') {
        answered(book, witness, ids, () => 'lost', now);
        throw refusal('cph.restart', trouble === 'unreadable' ? 'unreadable_answer' : 'CPS.0003', 500);
      }
      const items =
        trouble === 'some_missing' ? came.items.filter((_, index) => index % 2 === 1) : came.items;
      const failures = new Map(items.map(({ encodeServerId, failure }) => [encodeServerId, failure?.kind]));
      answered(book, witness, ids, (id) => failures.get(id), now);
      return { ...came, items };
    },
  });
  if (answer !== undefined) return answer;
  await meet(stage, instance, { op: 'cph.restart', takes: GIVES_UP_AFTER, does: () => undefined });
  throw late ?? new Error('expected an answer or a failure');
}

function illness(stage: Stage): HuaweiError | undefined {
  if (stage.isIll('cph_throttled')) return refusal('cph.restart', 'APIGW.0308', 429);
  return stage.isIll('cph_down') ? refusal('cph.restart', 'CPS.0003', 500) : undefined;
}

function accept(
  { model, scheduler, tally }: Stage,
  _instance: Instance,
  ids: readonly string[],
  trouble: Trouble | undefined,
): RestartAnswer | HuaweiError {
  const rule = rulingFor(trouble);
  if (rule !== undefined) model.rulings.push(rule);
  const { length } = model.restarts;
  const came = batchRestart(model, ids, scheduler.now());
  if (rule !== undefined) model.rulings.pop();
  tally.counts.restarts += model.restarts.length - length;
  if (!came.ok) return refusal('cph.restart', came.code);
  return {
    requestId: came.value.request_id,
    items: came.value.jobs.map((item) =>
      'job_id' in item
        ? { encodeServerId: item.encode_server_id, jobId: item.job_id }
        : {
            encodeServerId: item.encode_server_id,
            failure: failureOfItem(item.error_code, item.error_msg),
          },
    ),
  };
}
