/** Calls of the API as APIG hands them over, answered on a real ledger; what would be carried out is recorded. */
import { type HttpResponse, readApigEvent } from '../../../events/apig.ts';
import { isProblem } from '../../../events/event.ts';
import { answer } from '../../../lib/api/answer.ts';
import type { Accept, Api } from '../../../lib/api/api.ts';
import { misfitOf, problemOf } from '../../../lib/api/problem.ts';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState } from '../../../lib/ledger/state.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { after, type Clock, type EpochMs, epochMs, hours } from '../../../lib/time.ts';
import type { Log, RestartRequest, Run } from '../../../lib/types.ts';

export const NOW: EpochMs = epochMs(Date.parse('2026-03-01T18:30:00Z'));
export const SECRET = 'a-secret-of-32-characters-1234567';

export interface Call {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  /** Becomes JSON in base64; `text` is sent as it is, in base64; `raw` as it is. */
  readonly body?: unknown;
  readonly text?: string;
  readonly raw?: { readonly body: unknown; readonly isBase64Encoded?: unknown };
  /** Replaces keys of the event. */
  readonly event?: Readonly<Record<string, unknown>>;
}

let calls = 0;

/** The event of a call that a known caller makes. */
export function eventOf(method: string, path: string, call: Call = {}): Readonly<Record<string, unknown>> {
  calls += 1;
  const text = call.text ?? (call.body === undefined ? '' : JSON.stringify(call.body));
  return {
    httpMethod: method,
    path: `/encode-restart${path}`,
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json', ...call.headers },
    queryStringParameters: call.query ?? {},
    pathParameters: {},
    requestContext: { apiId: 'api-1', requestId: `call-${calls}`, stage: 'RELEASE' },
    ...(call.raw ?? { body: Buffer.from(text).toString('base64'), isBase64Encoded: true }),
    ...call.event,
  };
}

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, if it is some. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers by name
  readonly json: any;
  readonly place: string | undefined;
}

export interface Given {
  readonly shared?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret?: string | undefined;
  readonly accept?: Accept;
  readonly ledger?: Partial<Ledger>;
  readonly deadline?: Clock['deadline'];
}

export function desk(given: Given = {}) {
  const state = { ...emptyState(), begunAt: NOW };
  const ledger = Object.assign(memoryLedger({ shared: given.shared ?? true, state }), given.ledger);
  const accepted: RestartRequest[] = [];
  const lines: string[] = [];
  let now = NOW;
  const clock: Clock = {
    now: () => now,
    sleep: async () => undefined,
    deadline: given.deadline ?? (() => ({ signal: new AbortController().signal, clear: () => undefined })),
  };
  const accept: Accept = async (request) => {
    accepted.push(request);
    const run = runOf(request, now);
    if (await ledger.open(run, now)) return { kind: 'accepted', run };
    const runId = await ledger.delivered(request.deliveryId, now);
    return { kind: 'known', run: runId === undefined ? undefined : await ledger.run(runId) };
  };
  const api: Api = {
    ledger,
    clock,
    settings: parseSettings({ region: 'cn-north-4', mode: 'observe', ...given.settings }),
    log: logTo(lines),
    accept: given.accept ?? accept,
    secret: 'secret' in given ? given.secret : SECRET,
  };
  /** As functions/webhook.ts does it. */
  async function send(event: unknown): Promise<Said> {
    const request = readApigEvent(event);
    return said(isProblem(request) ? problemOf(misfitOf(request)) : await answer(request, api));
  }
  return {
    state,
    ledger,
    accepted,
    lines,
    send,
    call: (method: string, path: string, call?: Call) => send(eventOf(method, path, call)),
    passes: (span: Parameters<typeof after>[1]) => {
      now = after(now, span);
    },
    /** All that a call could have changed. */
    remembered: () => structuredClone({ state, accepted }),
  };
}

export function runOf(request: RestartRequest, now: EpochMs, some: Partial<Run> = {}): Run {
  return {
    runId: `run-${request.deliveryId.replace(/\W/g, '-').slice(0, 40)}`,
    request,
    state: 'resolving',
    openedAt: now,
    endsAt: after(now, hours(12)),
    settingsHash: '0123456789ab',
    hosts: [],
    targets: [],
    requestIds: [],
    ...some,
  };
}

function said({ status, headers, body }: HttpResponse): Said {
  const json = body === '' ? undefined : JSON.parse(body);
  return { status, headers, text: body, json, place: json?.errors?.[0]?.place };
}

function logTo(lines: string[], fields: object = {}): Log {
  const line = (message: string, more?: object) =>
    lines.push(JSON.stringify({ message, ...fields, ...more }));
  return {
    debug: line,
    info: line,
    warn: line,
    error: line,
    child: (more) => logTo(lines, { ...fields, ...more }),
  };
}
