/**
 * What no platform has: paths under `/local/` for whoever plays with the cloud, without a signature. They make hosts and
 * servers unwell as the world does, and show what the cloud itself knows.
 */
import { iso } from '../../lib/time.ts';
import type { Answer } from '../cloud/index.ts';
import type { Call, Route } from '../cloud/route.ts';
import { clearAlarm, hang, raiseAlarm, statusAt } from '../model/index.ts';

/** `alarms`: the URN of the topic of alarms, unless a call names another by `topic`. */
export const outsideRoutes = (alarms: string): readonly Route[] => [
  show('servers', ({ model, now }) =>
    [...model.servers.values()].map((server) => ({
      encode_server_id: server.row.encode_server_id,
      server_id: server.row.server_id,
      status: statusAt(server, now),
    })),
  ),
  show('restarts', ({ model }) => model.restarts.map((restart) => ({ ...restart, at: iso(restart.at) }))),
  show('mail', ({ model }) => model.mailbox.map((mail) => ({ ...mail, at: iso(mail.at) }))),
  happen('hang', ['encode_server_id'], ({ model, now }, id) => hang(model, id, now)),
  happen('alarm', ['server_id', 'topic'], ({ model, now }, id, topic = alarms) =>
    raiseAlarm(model, topic, id, now),
  ),
  happen('recovery', ['server_id', 'topic'], ({ model, now }, id, topic = alarms) =>
    clearAlarm(model, topic, id, now),
  ),
];

function show(name: string, rows: (call: Call) => readonly object[]): Route {
  return {
    operation: `Local:${name}`,
    method: 'GET',
    path: `/local/${name}`,
    unsigned: true,
    answer: (call) => ({ status: 200, body: { [name]: rows(call) } }),
  };
}

function happen(
  name: string,
  [key = '', ...more]: readonly string[],
  does: (call: Call, id: string, other?: string) => unknown,
): Route {
  return {
    operation: `Local:${name}`,
    method: 'POST',
    path: `/local/${name}`,
    unsigned: true,
    answer(call): Answer {
      const id = call.query.get(key);
      if (id === null) return { status: 400, body: { error: `expected ?${key}=…` } };
      const other = more[0] === undefined ? null : call.query.get(more[0]);
      try {
        does(call, id, other ?? undefined);
        return { status: 200, body: {} };
      } catch (error) {
        return { status: 404, body: { error: (error as Error).message } };
      }
    },
  };
}
