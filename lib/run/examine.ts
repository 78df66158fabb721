/**
 * What a deployment can be asked about itself, from inside: whether the services answer and allow what will be needed.
 * It restarts nothing. To every topic that reports go to it publishes one message that says that it is a test.
 */
import { HuaweiError } from '../huawei/errors.ts';
import type { LedgerVitals } from '../ledger/opened.ts';
import type { DurationMs } from '../time.ts';
import type { World } from './world.ts';

export interface Finding {
  readonly check: string;
  /** `unknown`: nobody can tell before it happens, or the service does not say. */
  readonly state: 'well' | 'ill' | 'unknown';
  readonly said: string;
  /** What to do about it. */
  readonly todo?: string;
}

export interface Examined {
  readonly world: World;
  /** How far the ledger's time is ahead of the function's. */
  readonly ahead: DurationMs;
  /** Absent: the ledger keeps nothing that could be lost. */
  readonly vitals?: () => Promise<LedgerVitals>;
}

/** Beyond this a signature is near to being refused, and times in reports mislead. */
const LARGEST_SKEW_MS = 60_000;
/** No such call: what is asked is whether it may be asked. */
const NO_CALL = '00000000000000000000000000000000';

export async function examine(examined: Examined): Promise<readonly Finding[]> {
  const { world } = examined;
  const findings = await Promise.all([
    lists(world),
    readsJobs(world),
    restarts(),
    ...topicsOf(world).map(([key, topic]) => publishes(key, topic, world)),
    callsPatrol(world),
    ledgerAnswers(world),
    ledgerKeeps(examined),
    clocksAgree(examined),
  ]);
  return findings;
}

const lists = ({ cph }: World) =>
  asked('CPH: encode servers', 'cph:servers:listEncodeServers', async () =>
    (await cph.encodeServerExistsAt(0))
      ? { state: 'well', said: 'they can be listed' }
      : {
          state: 'unknown',
          said: 'they can be listed, and there is none',
          todo: 'See that region and project are those of the phones.',
        },
  );

const readsJobs = ({ cph }: World) =>
  asked('CPH: jobs', 'cph:jobs:list', async () => {
    // An id that it does not know may be an error to it; that it looked is enough.
    await cph.listJobs([NO_CALL]).catch((error: unknown) => {
      if (!(error instanceof HuaweiError) || error.kind !== 'rejected') throw error;
    });
    return { state: 'well', said: 'they can be read' };
  });

const restarts = async (): Promise<Finding> => ({
  check: 'CPH: restart',
  state: 'unknown',
  said: 'nobody can tell before the first restart',
  todo: 'See that the policy of the agency allows cph:servers:restartEncodeServers.',
});

function topicsOf({ settings }: World): readonly (readonly [string, string | undefined])[] {
  const { reportTopic, pageTopic, resultsTopic } = settings;
  return [
    ['report_topic', reportTopic],
    ['page_topic', pageTopic ?? reportTopic],
    ...(resultsTopic === undefined ? [] : [['results_topic', resultsTopic] as const]),
  ];
}

const publishes = (key: string, topic: string | undefined, { smn }: World) =>
  asked(`SMN: ${key}`, 'smn:topic:publish', async () => {
    if (topic === undefined) {
      return { state: 'unknown', said: 'there is none: the log is all there is', todo: `Set ${key}.` };
    }
    const text = `This is a test of ${key} by "serverless checkup". Nothing has to be done.`;
    const messageStructure = JSON.stringify({ default: text });
    const { messageId } = await smn.publish(topic, { subject: '[encode-restart] test', messageStructure });
    return {
      state: 'well',
      said: `a test message was taken (${messageId})`,
      todo: 'See that it arrived where it should.',
    };
  });

const callsPatrol = ({ functionGraph, settings }: World) =>
  asked('FunctionGraph: patrol', 'functiongraph:function:invokeAsync', async () => {
    const { patrolUrn } = settings;
    if (patrolUrn === undefined) {
      return { state: 'unknown', said: 'nobody wakes it: there is no shared ledger' };
    }
    await functionGraph.invokeAsync(patrolUrn, { doctor: 'ping' });
    return { state: 'well', said: 'it can be woken' };
  });

const ledgerAnswers = ({ ledger }: World) =>
  asked('ledger', 'LEDGER_URL, LEDGER_CA, the VPC and its security group', async () => {
    if (!ledger.shared) {
      return {
        state: 'unknown',
        said: 'there is no shared one: nothing is remembered between invocations',
        todo: 'Set LEDGER_URL, unless this is what you want.',
      };
    }
    const runs = await ledger.unfinishedRuns();
    return { state: 'well', said: `it answers; ${runs.length} runs are open` };
  });

const ledgerKeeps = ({ world, vitals }: Examined) =>
  asked('ledger: keeps what it took', 'the service of the Redis', async () => {
    if (!world.ledger.shared || vitals === undefined)
      return { state: 'unknown', said: 'there is no shared one' };
    const { eviction, persistence } = await vitals();
    const said = `eviction ${eviction ?? 'unknown'}, persistence ${persistence ?? 'unknown'}`;
    if (eviction !== undefined && eviction !== 'noeviction') {
      return {
        state: 'ill',
        said,
        todo: 'Set maxmemory-policy to noeviction: what is thrown out are cooldowns.',
      };
    }
    if (persistence === 'none yet') {
      return {
        state: 'ill',
        said,
        todo: 'Turn AOF on: as it is, a restart of this Redis forgets cooldowns.',
      };
    }
    return { state: eviction === undefined || persistence === undefined ? 'unknown' : 'well', said };
  });

const clocksAgree = async ({ ahead }: Examined): Promise<Finding> => {
  const check = 'clock: function and ledger';
  const said = `${ahead} ms apart`;
  if (Math.abs(ahead) <= LARGEST_SKEW_MS) return { check, state: 'well', said };
  return { check, state: 'ill', said, todo: "See to the ledger's clock: deadlines are measured with it." };
};

/** A check that fails is ill, and says what the service said. @param needs what to look at then */
async function asked(
  check: string,
  needs: string,
  ask: () => Promise<Omit<Finding, 'check'>>,
): Promise<Finding> {
  try {
    return { check, ...(await ask()) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { check, state: 'ill', said, todo: `See to ${needs}, and to the way there from a VPC (NAT).` };
  }
}
