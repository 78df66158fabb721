/** `npm run -s invoke`: one handler, the given events, a local cloud; what came of it as JSON. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCloudEyeAlarm } from '../events/cloud-eye.ts';
import { isProblem } from '../events/event.ts';
import { readSmnEvent } from '../events/smn.ts';
import { emptyState, type LedgerState, seededState } from '../lib/ledger/state.ts';
import { runFacts } from '../lib/report/facts.ts';
import { parseSettings } from '../lib/settings.ts';
import { between, type EpochMs, epochMs, iso, parseInstant } from '../lib/time.ts';
import { virtualClock } from './clock.ts';
import { FAULTS, type FaultInstance, faultNamed } from './faults/index.ts';
import { readFleet, standardFleet } from './fleet.ts';
import { FUNCTION_NAMES } from './functions.ts';
import type { FleetRow } from './model/index.ts';
import { startScene } from './scene.ts';

const USAGE = `Usage: npm run -s invoke -- <function> <event.json>… [options]

Runs one function on each event in turn, on one ledger, against a local cloud on loopback.
Waiting costs no real time. Prints one JSON object; logs go to standard error.

  <function>              ${FUNCTION_NAMES.join(', ')}
  --fleet fleet.json      [{"encode_server_id","server_id","status","type","phones":["…"],"recovers":true}]
  --settings s.json       settings as under custom.settings in serverless.yml; mode is active unless they say so
  --ledger state.json     {"servers":{"<id>":{"server_id","attempts":["<time>"],"handed_over":{…}}},"pause":{…}}
  --fault NAME            ${[...FAULTS.keys()].join(', ')}; may be given more than once
  --now TIME              where the clock starts, like 2026-03-01T18:30:00Z; the event's own time by default
`;

/** Something about the call itself: said in a line, exit code 2. */
class UsageError extends Error {}

interface Plan {
  readonly functionName: string;
  readonly events: readonly unknown[];
  readonly fleet: readonly FleetRow[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ledger: LedgerState;
  readonly faults: readonly FaultInstance[];
  readonly start: EpochMs;
  readonly region: string;
  readonly projectId: string;
}

try {
  process.exitCode = await play(readPlan(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function play(plan: Plan): Promise<number> {
  const { functionName, events, start, ledger } = plan;
  const clock = virtualClock(start);
  const writeLine = (line: string) => process.stderr.write(`${line}\n`);
  const scene = await startScene({ ...plan, clock, writeLine });
  const ignored: object[] = [];
  const failed: object[] = [];
  try {
    for (const [index, event] of events.entries()) {
      const later = between(clock.now(), timeOf(event) ?? clock.now());
      if (later > 0) await clock.sleep(later);
      try {
        const answer = (await scene.invoke(functionName, event)) as { ignored?: readonly object[] };
        ignored.push(...(answer.ignored ?? []).map((entry) => ({ event: index, ...entry })));
      } catch (error) {
        failed.push({ event: index, error: (error as Error).message });
      }
    }
  } finally {
    await scene.close();
  }
  const { model, cloud } = scene;
  const topic = plan.settings['report_topic'];
  const result = {
    runs: [...ledger.runs.values()].map(runFacts),
    ignored,
    reports: model.mailbox
      .filter((mail) => mail.topic_urn === topic)
      .map(({ message_id, topic_urn, at, subject, messages }) => ({
        message_id,
        topic_urn,
        at: iso(at),
        subject,
        messages,
      })),
    calls: cloud.calls(),
    ...(failed.length === 0 ? {} : { failed }),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return failed.length === 0 ? 0 : 1;
}

function readPlan(args: readonly string[]): Plan {
  const { values, positionals } = parsed(args);
  const [functionName, ...files] = positionals;
  if (functionName === undefined) throw new UsageError('expected a function and an event, got nothing');
  if (!FUNCTION_NAMES.includes(functionName)) {
    throw new UsageError(`function: expected one of ${FUNCTION_NAMES.join(', ')}, got ${functionName}`);
  }
  if (files.length === 0) throw new UsageError('event: expected at least one file, got none');
  const events = files.map((file) => jsonOf(file));
  const urn = topicOf(events) ?? 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';
  const given = values.settings === undefined ? {} : objectOf(values.settings);
  const [, , topicRegion = '', topicProject = ''] = urn.split(':');
  const region = typeof given['region'] === 'string' ? given['region'] : topicRegion;
  const reportTopic = given['report_topic'];
  const projectId = typeof reportTopic === 'string' ? (reportTopic.split(':')[3] ?? '') : topicProject;
  const settings = {
    mode: 'active',
    alarm_topics: [urn],
    report_topic: `urn:smn:${region}:${projectId}:encode-restart-reports`,
    ...given,
    region,
  };
  return {
    functionName,
    events,
    region,
    projectId,
    settings: usable(settings, values.settings),
    fleet:
      values.fleet === undefined
        ? standardFleet({ abnormal: 2 })
        : told(values.fleet, () => readFleet(jsonOf(values.fleet ?? ''))),
    ledger:
      values.ledger === undefined
        ? emptyState()
        : told(values.ledger, () => seededState(jsonOf(values.ledger ?? ''))),
    faults: (values.fault ?? []).map((name) => told('--fault', () => faultNamed(name)).create()),
    start: startOf(values.now, events),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        fleet: text,
        settings: text,
        ledger: text,
        now: text,
        fault: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function startOf(now: string | undefined, events: readonly unknown[]): EpochMs {
  if (now === undefined) return timeOf(events[0]) ?? epochMs(Date.now());
  const moment = parseInstant(now);
  if (moment === undefined)
    throw new UsageError(`--now: expected a time like 2026-03-01T18:30:00Z, got ${now}`);
  return moment;
}

/** The event's own time: the alarm's, or that of its SMN message. */
function timeOf(event: unknown): EpochMs | undefined {
  for (const record of readSmnEvent(event)) {
    if (isProblem(record)) continue;
    const alarm = readCloudEyeAlarm(record.message);
    const time = (isProblem(alarm) ? undefined : alarm.time) ?? record.timestamp;
    if (time !== undefined) return time;
  }
  return undefined;
}

function topicOf(events: readonly unknown[]): string | undefined {
  const records = events.flatMap((event) => readSmnEvent(event));
  const urns = records.flatMap((record) => (isProblem(record) ? [] : [record.topicUrn]));
  return urns.find((urn) => /^urn:smn:[a-z]{2}-[a-z]+-\d{1,3}:[A-Za-z0-9]+:[A-Za-z0-9_-]{1,255}$/.test(urn));
}

function jsonOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file}: expected a file that can be read, got ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  return told(file, () => JSON.parse(text) as unknown);
}

function objectOf(file: string): Readonly<Record<string, unknown>> {
  const value = jsonOf(file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${file}: expected a map of settings`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Settings that the functions would refuse are refused here, before anything runs. */
function usable(settings: Readonly<Record<string, unknown>>, file = 'settings') {
  told(file, () => parseSettings(settings));
  return settings;
}

/** What `read` gives; its error becomes one about the place. */
function told<Value>(place: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${place}: ${(error as Error).message}`);
  }
}
