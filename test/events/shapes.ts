/** Messages of Cloud Eye, built for tests. Ids are invented. */

export const HOST = 'c10d0000000000000000000000000001';
export const SERVER = 'e5c0de00000000000000000000000103';
export const TIME = Date.parse('2026-03-01T18:30:03.250Z');

/** The default format; `template_variable` is added to, not replaced. */
export function defaultFormat(more: Readonly<Record<string, unknown>> = {}): string {
  const { template_variable: variables, ...rest } = more;
  return JSON.stringify({
    message_type: 'alarm',
    alarm_id: 'al1770000000000sampleAA',
    alarm_name: 'encode servers unwell',
    alarm_status: 'alarm',
    time: TIME,
    namespace: 'SYS.CPH',
    metric_name: 'encode_server_abnormal',
    dimension: `server_id:${HOST}`,
    period: 1,
    ...rest,
    template_variable: { IsAlarm: true, AlarmLevel: 'Critical', ...(variables ?? {}) },
  });
}

/** A notification template of format JSON. */
export const template = (data: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ version: 'v1', data: { AlarmRuleName: 'encode servers unwell', ...data } });

/** An event alarm: period 0, the event's name for a metric. */
export const eventAlarm = (name: string, content?: unknown, more: Readonly<Record<string, unknown>> = {}) =>
  defaultFormat({
    metric_name: name,
    period: 0,
    ...more,
    template_variable: content === undefined ? {} : { EventContent: content },
  });

/** 50,000 lists or objects within each other. */
export const nested = (open: string, close: string, inner = ''): string =>
  open.repeat(50_000) + inner + close.repeat(50_000);
