/** Faults of what CPH shows: lists that shift, shrink or fail, codes and ids that mean nothing to us. */
import type { Fault } from './fault.ts';
import {
  heldBy,
  ignoredAs,
  outcomes,
  promised,
  promisedNaming,
  reports,
  restartCalls,
  restarts,
} from './promises.ts';
import { alarm, server, usualFleet } from './setting.ts';
import { listIn } from './spoil.ts';

/** At the first page it stands behind its end, at the second before its start, if pages only lie side by side. */
const BETWEEN_PAGES = 's135';
const SHIFT = 15;

export const pagesShift: Fault = {
  name: 'pages-shift',
  does: 'with every page that is listed the first fifteen of 250 servers move to the end of the list',
  promise: 'the server that the alarm names is found all the same, and it alone is restarted',
  create() {
    let looks = 0;
    return {
      behaviour: {
        order(servers) {
          const moved = (SHIFT * looks++) % Math.max(1, servers.length);
          return [...servers.slice(moved), ...servers.slice(0, moved)];
        },
      },
    };
  },
  setting: () => ({
    fleet: Array.from({ length: 250 }, (_, index) => server(`h${index % 25}`, `s${index}`, 1)),
    events: [alarm(`encode_server_id:${BETWEEN_PAGES}`)],
  }),
  holds: promisedNaming([BETWEEN_PAGES], outcomes({ recovered: 1 }), restarts(1)),
};

export const listShrunk: Fault = {
  name: 'list-shrunk',
  does: 'after the first restart call every list of encode servers ends after its first half',
  promise: 'a server that is not shown is taken neither for well nor for gone: its outcome is unconfirmed',
  create() {
    let isShrunk = false;
    return {
      async intercept({ operation }, proceed) {
        const reply = await proceed();
        isShrunk ||= operation === 'RestartEncodeServer';
        if (!isShrunk || operation !== 'ListEncodeServers' || typeof reply === 'string') return reply;
        const shown = listIn(reply.body, 'encode_servers');
        const half = shown.slice(0, shown.length / 2);
        return { ...reply, body: { ...(reply.body as object), encode_servers: half } };
      },
    };
  },
  holds: promised(outcomes({ recovered: 1, unconfirmed: 2 }), restarts(3), restartCalls(1)),
};

export const listBlind: Fault = {
  name: 'list-blind',
  does: 'after the first restart call CPH breaks off ten lists of encode servers in a row',
  promise: 'a look that fails only delays the outcome',
  create() {
    let left = 0;
    return {
      async intercept({ operation }, proceed) {
        if (operation === 'RestartEncodeServer') left = 10;
        return operation === 'ListEncodeServers' && left-- > 0 ? 'reset' : proceed();
      },
    };
  },
  holds: promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1)),
};

export const statusUnknown: Fault = {
  name: 'status-unknown',
  does: 'after their restart the servers show a status that is in no table',
  promise: 'that status is taken neither for well nor for unwell: the outcome is unconfirmed',
  create: () => ({ ruling: () => ({ endStatus: 77 }) }),
  holds: promised(outcomes({ unconfirmed: 3 }), restarts(3), restartCalls(1)),
};

export const statusesMoved: Fault = {
  name: 'statuses-moved',
  does: 'every code of CPH comes with HTTP status 400, as in 2021',
  promise: 'the code decides, not the status: "not found" is still understood',
  create: () => ({ behaviour: { httpStatusOfCodes: () => 400 } }),
  holds: promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1)),
};

export const idNotFound: Fault = {
  name: 'id-not-found',
  does: 'the alarm names an id that CPH does not know, as host, as phone or as encode server',
  promise: 'nothing is restarted, and the alarm is ignored with a reason',
  create: () => ({}),
  setting: () => ({ events: [alarm('server_id:nobody')] }),
  holds: promised(outcomes({}), restartCalls(0), ignoredAs('nobody'), reports(0)),
};

export const hostDown: Fault = {
  name: 'host-down',
  does: 'the host of the alarm is shut down',
  promise: 'nothing on it is restarted; its servers are held and reported',
  create: () => ({}),
  setting: () => ({ fleet: usualFleet({ host_status: 10 }) }),
  holds: promised(outcomes({ held: 3 }), restartCalls(0), heldBy('state'), reports(1)),
};
