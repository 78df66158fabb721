/** What was seen, as the rows of a timeline: when, what the world did, what encode-restart did or said. */
import { type HoldFacts, runFacts } from '../../lib/report/facts.ts';
import { between, type EpochMs, parseInstant } from '../../lib/time.ts';
import { type Entry, type LogEntry, listed, type Recorded } from './record.ts';
import { BEGINS_AT } from './scenario.ts';

export interface Row {
  readonly when: string;
  readonly world: string;
  readonly us: string;
}

type Cells = Partial<Omit<Row, 'when'>>;

export function rowsOf(recorded: Recorded): readonly Row[] {
  const { entries } = recorded;
  const tells = teller(recorded);
  const inOrder = entries
    .map((entry, index) => ({ entry, index }))
    .sort((one, other) => secondOf(one.entry.at) - secondOf(other.entry.at) || one.index - other.index);
  const rows = inOrder.flatMap(({ entry }) => {
    const cells = tells(entry);
    return cells === undefined ? [] : [{ when: stopwatch(entry.at), world: '', us: '', ...cells }];
  });
  return collapsed(merged(rows));
}

const secondOf = (at: EpochMs): number => Math.floor(between(BEGINS_AT, at) / 1_000);

/** `31:05` after the beginning; of a later day, the day in front. */
export function stopwatch(at: EpochMs): string {
  const second = secondOf(at);
  const day = Math.floor(second / 86_400);
  const left = day > 0 ? second - day * 86_400 : second;
  const sign = left < 0 ? '-' : '';
  const [minute, rest] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
  return `${day > 0 ? `day ${day + 1}, ` : ''}${sign}${minute}:${String(rest).padStart(2, '0')}`;
}

/** Makes texts the same every time: runs by number, times by the stopwatch. */
function scrubber({ seen: { ledger } }: Recorded): (text: string) => string {
  const numbers = new Map([...ledger.runs.keys()].map((runId, index) => [runId, `run ${index + 1}`]));
  return (text) =>
    text
      .replace(/ \(request [0-9a-f]{32}\)/g, '')
      .replace(/(?:run )?(\d{8}T\d{6}Z-[0-9a-f]{8})/g, (whole, id: string) => numbers.get(id) ?? whole)
      .replace(/(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z| UTC)/g, (whole, day, time) => {
        const at = parseInstant(`${day}T${time}Z`);
        return at === undefined ? whole : stopwatch(at);
      });
}

