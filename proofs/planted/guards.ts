/** Guards that let through what they must hold. */
import { inFile, type Planted } from './planted.ts';

export const GUARDS: readonly Planted[] = [
  {
    name: 'window-ignored',
    does: 'restarts healthy servers at any time',
    changes: [
      inFile('lib/guards/window.ts')('if (!planned) return undefined;', 'if (now > 0) return undefined;'),
    ],
  },
  {
    name: 'healthy-neighbours',
    does: 'an alarm restarts the healthy servers of its host as well',
    changes: [
      inFile('lib/fleet/resolve.ts')(
        "const isAbnormal = ({ state }: EncodeServer): boolean => state === 'abnormal';",
        "const isAbnormal = ({ state }: EncodeServer): boolean => state === 'abnormal' || state === 'running';",
      ),
      inFile('lib/guards/state.ts')(
        "if (selector.kind === 'all' || selector.kind === 'ids') return true;",
        "if (selector.kind !== 'abnormal') return true;",
      ),
    ],
  },
  {
    name: 'unseen-is-fine',
    does: 'what could not be looked at is taken for well',
    changes: [
      inFile('lib/guards/state.ts')(
        "if (host === 'unchecked') return { reason: { code: 'unchecked', what: 'host' } };",
        "if (host === 'unchecked') return undefined;",
      ),
      inFile('lib/run/plan.ts')(
        "const isHostSeen = place !== undefined && place.host !== 'unchecked';",
        'const isHostSeen = place !== undefined;',
      ),
    ],
  },
  {
    name: 'dry-run-acts',
    does: 'a dry run restarts',
    changes: [
      inFile('lib/guards/mode.ts')(
        "if (dryRun) return { reason: { code: 'dry_run' } };",
        'if (dryRun) return undefined;',
      ),
    ],
  },
  {
    name: 'frozen-restarted',
    does: 'restarts servers that are frozen, powered off or being created',
    changes: [
      inFile('lib/guards/state.ts')(
        "return { reason: { code: 'unavailable', status: server.status } };",
        'return undefined;',
      ),
    ],
  },
  {
    name: 'tolerance-ignored',
    does: 'a rolling restart goes on however often it fails',
    changes: [
      inFile('lib/guards/errors.ts')(
        'if (!planned || failures < tolerance) return undefined;',
        'if (tolerance > -1) return undefined;',
      ),
      inFile('lib/run/rolling.ts')(
        'Math.min(ramp, unavailable, tolerance - failures)',
        'Math.min(ramp, unavailable)',
      ),
    ],
  },
  {
    name: 'ramp-ignored',
    does: 'a rolling restart begins with as many as may be unavailable',
    changes: [
      inFile('lib/run/rolling.ts')(
        'Math.min(ramp, unavailable, tolerance - failures)',
        'Math.min(unavailable + 0 * ramp, tolerance - failures)',
      ),
    ],
  },
  {
    name: 'neighbours-ignored',
    does: 'a rolling restart takes servers of a host on which another is unwell',
    changes: [
      inFile('lib/guards/host.ts')(
        'const restarting = others.find(({ state }) =>',
        'if (others.length >= 0) return undefined;\n  const restarting = others.find(({ state }) =>',
      ),
    ],
  },
  {
    name: 'restarting-neighbours-ignored',
    does: 'a rolling restart takes servers of a host on which another restarts',
    changes: [
      inFile('lib/guards/host.ts')(
        "others.find(({ state }) => state === 'restarting')",
        "others.find(({ state }) => state === 'restarting' && settings.maxPerHost < 0)",
      ),
    ],
  },
];
