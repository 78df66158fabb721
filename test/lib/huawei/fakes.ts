/** The world at its edge for these tests: a transport that plays answers, a clock that does not wait, a log that remembers. */
import type { Client } from '../../../lib/huawei/client.ts';
import { createClient } from '../../../lib/huawei/client.ts';
import type { Credentials } from '../../../lib/huawei/sign.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../../lib/huawei/transport.ts';
import { after, type Clock, epochMs, milliseconds } from '../../../lib/time.ts';
import type { Log, LogFields } from '../../../lib/types.ts';

export const NOW = epochMs(Date.parse('2026-03-01T03:00:00Z'));
export const PROJECT = '0123456789abcdef0123456789abcdef';
export const CREDENTIALS: Credentials = {
  accessKey: 'MARKEDACCESSKEY00001',
  secretKey: 'marked-secret-key-that-nobody-may-see',
  securityToken: 'marked-security-token-that-nobody-may-see',
};

export interface FakeClock extends Clock {
  readonly slept: number[];
  readonly deadlines: { readonly span: number; readonly controller: AbortController; cleared: boolean }[];
}

export function fakeClock(): FakeClock {
  let now = NOW;
  const slept: number[] = [];
  const deadlines: FakeClock['deadlines'] = [];
  return {
    slept,
    deadlines,
    now: () => now,
    sleep(span) {
      slept.push(span);
      now = after(now, milliseconds(span));
      return Promise.resolve();
    },
    deadline(span) {
      const controller = new AbortController();
      const made = { span, controller, cleared: false };
      deadlines.push(made);
      return {
        signal: controller.signal,
        clear: () => {
          made.cleared = true;
        },
      };
    },
  };
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

export function fakeLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  const log = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}

export type Reply = HttpResponse | Error;

export const json = (status: number, data: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  body: JSON.stringify(data),
});

export const raw = (code: string, message = code): Error => Object.assign(new Error(message), { code });

export interface FakeWorld {
  readonly client: Client;
  readonly sent: HttpRequest[];
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof fakeLog>;
}

/** A client whose requests are answered by `answer`; the answer may look at the request and at how many came before. */
export function fakeWorld(
  answer: (request: HttpRequest, index: number) => Reply,
  options: { readonly service?: string; readonly credentials?: Credentials; readonly clock?: FakeClock } = {},
): FakeWorld {
  const { service = 'cph', credentials = CREDENTIALS, clock = fakeClock() } = options;
  const log = fakeLog();
  const sent: HttpRequest[] = [];
  const transport: Transport = {
    send(request) {
      sent.push(request);
      const reply = answer(request, sent.length - 1);
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
    close: () => Promise.resolve(),
  };
  const client = createClient({
    service,
    endpoint: `https://${service}.cn-north-4.myhuaweicloud.com`,
    projectId: PROJECT,
    credentials: () => credentials,
    transport,
    clock,
    log,
  });
  return { client, sent, clock, log };
}

/** Replies in turn; the last one stays. */
export const inTurn =
  (...replies: readonly Reply[]) =>
  (_: HttpRequest, index: number): Reply =>
    replies[Math.min(index, replies.length - 1)] ?? raw('NO_REPLY');

/** What a promise was rejected with. */
export const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
