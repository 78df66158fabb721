/** The events of timers and of the gateway, as FunctionGraph hands them over. */
import { type EpochMs, iso } from '../../lib/time.ts';

export const timerEvent = (name: string, due: EpochMs, userEvent: string): object => ({
  version: 'v2.0',
  time: iso(due),
  trigger_type: 'TIMER',
  trigger_name: name,
  user_event: userEvent,
});

export const apigEvent = (
  method: string,
  path: string,
  body: object | undefined,
  headers: Readonly<Record<string, string>>,
  number: number,
): object => ({
  body: Buffer.from(body === undefined ? '' : JSON.stringify(body)).toString('base64'),
  isBase64Encoded: true,
  httpMethod: method,
  path: `/encode-restart${path}`,
  headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  queryStringParameters: {},
  pathParameters: {},
  requestContext: { apiId: 'local', requestId: `call-${number}`, stage: 'RELEASE' },
});
