/**
 * The settings: one structure, written as YAML under `custom.settings` in serverless.yml, carried to every
 * function as the one variable `SETTINGS` (JSON), checked here and nowhere else. Keys are snake_case as the
 * operator writes them and become camelCase on the way in.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { expectation, problemsOf, refuse, SettingsError, shown } from './settings-error.ts';
import { type DurationMs, type EpochMs, parseDuration, parseInstant } from './time.ts';
import { parseDailyAt, parseWindow, type Window } from './window.ts';

/** A limit: so many, or such a share of a count. Never both. */
export type Limit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export interface Settings {
  readonly region: string;
  /** Deployments of one project beside each other keep their ledgers apart by it. */
  readonly stage: string;
  /** `observe` does everything up to the claim and never claims; `active` restarts. There is no default. */
  readonly mode: 'observe' | 'active';
  readonly language: 'en' | 'zh-CN';
  /** Topics whose alarms are meant for us. */
  readonly alarmTopics: readonly string[];
  /** Namespaces taken; absent: `SYS.CPH`, and all that are not a cloud service's own. */
  readonly alarmNamespaces?: readonly string[];
  /** Whether an alarm that names a server restarts it even if CPH calls it running. */
  readonly alarmRestart: 'named' | 'abnormal';
  /** Where reports go; absent: the log is all there is. */
  readonly reportTopic?: string;
  /** What needs a person now goes here at once; absent: to `reportTopic`. */
  readonly pageTopic?: string;
  /** Takes the complete results of every run, as JSON in parts. */
  readonly resultsTopic?: string;
  /** When the daily digest is due. */
  readonly digestAt: { readonly minutes: number; readonly zone: string };
  /** Hosts or encode servers that may be touched; absent: all. */
  readonly include?: readonly string[];
  /** Hosts or encode servers that are never touched. */
  readonly exclude: readonly string[];
  /** A timer's event or an HTTP call older than this is not carried out; an older alarm must settle. */
  readonly maxAge: DurationMs;
  /** Planned work happens inside these only; absent: at any time. */
  readonly window?: readonly Window[];
  /** More than this share of the fleet troubled, on several hosts, is a storm. */
  readonly maxAbnormal: Limit;
  /** A server must have been abnormal for so long, unless a fresh alarm says so. */
  readonly settle: DurationMs;
  readonly cooldown: DurationMs;
  readonly maxAttempts: number;
  /** Planned work: so many failures of a run stop it; a share of its targets has a floor of one. */
  readonly maxErrors: Limit;
  /** Planned work: so many servers may be troubled or taken by us; a share has a floor of one. */
  readonly maxUnavailable: Limit;
  /** Repair: how many restarts may be in flight on one host. */
  readonly maxPerHost: number;
  /** How many restarts may be in flight at all; a share has a floor of ten. */
  readonly maxConcurrency: Limit;
  /** How many ids go into one batch-restart call, at most 100. */
  readonly batchSize: number;
  /** `memory` says: I know that this ledger forgets between invocations. Needed for `active` without Redis. */
  readonly ledger?: 'memory';
  /** Who checked the caller of the webhook before it is called: APIG by IAM or by APP. Absent: `API_SECRET`. */
  readonly webhookAuth?: 'IAM' | 'APP';
  /** The function that carries out what the webhook accepted. Filled in when deploying. */
  readonly patrolUrn?: string;
  /** When this was deployed first: a shared ledger that is much younger was emptied. Filled in when deploying. */
  readonly deployedAt?: EpochMs;
  readonly endpoints: Readonly<Record<string, string>>;
  /** The first 12 hex digits of the SHA-256 of the settings as given; in every log line of a run. */
  readonly hash: string;
}

/** How many a limit allows out of `total`: a share is rounded down and is zero for 0 %. */
export function allowed(limit: Limit, total: number): number {
  return limit.kind === 'count' ? limit.count : Math.floor((total * limit.percent) / 100);
}

/** As `allowed`, but at least `floor` where the limit allows anything at all: 0 and 0 % stay zero. */
export function allowedAtLeast(floor: number, limit: Limit, total: number): number {
  const isNothing = limit.kind === 'count' || limit.percent === 0;
  return isNothing ? allowed(limit, total) : Math.max(floor, allowed(limit, total));
}

