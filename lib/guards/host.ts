/** Is its host busy with as many restarts as it should bear? CPH's management plane stalls a busy host. */
import type { Guard } from './guard.ts';

export const host: Guard = {
  name: 'host',
  check({ inFlightOnHost, settings }) {
    if (inFlightOnHost < settings.maxPerHost) return undefined;
    return { reason: { code: 'host_limit', inFlight: inFlightOnHost, limit: settings.maxPerHost } };
  },
};
