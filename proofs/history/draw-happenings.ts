/** What comes in and what goes on around us: alarms, timers, calls, servers that hang, hands that help. */

import { OVERRIDABLE } from '../../lib/types.ts';
import type { FleetRow } from '../../local/model/state.ts';
import type { Dice } from './dice.ts';
import { drawLimits, type Given } from './draw-settings.ts';
import type { Happening } from './history.ts';

type Draw = (dice: Dice, fleet: readonly FleetRow[], at: number, index: number) => readonly Happening[];

/** Each as often as its number says. */
const KINDS: readonly (readonly [number, Draw])[] = [
  [30, alarms],
  [12, timers],
  [16, restartCalls],
  [14, (dice, fleet, at) => [{ at, kind: 'hang', id: dice.of(fleet).encode_server_id }]],
  [6, (dice, fleet, at) => [{ at, kind: 'by_hand', id: dice.of(fleet).encode_server_id }]],
  [6, statuses],
  [4, hostsAway],
  [7, pauses],
  [4, exclusions],
  [3, (dice, fleet, at) => [call(at, 'DELETE', `handed-over/${dice.of(fleet).encode_server_id}`)]],
  [4, settingsChanges],
  [2, (_dice, _fleet, at) => [{ at, kind: 'empty' }]],
];
const BURST_LASTS = 1_000;
const ALL_KINDS = KINDS.flatMap(([often, draw]) => Array<Draw>(often).fill(draw));

export function drawHappenings(
  dice: Dice,
  fleet: readonly FleetRow[],
  settings: Given,
  length: number,
): readonly Happening[] {
  const count = dice.of([1, 1, 1, 2, 2, 3, 4, 7]);
  // Now and then all at once: instances race each other between their looks and their claims.
  const burstAt = dice.chance(30) ? dice.int(0, length) : undefined;
  const moment = () => (burstAt === undefined ? dice.int(0, length) : burstAt + dice.int(0, BURST_LASTS));
  const drawn = Array.from({ length: burstAt === undefined ? count : count + 2 }, (_, index) =>
    dice.of(ALL_KINDS)(dice, fleet, moment(), index),
  ).flat();
  // A window is for planned work, and without a timer there is none.
  const isWindowed = 'window' in settings && dice.chance(70);
  return isWindowed ? [...drawn, ...timers(dice, fleet, dice.int(0, length), count)] : drawn;
}

/** One message, delivered once or more, at once or late. */
function alarms(dice: Dice, fleet: readonly FleetRow[], at: number, index: number): readonly Happening[] {
  const { encode_server_id, server_id, phones } = dice.of(fleet);
  const ids = dice.chance(8)
    ? ['nobody']
    : dice.of([[server_id], [server_id], [encode_server_id], [encode_server_id, server_id], [...phones]]);
  const age = dice.chance(85) ? 0 : dice.int(5, 40) * 60_000;
  return deliveries(dice, at).map((moment) => ({ at: moment, kind: 'alarm', ids, key: `m${index}`, age }));
}

function deliveries(dice: Dice, at: number): readonly number[] {
  if (dice.chance(55)) return [at];
  return Array.from(
    { length: dice.int(1, 3) },
    () => at + dice.of([0, 0, 40, 40, 2_000, 2_000, 45_000, 45_000, 400_000]),
  );
}

function timers(dice: Dice, _fleet: readonly FleetRow[], at: number, _index = 0): readonly Happening[] {
  const userEvent = dice.chance(60)
    ? undefined
    : {
        ...(dice.chance(40) ? { max_unavailable: dice.of([1, 2, '50%']) } : {}),
        ...(dice.chance(40) ? { max_errors: dice.of([0, 1, '50%']) } : {}),
        ...(dice.chance(15) ? { dry_run: true } : {}),
        ...(dice.chance(15) ? { window: '18:00-18:50 UTC' } : {}),
        ...(dice.chance(15) ? { abnormal: true } : {}),
      };
  return deliveries(dice, at).map((moment) => ({ at: moment, kind: 'timer', userEvent, due: at }));
}

function restartCalls(
  dice: Dice,
  fleet: readonly FleetRow[],
  at: number,
  index: number,
): readonly Happening[] {
  const some = fleet.filter(() => dice.chance(40)).map(({ encode_server_id }) => encode_server_id);
  const ids = some.length === 0 ? [dice.of([dice.of(fleet).encode_server_id, 'nobody'])] : some;
  const host = dice.of(fleet).server_id;
  const selector = dice.of([
    { encode_server_ids: ids },
    { encode_server_ids: ids },
    { encode_server_ids: ids },
    { server_ids: [dice.of([host, host, 'nowhere'])] },
    { phone_ids: [dice.of(fleet).phones[0]] },
    { abnormal: true },
    { all: true },
  ]);
  const guards = OVERRIDABLE.filter(() => dice.chance(30));
  const isOverride = 'encode_server_ids' in selector && guards.length > 0 && dice.chance(40);
  const body = {
    ...selector,
    who: 'li.wei',
    reason: 'black screens',
    ...(dice.chance(10) ? { dry_run: true } : {}),
    ...(isOverride ? { override: { guards, why: 'asked for' } } : {}),
  };
  return deliveries(dice, at).map((moment) => ({
    at: moment,
    kind: 'call',
    method: 'POST',
    path: 'restarts',
    body,
    key: `k${index}`,
  }));
}

const call = (at: number, method: string, path: string, body?: object): Happening => ({
  at,
  kind: 'call',
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

function pauses(dice: Dice, _fleet: readonly FleetRow[], at: number): readonly Happening[] {
  const paused = call(at, 'PUT', 'pause', { who: 'wang', why: 'network', for: dice.of(['3m', '15m', '2h']) });
  return dice.chance(60)
    ? [paused, call(at + dice.of([1, 2, 3, 5, 10]) * 30_000, 'DELETE', 'pause')]
    : [paused];
}

function exclusions(dice: Dice, fleet: readonly FleetRow[], at: number): readonly Happening[] {
  const { encode_server_id, server_id } = dice.of(fleet);
  const id = dice.of([encode_server_id, server_id]);
  const excluded = call(at, 'PUT', `exclusions/${id}`, { who: 'wang', why: 'customer demo' });
  return dice.chance(50)
    ? [excluded, call(at + dice.of([1, 2, 3, 5, 10]) * 30_000, 'DELETE', `exclusions/${id}`)]
    : [excluded];
}

/** Limits mostly; now and then somebody stops it, or takes a server out. */
function settingsChanges(dice: Dice, fleet: readonly FleetRow[], at: number): readonly Happening[] {
  const { encode_server_id, server_id } = dice.of(fleet);
  const change = {
    ...drawLimits(dice),
    ...(dice.chance(15) ? { mode: dice.of(['observe', 'active']) } : {}),
    ...(dice.chance(15) ? { exclude: [dice.of([encode_server_id, server_id])] } : {}),
  };
  return [{ at, kind: 'settings', change }];
}

function statuses(dice: Dice, fleet: readonly FleetRow[], at: number): readonly Happening[] {
  const id = dice.of(fleet).encode_server_id;
  return [{ at, kind: 'status', id, status: dice.of([1, 4, 5, 1014, 77]) }];
}

function hostsAway(dice: Dice, fleet: readonly FleetRow[], at: number): readonly Happening[] {
  const { server_id: serverId } = dice.of(fleet);
  const back = { at: at + dice.of([1, 1, 2, 3, 8, 20]) * 60_000, kind: 'host', serverId, status: 5 } as const;
  return [{ at, kind: 'host', serverId, status: 3 }, back];
}
