/** Settings as an operator could have written them, most of them narrow enough for a small fleet to feel. */
import type { FleetRow } from '../../local/model/state.ts';
import { ALARM_TOPIC, PAGE_TOPIC, REGION, REPORT_TOPIC, RESULTS_TOPIC } from '../play/places.ts';
import type { Dice } from './dice.ts';

export type Given = Readonly<Record<string, unknown>>;

/** Histories begin at 18:30 in UTC; these windows close a little later, or open a little later. */
const WINDOWS = ['18:00-18:37 UTC', '18:00-18:44 UTC', '18:35-19:00 UTC', '02:00-04:00 UTC'];

export function drawSettings(dice: Dice, fleet: readonly FleetRow[]): Given {
  const ids = fleet.flatMap(({ encode_server_id, server_id }) => [encode_server_id, server_id]);
  return {
    region: REGION,
    mode: dice.chance(94) ? 'active' : 'observe',
    alarm_topics: [ALARM_TOPIC],
    report_topic: REPORT_TOPIC,
    ...(dice.chance(30) ? { page_topic: PAGE_TOPIC } : {}),
    ...(dice.chance(15) ? { results_topic: RESULTS_TOPIC } : {}),
    patrol_urn: `urn:fss:${REGION}:project:function:default:patrol:latest`,
    deployed_at: '2026-02-20T00:00:00Z',
    webhook_auth: 'IAM',
    alarm_restart: dice.of(['named', 'named', 'abnormal']),
    ...(dice.chance(5) ? { include: ids.filter(() => dice.chance(60)) } : {}),
    ...(dice.chance(12) ? { exclude: [dice.of(ids)] } : {}),
    ...drawLimits(dice),
  };
}

/** What an operator may change between two invocations. */
export function drawLimits(dice: Dice): Given {
  return {
    cooldown: dice.of(['2m', '5m', '10m', '30m']),
    settle: dice.of(['0s', '0s', '0s', '1m']),
    max_attempts: dice.int(1, 3),
    max_per_host: dice.of([1, 1, 2, 3, 10]),
    max_concurrency: dice.of([1, 1, 2, 3, '20%', '100%']),
    max_unavailable: dice.of([1, 2, 3, '5%', '50%', '100%']),
    max_errors: dice.of([0, 1, 1, 2, '10%', '50%']),
    max_abnormal: dice.of(['30%', '30%', '90%']),
    batch_size: dice.of([1, 2, 3, 100]),
    ...(dice.chance(20) ? { window: dice.of(WINDOWS) } : {}),
  };
}