function teller(recorded: Recorded): (entry: Entry) => Cells | undefined {
  const scrubbed = scrubber(recorded);
  const { runs } = recorded.seen.ledger;
  return (entry) => {
    const cells = cellsOf(entry);
    if (cells === undefined) return undefined;
    return Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, scrubbed(text)]));
  };

  function cellsOf(entry: Entry): Cells | undefined {
    switch (entry.kind) {
      case 'world':
        return { world: `${entry.who}: ${entry.what}` };
      case 'log': {
        const us = sayingOf(entry.line);
        return us === undefined ? undefined : { us };
      }
      case 'restart': {
        const { ids, claimed, runId = 'nobody', accepted } = entry;
        const claims = claimed === ids.length ? `claims ${ids.length}` : `has ${claimed} claims`;
        const us = `run ${runId} ${claims}, calls CPH to restart ${listed(ids)}`;
        return { world: `CPH: ${answerTo(entry, accepted)}`, us };
      }
      case 'back':
        return { world: `fleet: ${listed(entry.ids)} ${backAs(entry.status, entry.ids.length)}` };
      case 'message': {
        const { to, subject, reply } = entry;
        const isTaken = typeof reply !== 'string' && reply.status < 300;
        if (isTaken) return { us: `${to === 'page' ? '**page**' : 'report'}: “${subject}”` };
        return { world: `SMN: ${saidBy(reply)}`, us: `tries to send “${subject}”` };
      }
      case 'http': {
        const { method, path, sent, status } = entry;
        const body = sent === undefined ? '' : ` \`${JSON.stringify(sent)}\``;
        return { world: `person: \`${method} ${path}\`${body}`, us: `answers ${status}` };
      }
    }
  }

  function sayingOf(line: LogEntry): string | undefined {
    const text = (key: string) => String(line[key]);
    const run = `run ${text('run_id')}`;
    switch (line['message']) {
      case 'run opened': {
        const targets = Number(line['targets']);
        const hosts = Array.isArray(line['hosts']) ? ` on ${line['hosts'].join(', ')}` : '';
        if (line['state'] === 'watching') {
          return `\`${text('function')}\` opens ${run}: nothing is abnormal${hosts} yet, it watches`;
        }
        return `\`${text('function')}\` opens ${run}: ${targets} server${targets === 1 ? '' : 's'}${hosts}`;
      }
      case 'run accepted':
        return `\`webhook\` writes down ${run} and calls \`patrol\``;
      case 'alarm ignored':
      case 'timer ignored':
        return `\`${text('function')}\` does nothing: ${text('reason')}`;
      case 'restart called': {
        const { asked, claimed, given_back: back, failure } = line;
        if (failure !== undefined) {
          const what = Number(back) > 0 ? 'takes its claims back and waits' : 'does not call again, it looks';
          return `${run} ${what} (${String(failure)})`;
        }
        if (Number(back) > 0) return `${run} takes ${Number(back)} claims back and waits`;
        if (claimed !== asked)
          return `the ledger grants ${run} ${Number(claimed)} of ${Number(asked)} claims`;
        return undefined;
      }
      case 'run ended':
        return endingOf(text('run_id'));
      case 'run unfinished':
        // Patrol hands its runs from one minute to the next; that is no news.
        if (line['function'] === 'patrol') return undefined;
        return `\`${text('function')}\` ends; ${run} stays open for \`patrol\``;
      case 'invocation failed':
        return `\`${text('function')}\` fails: ${text('reason')}`;
      case 'could not look':
        return `cannot see: ${text('what')} (${text('code')})`;
      case 'report, in full: it could not be published':
        return 'the report is in the log in full; it stays owed';
      default:
        if (QUIET.has(String(line['message'])) || !LOUD.has(String(line['level']))) return undefined;
        return `\`${text('function')}\` logs: ${[line['message'], line['reason'] ?? line['code']].filter(Boolean).join(': ')}`;
    }
  }

  function endingOf(runId: string): string {
    const run = runs.get(runId);
    if (run === undefined) return `run ${runId} ends`;
    const { counts, restarts, stopped } = runFacts(run);
    const outcomes = Object.entries(counts)
      .filter(([outcome, count]) => count > 0 && outcome !== 'held')
      .map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`);
    const handedOver = restarts.filter(({ handed_over }) => handed_over === true).length;
    const over = handedOver > 0 ? [`${handedOver} handed over to a person`] : [];
    const held = heldFor(restarts.flatMap(({ outcome, holds }) => (outcome === 'held' ? [holds[0]] : [])));
    const why = stopped === undefined ? [] : [`stopped: ${stopped}`];
    const parts = [...outcomes, ...over, ...held, ...why];
    return `run ${runId} is ${run.state}: ${parts.join('; ') || 'nothing to restart'}`;
  }
}

/** How many are held by which guard, with the reason that most of them have. */
function heldFor(holds: readonly (HoldFacts | undefined)[]): readonly string[] {
  const byGuard = new Map<string, Map<string, number>>();
  for (const { guard, reason, until } of holds.filter((hold) => hold !== undefined)) {
    const reasons = byGuard.get(guard) ?? new Map<string, number>();
    const why = `${reason}${until === null ? '' : ` (until ${until})`}`;
    byGuard.set(guard, reasons.set(why, (reasons.get(why) ?? 0) + 1));
  }
  return [...byGuard].map(([guard, reasons]) => {
    const [[why] = ['']] = [...reasons].sort(([, one], [, other]) => other - one);
    const count = [...reasons.values()].reduce((sum, one) => sum + one, 0);
    return `${count} held by ${guard}: ${why}`;
  });
}

const LOUD: ReadonlySet<string> = new Set(['warn', 'error']);
/** What another row tells already. */
const QUIET: ReadonlySet<string> = new Set([
  'paused',
  'resumed',
  'a message was not accepted',
  'handed-over server taken back',
  'call refused',
]);

type Call = Extract<Entry, { kind: 'restart' }>;

function answerTo({ reply }: Call, accepted: number): string {
  if (typeof reply === 'string') {
    const how = reply === 'hang' ? 'no answer ever comes' : 'the connection breaks';
    return accepted > 0 ? `accepts ${accepted}, but ${how}` : `does not accept, and ${how}`;
  }
  if (reply.status >= 300) return saidBy(reply);
  const { jobs = [] } = reply.body as { readonly jobs?: readonly { readonly error_code?: string }[] };
  const refused = jobs.flatMap(({ error_code }) => error_code ?? []);
  const refusals =
    refused.length === 0 ? '' : `, refuses ${refused.length} (${[...new Set(refused)].join(', ')})`;
  return `accepts ${accepted}${refusals}`;
}

function saidBy(reply: Entry extends infer _ ? Call['reply'] : never): string {
  if (typeof reply === 'string') return reply === 'hang' ? 'no answer comes' : 'the connection breaks';
  const { error_code: cph, code = cph } = reply.body as { error_code?: string; code?: string };
  const wait = reply.headers?.['retry-after'];
  return `answers ${reply.status}${code === undefined ? '' : ` ${code}`}${wait === undefined ? '' : `, again in ${wait} s`}`;
}

function backAs(status: number, count: number): string {
  if (status === 1) return count === 1 ? 'runs again' : 'run again';
  const verb = count === 1 ? 'is' : 'are';
  return status === 2 ? `${verb} abnormal again` : `${verb} in status ${status}`;
}

/** What happens in one second stands in one row, as long as what follows is not older than what stands there. */
function merged(rows: readonly Row[]): readonly Row[] {
  const out: Row[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    const isSameSecond = last?.when === row.when;
    if (last !== undefined && isSameSecond && (row.world === '' || last.us === '')) {
      out[out.length - 1] = { ...last, world: lines(last.world, row.world), us: lines(last.us, row.us) };
    } else out.push(row);
  }
  return out;
}

const lines = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('<br>');

/** The same again and again is told once: a row, or two that alternate, whichever run or server they are about. */
function collapsed(rows: readonly Row[]): readonly Row[] {
  const out: Row[] = [];
  for (let index = 0; index < rows.length; ) {
    const [size, times] = repetition(rows, index);
    out.push(...rows.slice(index, index + size));
    const last = rows[index + size * times - 1];
    if (times > 1 && last !== undefined) {
      const block = rows.slice(index, index + size * times);
      const isOthers = new Set(block.map(({ world, us }) => SERVER.exec(world + us)?.[0])).size > 1;
      const again = times === 2 ? 'once more, until' : `${times - 1} times more, until`;
      const what = isOthers ? 'the same with others' : 'the same';
      out.push({ when: '', world: '', us: `… ${what} ${again} ${last.when}` });
    }
    index += size * times;
  }
  return out;
}

/** How long the block is that repeats from here on, and how often it comes. */
function repetition(rows: readonly Row[], from: number): readonly [size: number, times: number] {
  for (const size of [1, 2]) {
    const block = (turn: number): string =>
      rows
        .slice(from + turn * size, from + (turn + 1) * size)
        .map(essence)
        .join('\n');
    let times = 1;
    while (from + (times + 1) * size <= rows.length && block(times) === block(0)) times += 1;
    if (times >= FEWEST) return [size, times];
  }
  return [1, 1];
}

/** Fewer are shown as they are. */
const FEWEST = 3;
const SERVER = /\bh\d+-\d+\b/;
const essence = ({ world, us }: Row): string =>
  `${world} | ${us}`.replace(/\brun \d+/g, 'run').replace(new RegExp(SERVER, 'g'), 'server');
