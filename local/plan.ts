/** What a call of `npm run invoke` asks to be played; every mistake in it is one line that names the place. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { emptyState, seededState } from '../lib/ledger/state.ts';
import { parseSettings } from '../lib/settings.ts';
import { type DurationMs, type EpochMs, epochMs, parseDuration, parseInstant } from '../lib/time.ts';
import { FAULTS, faultNamed } from './faults/index.ts';
import { readFleet, standardFleet } from './fleet.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { type Plan, settingsFor, timeOf } from './play.ts';

export const USAGE = `Usage: npm run -s invoke -- <function> <event.json>… [options]

Runs one function on each event in turn, on one ledger, against a local cloud on loopback; what is left open
is carried on by patrol, minute by minute. Waiting costs no real time. Prints one JSON object; logs go to
standard error.

  <function>              ${FUNCTION_NAMES.join(', ')}
  --fleet fleet.json      [{"encode_server_id","server_id","status","type","phones":["…"],"recovers":true}]
  --settings s.json       settings as under custom.settings in serverless.yml; mode is active unless they say so
  --ledger state.json     {"servers":{"<id>":{"server_id","attempts":["<time>"],"handed_over":{…}}},"pause":{…}}
  --fault NAME            ${[...FAULTS.keys()].join(', ')}; may be given more than once
  --now TIME              where the clock starts, like 2026-03-01T18:30:00Z; the event's own time by default
  --for SPAN              the minute's patrol runs beside it for so long from the start, like 90m
  --secret TEXT           API_SECRET of the webhook; without it the local gateway has checked the caller (IAM)
`;

/** Something about the call itself: said in a line, exit code 2. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readPlan(args: readonly string[]): Plan {
  const { values, positionals } = parsed(args);
  const [functionName, ...files] = positionals;
  if (functionName === undefined) throw new UsageError('expected a function and an event, got nothing');
  if (!FUNCTION_NAMES.includes(functionName)) {
    throw new UsageError(`function: expected one of ${FUNCTION_NAMES.join(', ')}, got ${functionName}`);
  }
  if (files.length === 0) throw new UsageError('event: expected at least one file, got none');
  const events = files.map((file) => jsonOf(file));
  const given = values.settings === undefined ? {} : objectOf(values.settings);
  const authenticated = values.secret === undefined ? { webhook_auth: 'IAM' } : {};
  const { region, projectId, settings } = settingsFor(events, { ...authenticated, ...given });
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
    ...(values.for === undefined ? {} : { patrolFor: spanOf(values.for) }),
    ...(values.secret === undefined ? {} : { secrets: { API_SECRET: values.secret } }),
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
        for: text,
        secret: text,
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

function spanOf(text: string): DurationMs {
  const span = parseDuration(text);
  if (span === undefined) throw new UsageError(`--for: expected a span like 90m, got ${text}`);
  return span;
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
