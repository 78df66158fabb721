/** Checks that demos share; each looks into the cloud itself and not at what the functions say of it. */
import { statusAt } from '../model/index.ts';
import type { Check } from './print.ts';
import type { End } from './show.ts';

/** Every server that a restart can mend runs. */
export function allMendableRun({ model, now }: End): Check {
  const mendable = [...model.servers.values()].filter((server) => server.row.recovers);
  const running = mendable.filter((server) => statusAt(server, now) === 1);
  const text = `${running.length} of ${mendable.length} servers that a restart can mend are running`;
  return [running.length === mendable.length, text];
}

export function noneTwice({ model }: End): Check {
  const ids = model.restarts.map(({ encode_server_id }) => encode_server_id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [
    twice.size === 0,
    twice.size === 0 ? 'no server was restarted twice' : `${twice.size} servers were restarted twice`,
  ];
}

export const restartsOf = ({ model }: End, encodeServerId: string) =>
  model.restarts.filter(({ encode_server_id }) => encode_server_id === encodeServerId);

export const counted = (found: number, expected: number, what: string): Check => [
  found === expected,
  found === expected ? `${found} ${what}` : `${found} ${what}, expected ${expected}`,
];
