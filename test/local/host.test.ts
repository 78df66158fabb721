/** The function host: context, events and results as JSON, errors and the time limit. */
import { expect, test } from 'vitest';
import { minutes, seconds } from '../../lib/time.ts';
import { virtualClock } from '../../local/clock.ts';
import { type FunctionContext, type Invocation, invokeFunction, smnEvent } from '../../local/host.ts';
import { CREDENTIALS, START } from './support/world.ts';

const lines: string[] = [];

function invocation(
  handler: (event: unknown, context: FunctionContext) => Promise<unknown>,
  fields: Partial<Invocation> = {},
): Invocation {
  lines.length = 0;
  return {
    name: 'alarm',
    handler: handler as Invocation['handler'],
    event: { record: [] },
    userData: { SETTINGS: '{}', API_SECRET: 'secret' },
    credentials: CREDENTIALS,
    timeoutSeconds: 300,
    memoryMb: 256,
    clock: virtualClock(START, seconds(0)),
    log: (line) => lines.push(line),
    requestId: 'request-1',
    projectId: 'project-1',
    ...fields,
  };
}

test('the context has the methods of the platform, and strings where it has strings', async () => {
  const handler = async (_event: unknown, context: FunctionContext): Promise<unknown> => [
    context.getRequestID(),
    context.getSecurityAccessKey(),
    context.getSecuritySecretKey(),
    context.getSecurityToken(),
    context.getAccessKey(),
    context.getSecretKey(),
    context.getToken(),
    context.getUserData('SETTINGS'),
    context.getUserData('toString') === undefined,
    context.getFunctionName(),
    context.getVersion(),
    context.getPackage(),
    context.getAlias(),
    context.getMemorySize(),
    context.getCPUNumber(),
    context.getRunningTimeInSeconds(),
    context.getProjectID(),
    [context.requestID, context.traceID, context.timeout, context.startTime],
  ];
  expect(await invokeFunction(invocation(handler))).toEqual([
    'request-1',
    'LOCALAK',
    'local-secret',
    'local-token',
    '',
    '',
    'local-iam-token',
    '{}',
    true,
    'alarm',
    'latest',
    'default',
    '',
    '256',
    '200',
    300_000,
    'project-1',
    ['request-1', 'request-1', 300_000, START],
  ]);
});

test('without an agency there are no credentials', async () => {
  const { credentials: _agency, ...options } = invocation(async (_event, context) => [
    context.getSecurityAccessKey(),
    context.getSecuritySecretKey(),
    context.getSecurityToken(),
    context.getToken(),
  ]);
  expect(await invokeFunction(options)).toEqual(['', '', '', '']);
});

test('the remaining time goes down with the clock', async () => {
  const clock = virtualClock(START);
  const handler = async (_event: unknown, context: FunctionContext): Promise<unknown> => {
    await clock.sleep(minutes(2));
    return context.getRemainingTimeInMilliSeconds();
  };
  expect(await invokeFunction(invocation(handler, { clock }))).toBe(minutes(3));
});

test('log lines carry time, request and level; debug lines only when asked for', async () => {
  await invokeFunction(
    invocation(async (_event, context) => {
      const logger = context.getLogger();
      logger.debug('unseen');
      logger.info('seen');
      logger.setLevel('DEBUG');
      logger.debug('now seen');
      logger.setLevel('ERROR');
      logger.warn('unseen');
      logger.error('bad');
    }),
  );
  expect(lines).toEqual([
    "Start invoke request 'request-1', version: latest",
    '2026-01-31T03:00:00Z request-1 INFO seen',
    '2026-01-31T03:00:00Z request-1 DEBUG now seen',
    '2026-01-31T03:00:00Z request-1 ERROR bad',
    "Finish invoke request 'request-1', duration: 0ms, billing duration: 0ms",
  ]);
});

test('event and result travel as JSON', async () => {
  const event = { at: new Date(START), nothing: undefined };
  const handler = async (given: unknown): Promise<unknown> => ({ given, same: given === event });
  expect(await invokeFunction(invocation(handler, { event }))).toEqual({
    given: { at: '2026-01-31T03:00:00.000Z' },
    same: false,
  });
  expect(await invokeFunction(invocation(async () => undefined))).toBeNull();
});

test('what a handler throws comes back in the shape of the platform', async () => {
  const failing = invokeFunction(
    invocation(async () => {
      throw new TypeError('no such host');
    }),
  );
  await expect(failing).rejects.toMatchObject({
    code: 4002,
    body: {
      errorMessage: 'function invocation exception, error: [no such host]',
      errorType: 'TypeError',
      stackTrace: expect.any(Array),
    },
  });
  await expect(invokeFunction(invocation(() => Promise.reject('text')))).rejects.toMatchObject({
    body: { errorMessage: 'function invocation exception, error: [text]', errorType: 'Error' },
  });
  await expect(invokeFunction(invocation(async () => 1n))).rejects.toMatchObject({ code: 4002 });
});

test('a handler that sleeps beyond its time is ended on time, and what it comes to is ignored', async () => {
  const clock = virtualClock(START);
  const slow = async (): Promise<unknown> => {
    await clock.sleep(minutes(10));
    throw new Error('too late to matter');
  };
  await expect(invokeFunction(invocation(slow, { clock }))).rejects.toMatchObject({
    code: 4010,
    body: { errorMessage: 'invoke timeout' },
  });
  expect(clock.now()).toBe(START + minutes(5));
  await clock.sleep(minutes(10));
});

test('a handler that waits for nothing the clock knows is ended too', async () => {
  const never = (): Promise<unknown> => new Promise(() => undefined);
  await expect(invokeFunction(invocation(never))).rejects.toMatchObject({ code: 4010 });
});

test('an event over 256 KB cannot come asynchronously, and such a result is dropped', async () => {
  const large = 'x'.repeat(256 * 1_024);
  const echo = async (event: unknown): Promise<unknown> => event;
  await expect(invokeFunction(invocation(echo, { event: large }))).rejects.toMatchObject({ code: 4040 });
  expect(await invokeFunction(invocation(echo, { event: large, mode: 'sync' }))).toBe(large);
  expect(await invokeFunction(invocation(async () => large))).toBeNull();
});

test('a synchronous result over 6 MB is an error', async () => {
  const huge = async (): Promise<unknown> => 'x'.repeat(6_291_456);
  await expect(invokeFunction(invocation(huge, { mode: 'sync' }))).rejects.toMatchObject({ code: 4008 });
});

test('an SMN notification becomes the event of the trigger', () => {
  const event = smnEvent({
    functionUrn: 'urn:fss:cn-north-4:project-1:function:default:alarm:latest',
    topic_urn: 'urn:smn:cn-north-4:project-1:alarms',
    message_id: 'message-1',
    timestamp: '2026-01-31T03:00:00Z',
    subject: 'S',
    message: 'M',
  });
  expect(event).toEqual({
    record: [
      {
        event_version: '1.0',
        event_source: 'smn',
        event_subscription_urn: 'urn:fss:cn-north-4:project-1:function:default:alarm:latest',
        smn: {
          topic_urn: 'urn:smn:cn-north-4:project-1:alarms',
          timestamp: '2026-01-31T03:00:00Z',
          message_attributes: null,
          message: 'M',
          type: 'notification',
          message_id: 'message-1',
          subject: 'S',
        },
      },
    ],
  });
});