/** A limit as an operator writes it: `5` or `"5%"`; `undefined` when it is none. */
export function readLimit(given: unknown): Limit | undefined {
  if (typeof given === 'number') {
    return Number.isInteger(given) && given >= 0 ? { kind: 'count', count: given } : undefined;
  }
  if (typeof given !== 'string' || !/^(100|\d{1,2})%$/.test(given)) return undefined;
  return { kind: 'percent', percent: Number.parseInt(given, 10) };
}

const parseDaily = (given: unknown) => (typeof given === 'string' ? parseDailyAt(given) : undefined);

export const WINDOW_EXPECTED =
  'a window like "Mon-Fri 22:00-04:00 Asia/Shanghai" (days, times, an IANA zone), or a list of them';

/** A window or a list of at least one; `undefined` when one of them is none. */
export function readWindows(given: unknown): readonly Window[] | undefined {
  const texts: readonly unknown[] = Array.isArray(given) ? given : [given];
  const windows = texts.flatMap((text) => (typeof text === 'string' ? (parseWindow(text) ?? []) : []));
  return windows.length === texts.length && windows.length > 0 ? windows : undefined;
}

const id = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id of 1 to 64 letters, digits, "_" or "-"'));
const topicUrn = z
  .string()
  .check(
    z.regex(
      /^urn:smn:[a-z0-9-]+:[A-Za-z0-9]+:[A-Za-z0-9_-]{1,255}$/,
      'a topic URN like urn:smn:<region>:<project id>:<name>',
    ),
  );
const functionUrn = z
  .string()
  .check(
    z.regex(
      /^urn:fss:[a-z0-9-]+:[A-Za-z0-9]+:function:[\w-]+:[\w-]+(:[\w!-]+)?$/,
      'a function URN like urn:fss:<region>:<project id>:function:default:<name>:latest',
    ),
  );
/** A value that `read` turns into `Value`, or that is not what `expected` says. */
const as = <Value>(read: (given: unknown) => Value | undefined, expected: string) =>
  z.pipe(
    z.unknown().check(z.refine((given) => read(given) !== undefined, expected)),
    z.transform((given) => read(given) as Value),
  );
const duration = as(
  (given): DurationMs | undefined => (typeof given === 'string' ? parseDuration(given) : undefined),
  'a duration like "90s", "30m", "12h" or "1d"',
);
const limit = as(readLimit, 'a whole number, or a share from "0%" to "100%"');
const count = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  const isCount = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  return z.number(expected).check(z.refine(isCount, expected));
};
const endpoint = z
  .string()
  .check(
    z.regex(
      /^(https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?|http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5})$/,
      'an https:// origin without a path',
    ),
  );

const schema = z.strictObject({
  region: z.string().check(z.regex(/^[a-z]{2}-[a-z]+-\d{1,3}$/, 'a region like "cn-north-4"')),
  stage: z._default(z.string().check(z.regex(/^[A-Za-z0-9-]{1,32}$/, 'a stage like "dev" or "prod"')), 'dev'),
  mode: z.enum(['observe', 'active'], '"observe" or "active" (there is no default: choose)'),
  language: z._default(z.enum(['en', 'zh-CN'], '"en" or "zh-CN"'), 'en'),
  alarm_topics: z._default(z.array(topicUrn, 'a list of topic URNs'), []),
  alarm_namespaces: z.optional(
    z.array(
      z.string().check(z.regex(/^[A-Za-z][\w.]{1,63}$/, 'a namespace like "SYS.CPH"')),
      'a list of namespaces',
    ),
  ),
  alarm_restart: z._default(z.enum(['named', 'abnormal'], '"named" or "abnormal"'), 'named'),
  report_topic: z.optional(topicUrn),
  page_topic: z.optional(topicUrn),
  results_topic: z.optional(topicUrn),
  digest_at: z.prefault(
    as(parseDaily, 'a time of day and a zone like "09:00 Asia/Shanghai"'),
    '09:00 Asia/Shanghai',
  ),
  include: z.optional(z.array(id, 'a list of host or encode server ids')),
  exclude: z._default(z.array(id, 'a list of host or encode server ids'), []),
  max_age: z.prefault(duration, '15m'),
  window: z.optional(as(readWindows, WINDOW_EXPECTED)),
  max_abnormal: z.prefault(limit, '30%'),
  settle: z.prefault(duration, '1m'),
  cooldown: z.prefault(duration, '30m'),
  max_errors: z.prefault(limit, '10%'),
  max_unavailable: z.prefault(limit, '5%'),
  max_attempts: z._default(count(0, 100), 3),
  max_per_host: z._default(count(0, 1_000), 10),
  max_concurrency: z.prefault(limit, '20%'),
  batch_size: z._default(count(1, 100), 100),
  ledger: z.optional(z.literal('memory', '"memory" or nothing')),
  webhook_auth: z.optional(z.enum(['IAM', 'APP'], '"IAM" or "APP", as APIG checks the caller')),
  patrol_urn: z.optional(functionUrn),
  deployed_at: z.optional(
    as(
      (given) => (typeof given === 'string' ? parseInstant(given) : undefined),
      'a time like 2026-01-31T03:00:00Z',
    ),
  ),
  endpoints: z._default(
    z.strictObject({
      cph: z.optional(endpoint),
      smn: z.optional(endpoint),
      functiongraph: z.optional(endpoint),
    }),
    {},
  ),
});

