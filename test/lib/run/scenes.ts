/** Any run, any look, any settings, at any time: what the tests of the pure core are tried on. */
import fc from 'fast-check';
import type { HostSight, Sight } from '../../../lib/run/sight.ts';
import type { Settings } from '../../../lib/settings.ts';
import { type EpochMs, epochMs, minutes } from '../../../lib/time.ts';
import type { EncodeServer, Run, Storm, Target } from '../../../lib/types.ts';
import { ago, hence, memory, NOW, request, settings } from '../guards/support.ts';
import {
  type Around,
  around,
  type Given,
  HOSTS,
  progressOf,
  recordOf,
  servers,
  settingsOf,
} from './draws.ts';
import { on, run } from './looks.ts';

export interface Scene {
  readonly run: Run;
  readonly sight: Sight;
  readonly settings: Settings;
  readonly now: EpochMs;
}

const idOf = (index: number) => `s${index}`;

/** Nothing of this run is in flight any more. */
const roundOver = (one: Given): Given =>
  one.progress === 'accepted' || one.progress === 'verifying' ? { ...one, progress: 'recovered' } : one;

function sightOf(given: readonly Given[], world: Around): Sight {
  const shown = given.flatMap(({ host, seen }, index) =>
    seen === 'absent' ? [] : [on(host, idOf(index), seen)],
  );
  const hosts = new Map<string, HostSight>();
  for (const [index, serverId] of HOSTS.entries()) {
    const state = world.hosts[index];
    if (state === 'unseen' || state === undefined) continue;
    const its = shown
      .filter((server) => server.serverId === serverId)
      .map((server): [string, EncodeServer] => [server.encodeServerId, server]);
    hosts.set(serverId, {
      servers: new Map(its),
      host: typeof state === 'number' ? { serverId, status: state } : state,
    });
  }
  const inFlight = given.flatMap(({ progress, host, isInFlightElsewhere }, index) => {
    const isOurs = progress === 'accepted' || progress === 'verifying';
    if (!isOurs && !isInFlightElsewhere) return [];
    return [
      {
        encodeServerId: idOf(index),
        serverId: host,
        runId: isOurs ? 'run-1' : 'run-2',
        claimedAt: ago(minutes(1)),
      },
    ];
  });
  const ids = (standing: Given['standing']) =>
    given.flatMap((one, index) => (one.standing === standing ? [idOf(index)] : []));
  const isOurs = (id: string) => given[Number(id.slice(1))]?.standing === 'ours';
  const others = Array.from(
    { length: world.elsewhereTroubled },
    (_, index) => [`t${index}`, `x${index % 4}`] as const,
  );
  const round = world.storm;
  const storm: Storm | undefined =
    round === null
      ? undefined
      : {
          since: ago(minutes(99)),
          round: {
            startedAt: ago(minutes(round.ago)),
            size: round.size,
            canaries: new Map(round.canaries.map((end, index) => [`c${index}`, end])),
          },
        };
  return {
    at: NOW,
    hosts,
    unseen: new Set(HOSTS.filter((_, index) => world.hosts[index] === 'unseen')),
    jobs: new Map(),
    memory: memory({
      servers: new Map(given.map((one, index) => [idOf(index), recordOf(one)])),
      inFlight: [
        ...inFlight,
        ...Array.from({ length: world.elsewhereInFlight }, (_, index) => ({
          encodeServerId: `e${index}`,
          serverId: `x${index % 3}`,
          runId: 'run-3',
          claimedAt: ago(minutes(1)),
        })),
      ],
      handedOver: new Set(ids('handed over')),
      exclusions: new Map(
        ids('excluded in the ledger').map((id) => [id, { who: 'wei', why: 'broken', since: NOW }]),
      ),
      fleetLooks: world.shrank ? [{ at: ago(minutes(60)), count: 1_000 }] : [],
      ...(storm === undefined ? {} : { storm }),
      ...(world.paused ? { pause: { who: 'wei', why: 'release', until: hence(minutes(1)) } } : {}),
    }),
    ...(world.isTroubledSeen
      ? {
          troubled: new Map([
            ...others,
            ...shown
              .filter(({ state, encodeServerId }) => state === 'abnormal' && isOurs(encodeServerId))
              .map(({ encodeServerId, serverId }) => [encodeServerId, serverId] as const),
          ]),
        }
      : {}),
    ...(world.maintenance === undefined
      ? {}
      : { maintenance: { at: NOW, isKnown: true, eventOf: new Map([[world.maintenance, 'event-1']]) } }),
    ...(world.fleet === undefined
      ? {}
      : {
          fleet: { measuredAt: NOW, total: world.fleet, excluded: new Set<string>(), eligible: world.fleet },
        }),
  };
}

export const scenes: fc.Arbitrary<Scene> = fc
  .tuple(fc.array(servers, { minLength: 1, maxLength: 14 }), settingsOf, around)
  .map(([drawn, { window, ...more }, world]) => {
    const given = world.isRoundOver ? drawn.map(roundOver) : drawn;
    const targets = given.map(
      (one, index): Target => ({
        encodeServerId: idOf(index),
        serverId: one.host,
        resolvedAs: one.resolvedAs,
        named: one.named,
        progress: progressOf(one, world),
      }),
    );
    const { selector, source, dryRun, narrowed, overridden } = world;
    const ids = {
      kind: 'ids',
      encodeServerIds: targets.map(({ encodeServerId }) => encodeServerId),
    } as const;
    return {
      run: run(targets, {
        request: request({
          source,
          selector: selector === 'ids' ? ids : { kind: selector },
          dryRun,
          narrowed,
          ...(overridden === null ? {} : { override: { guards: overridden, who: 'wei', why: 'because' } }),
        }),
      }),
      sight: sightOf(given, world),
      settings: settings({
        ...more,
        exclude: given.flatMap(({ standing }, index) => (standing === 'excluded' ? [idOf(index)] : [])),
        ...(window === undefined ? {} : { window }),
      }),
      now: epochMs(NOW),
    };
  });
