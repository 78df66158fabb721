import { describe, expect, it } from 'vitest';
import { state } from '../../../lib/guards/state.ts';
import { cpsError, gatewayError } from '../../../local/cloud/answer.ts';
import { firstCalls } from '../../../local/faults/spoil.ts';
import { alarmEvent, restarted, row, stage } from '../../support/stage.ts';
import {
  answers,
  breaksOff,
  type Case,
  context,
  healthy,
  noes,
  request,
  server,
  settings,
  target,
} from './support.ts';

const refusedCredentials = () => gatewayError(401, 'APIGW.0301', 'Incorrect IAM authentication', 'r1');
const noPermission = () => cpsError('CPS.0001', 'r1');
const named = target({ named: true });
const running = { server: server('running') };
const wellAgain = { reason: { code: 'well_again' } } as const;
const away = (status: number) => ({ host: { serverId: 'h1', status } });
const unavailable = (status: number) => ({ server: server('unavailable', { status }) });
const byId = request({ source: 'http', selector: { kind: 'ids', encodeServerIds: ['s1'] } });
const alarm = request({ source: 'alarm', selector: { kind: 'candidates', ids: ['s1'] } });

const CASES: readonly Case[] = [
  ['an abnormal server on a host in service', {}],
  ['a server that is well again', running, wellAgain],
  ['a running server that an alarm named', { ...running, target: named, request: alarm }],
  [
    'a running server that an alarm named, where alarms may not restart such',
    { ...running, target: named, request: alarm, settings: settings({ alarm_restart: 'abnormal' }) },
    wellAgain,
  ],
  [
    'a running server that an alarm named whose run it joined, where alarms may not restart such',
    { ...running, target: named, settings: settings({ alarm_restart: 'abnormal' }) },
    wellAgain,
  ],
  ['a running server that an alarm named whose run it joined', { ...running, target: named }],
  [
    'a running server that a person named, whatever alarms may',
    { ...running, target: named, request: byId, settings: settings({ alarm_restart: 'abnormal' }) },
  ],
  ['a running server of the nightly restart', healthy],
  [
    'a server that is restarting',
    { server: server('restarting') },
    { reason: { code: 'restarting_already' } },
  ],
  ...[0, 4, 5, 77, 100, 1014].map(
    (status): Case => [
      `a server in status ${status}`,
      unavailable(status),
      { reason: { code: 'unavailable', status } },
    ],
  ),
  [
    'a frozen server that a person named',
    { ...unavailable(4), target: named },
    { reason: { code: 'unavailable', status: 4 } },
  ],
  ['a server that is gone', { server: 'absent' }, { reason: { code: 'gone' } }],
  ['a server whose host is gone', { host: 'absent' }, { reason: { code: 'host_gone' } }],
  ...[0, 1, 2, 3, 4, 6, 10].map(
    (status): Case => [
      `a server on a host in status ${status}`,
      away(status),
      { reason: { code: 'host_not_in_service', status } },
    ],
  ),
  [
    'a server on a host under maintenance',
    { maintenance: new Map([['h1', 'event-1']]) },
    { reason: { code: 'host_maintenance', eventId: 'event-1' } },
  ],
  ['a server while another host is under maintenance', { maintenance: new Map([['h2', 'event-1']]) }],
];

describe('state', () => {
  answers(state, CASES);

  it.each([
    { what: 'servers', given: { server: 'unchecked' } },
    { what: 'host', given: { host: 'unchecked' } },
    { what: 'maintenance', given: { maintenance: 'unchecked' } },
  ] as const)('holds when the $what could not be looked at', ({ what, given }) => {
    for (const base of [{}, healthy, { target: named }]) {
      expect(state.check(context({ ...base, ...given }))).toEqual({ reason: { code: 'unchecked', what } });
    }
  });

  it.each(['ShowCloudPhoneServerDetail', 'ListScheduledEvents'])(
    'over HTTP: a broken %s restarts nothing',
    async (operation) => {
      const played = await stage({
        fleet: [row('h1', 's1', 2), row('h1', 's2', 2), row('h1', 's3')],
        events: [alarmEvent('server_id:h1')],
        faults: [breaksOff(operation)],
      });
      expect(restarted(played)).toEqual([]);
      expect(noes(played, 's1')[0]).toBe('state: unchecked');
      expect(noes(played, 's2')[0]).toBe('state: unchecked');
    },
  );

  it.each([
    { what: 'credentials that are refused', answer: refusedCredentials, restarts: [] },
    { what: 'a permission that the account lacks', answer: noPermission, restarts: ['s1'] },
  ])('over HTTP: when ListScheduledEvents is met by $what, restarts $restarts', async (given) => {
    const played = await stage({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      events: [alarmEvent('server_id:h1')],
      faults: [{ intercept: firstCalls('ListScheduledEvents', Number.POSITIVE_INFINITY, given.answer) }],
    });
    expect(restarted(played)).toEqual(given.restarts);
  });
});