/**
 * Reads the `SETTINGS` variable.
 * @throws SettingsError with one clear line: the key, what was expected, what was there.
 */
export function readSettings(text: string | undefined): Settings {
  if (text === undefined || text.trim() === '') {
    throw new SettingsError(
      'SETTINGS: expected the settings as JSON, got nothing. Set custom.settings in serverless.yml and deploy again.',
    );
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new SettingsError(`SETTINGS: expected JSON, got ${shown(text)}`);
  }
  return parseSettings(given);
}

/** As `readSettings`, of a value that is parsed already. */
export function parseSettings(given: unknown): Settings {
  const parsed = schema.safeParse(given, { error: expectation });
  if (!parsed.success) refuse(parsed.error.issues.flatMap((issue) => problemsOf(issue, given)));
  const { data } = parsed;
  const settings: Settings = {
    region: data.region,
    stage: data.stage,
    mode: data.mode,
    language: data.language,
    alarmTopics: data.alarm_topics,
    ...(data.alarm_namespaces === undefined ? {} : { alarmNamespaces: data.alarm_namespaces }),
    alarmRestart: data.alarm_restart,
    ...(data.report_topic === undefined ? {} : { reportTopic: data.report_topic }),
    ...(data.page_topic === undefined ? {} : { pageTopic: data.page_topic }),
    ...(data.results_topic === undefined ? {} : { resultsTopic: data.results_topic }),
    digestAt: data.digest_at,
    ...(data.include === undefined ? {} : { include: data.include }),
    exclude: data.exclude,
    maxAge: data.max_age,
    ...(data.window === undefined ? {} : { window: data.window }),
    maxAbnormal: data.max_abnormal,
    settle: data.settle,
    cooldown: data.cooldown,
    maxErrors: data.max_errors,
    maxUnavailable: data.max_unavailable,
    maxAttempts: data.max_attempts,
    maxPerHost: data.max_per_host,
    maxConcurrency: data.max_concurrency,
    batchSize: data.batch_size,
    ...(data.ledger === undefined ? {} : { ledger: data.ledger }),
    ...(data.webhook_auth === undefined ? {} : { webhookAuth: data.webhook_auth }),
    ...(data.patrol_urn === undefined ? {} : { patrolUrn: data.patrol_urn }),
    ...(data.deployed_at === undefined ? {} : { deployedAt: data.deployed_at }),
    endpoints: Object.fromEntries(
      Object.entries(data.endpoints).filter(([, url]) => url !== undefined),
    ) as Record<string, string>,
    hash: createHash('sha256').update(canonical(given)).digest('hex').slice(0, 12),
  };
  refuseLoops(settings);
  return settings;
}

/** A report that lands on a topic which triggers us would start the next run. */
function refuseLoops({ reportTopic, pageTopic, resultsTopic, alarmTopics }: Settings): void {
  const topics = { report_topic: reportTopic, page_topic: pageTopic, results_topic: resultsTopic };
  for (const [key, topic] of Object.entries(topics)) {
    if (topic === undefined || !alarmTopics.includes(topic)) continue;
    const expected = 'a topic that triggers none of our functions';
    refuse([{ key, expected, got: `${shown(topic)}, which is in alarm_topics` }]);
  }
}

/** JSON with sorted keys, so that the hash does not depend on the order of writing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
