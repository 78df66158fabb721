/** What was seen, in the words of the page. */
import { type HoldFacts, runFacts } from '../../lib/report/facts.ts';
import { parseInstant } from '../../lib/time.ts';
import { type Entry, type LogEntry, listed, type Recorded } from './record.ts';
import type { Row } from './row.ts';
import { stopwatch } from './stopwatch.ts';

export type Cells = Partial<Omit<Row, 'when'>>;

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

export function teller(recorded: Recorded): (entry: Entry) => Cells | undefined {
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
