/** Makes the local cloud of a fleet, and says how it usually behaves. */
import { seconds } from '../../lib/time.ts';
import { hexId, numberFrom } from './ids.ts';
import type { Behaviour, EncodeServer, FleetRow, Host, Model, Phone } from './state.ts';

/** 20–60 s and 1–3 s, always the same for a server. Of four servers that a restart does not mend, three jobs lie. */
export const USUAL_BEHAVIOUR: Behaviour = {
  maxIdsPerRestart: 100,
  restartTakes: (row) => seconds(row.restart_seconds ?? 20 + numberFrom(row.encode_server_id, 41)),
  listLag: (row) => seconds(1 + numberFrom(`lag of ${row.encode_server_id}`, 3)),
  alreadyRestarting: 'CPS.0158',
  jobOfTheLost: (row) => (numberFrom(row.encode_server_id, 4) === 0 ? 'fails' : 'succeeds'),
  jobsNameServers: false,
  alarmDimension: 'server_id',
  httpStatusOfCodes: () => undefined,
  order: (servers) => servers,
  scheduledEvents: 'published',
};

export interface ModelOptions {
  readonly fleet: readonly FleetRow[];
  readonly region: string;
  readonly projectId: string;
  readonly behaviour?: Partial<Behaviour>;
  /** Another one makes other ids: what outlives a model must not meet the ids of the one before. */
  readonly idSeed?: string;
}

export function createModel({ fleet, region, projectId, behaviour, idSeed = '' }: ModelOptions): Model {
  const servers = new Map<string, EncodeServer>();
  const hosts = new Map<string, Host>();
  const phones = new Map<string, Phone>();
  for (const row of fleet) {
    const { server_id, host_status, host_maintenance: maintenance } = row;
    if (!hosts.has(server_id)) {
      const number = hosts.size + 1;
      const address = `192.0.2.${number % 256}`;
      hosts.set(server_id, {
        server_id,
        name: `cph-host-${number}`,
        address,
        status: host_status,
        ...(maintenance === undefined ? {} : { maintenance }),
      });
    }
    const number = servers.size + 1;
    const address = `198.51.${100 + (Math.floor(number / 256) % 100)}.${number % 256}`;
    servers.set(row.encode_server_id, {
      row,
      name: `ENCODE_SERVER_${number}`,
      address,
      status: row.status,
    });
    for (const phone_id of row.phones) {
      phones.set(phone_id, { phone_id, server_id, name: `phone-${phones.size + 1}` });
    }
  }
  let issued = 0;
  return {
    region,
    projectId,
    behaviour: { ...USUAL_BEHAVIOUR, ...behaviour },
    servers,
    hosts,
    phones,
    jobs: [],
    restarts: [],
    restartCalls: 0,
    rulings: [],
    topics: new Map(),
    mailbox: [],
    functions: new Set(),
    asyncInvocations: [],
    alarms: new Map(),
    newId: (kind) => hexId(`${idSeed}${kind} ${++issued}`),
  };
}
