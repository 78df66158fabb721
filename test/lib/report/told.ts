/** Notices and digests to tell, built from the few things a test cares about. */
import type { Digest, Notice } from '../../../lib/messages.ts';
import { at, HOST, hold, REASONS } from './runs.ts';

/** One of every `Notice`, told with `text` where others write; the type makes sure that none is missing. */
export const notices = (
  text: string,
): { readonly [Code in Notice['code']]: Extract<Notice, { code: Code }> } => {
  const now = at('03:00:00');
  const pause = { who: `li.wei${text}`, why: `maintenance of the storage${text}`, until: at('06:00:00') };
  const error = { code: `APIGW.0301${text}`, message: `Incorrect IAM authentication information${text}` };
  return {
    storm_began: { code: 'storm_began', at: now, troubled: 170, hosts: 14, fleet: 500 },
    storm_ended: { code: 'storm_ended', at: now, since: at('01:13:00') },
    host_out_of_service: {
      code: 'host_out_of_service',
      at: now,
      serverId: `${HOST}${text}`,
      status: 10,
      since: at('02:45:00'),
      encodeServerIds: [`es-0001${text}`, `es-0002${text}`],
    },
    pause_runs_long: { code: 'pause_runs_long', at: now, pause },
    ledger_emptied: { code: 'ledger_emptied', at: now, until: at('03:30:00') },
    ledger_away: {
      code: 'ledger_away',
      at: now,
      since: at('02:31:00'),
      where: `redis-01:6379${text}`,
      reason: `connect ECONNREFUSED${text}`,
    },
    not_authorised: { code: 'not_authorised', at: now, error },
    cph_away: { code: 'cph_away', at: now, since: at('02:40:00'), error },
    hardware: {
      code: 'hardware',
      at: now,
      event: `gpuAbnormal${text}`,
      alarmName: `cph-gpu${text}`,
      resourceIds: [`${HOST}${text}`],
    },
    template_without_is_alarm: { code: 'template_without_is_alarm', at: now, alarmName: `cph${text}` },
    alarm_unreadable: {
      code: 'alarm_unreadable',
      at: now,
      topicUrn: 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:alarms',
      said: `smn.message: expected a Cloud Eye alarm in JSON, got "on fire${text}"`,
    },
  };
};

/** A day on which nothing happened and nothing is the matter. */
export const calmDigest = (some: Partial<Digest> = {}): Digest => ({
  from: at('00:00:00'),
  to: at('23:59:59'),
  mode: 'active',
  runs: 0,
  counts: { recovered: 0, not_recovered: 0, rejected: 0, unconfirmed: 0, held: 0 },
  wouldRestart: 0,
  handedOver: [],
  abnormal: [],
  recurring: [],
  fleet: 500,
  exclusions: 0,
  undeliverable: 0,
  maintenanceUnknown: false,
  ...some,
});

/** A day of everything, told with `text` where others write. */
export const fullDigest = (text = ''): Digest =>
  calmDigest({
    runs: 9,
    counts: { recovered: 12, not_recovered: 1, rejected: 1, unconfirmed: 1, held: 4 },
    wouldRestart: 2,
    handedOver: [
      {
        encodeServerId: `es-0001${text}`,
        serverId: `${HOST}${text}`,
        since: at('01:00:00'),
        why: `three attempts without recovery${text}`,
      },
    ],
    abnormal: [
      {
        encodeServerId: `es-0002${text}`,
        serverId: `${HOST}${text}`,
        since: at('02:40:00'),
        hold: hold('cooldown', REASONS.cooldown, '03:11:10'),
      },
      { encodeServerId: `es-0003${text}`, serverId: `other${text}`, since: at('23:59:00') },
    ],
    recurring: [{ encodeServerId: `es-0004${text}`, serverId: `other${text}`, restarts: 7 }],
    pause: { who: `li.wei${text}`, why: `storage${text}`, until: at('23:59:59') },
    storm: { since: at('22:00:00'), round: { startedAt: at('23:50:00'), size: 4, canaries: new Map() } },
    exclusions: 3,
    undeliverable: 1,
    maintenanceUnknown: true,
  });
