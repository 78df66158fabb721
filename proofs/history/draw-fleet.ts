/** A small fleet: enough hosts and servers for every guard to have something to say. */
import type { FleetRow } from '../../local/model/state.ts';
import type { Dice } from './dice.ts';

const STATUSES = [...Array<number>(11).fill(1), ...Array<number>(8).fill(2), 3, 4, 5, 0, 1014, 77];

/** Most are small: what goes wrong takes few servers, and many small histories see more than few large ones. */
const SIZES = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8];
/** In seconds. */
const RESTARTS_TAKE = [1, 1, 1, 2, 2, 5, 5, 10, 20, 100];

export function drawFleet(dice: Dice): readonly FleetRow[] {
  // A storm takes ten troubled servers on three hosts.
  const isStormy = dice.chance(1);
  const hosts = isStormy ? dice.int(3, 4) : dice.int(1, 4);
  const servers = isStormy ? dice.int(11, 13) : dice.of(SIZES);
  const hostStatus = Array.from({ length: hosts }, () => (dice.chance(95) ? 5 : dice.of([3, 9])));
  const maintenance = Array.from({ length: hosts }, () =>
    dice.chance(96) ? undefined : dice.of(['scheduled', 'executing'] as const),
  );
  return Array.from({ length: servers }, (_, index): FleetRow => {
    const host = isStormy ? index % hosts : dice.int(0, hosts - 1);
    const status = isStormy ? dice.of([2, 2, 2, 2, 2, 2, 1]) : dice.of(STATUSES);
    const executing = maintenance[host];
    return {
      encode_server_id: `s${index + 1}`,
      server_id: `h${host + 1}`,
      status,
      type: 1,
      phones: [`p${index + 1}`],
      recovers: dice.chance(95),
      host_status: hostStatus[host] ?? 5,
      restart_seconds: dice.of(RESTARTS_TAKE),
      ...(executing === undefined ? {} : { host_maintenance: executing }),
    };
  });
}
