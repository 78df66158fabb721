/** How long a function may take, and how many instances of it there are. */
import { isShared } from '../compose.ts';
import { type Problem, shown } from './problems.ts';
import type { FunctionKey, Service, ServiceFunction } from './service.ts';

/** The most that FunctionGraph gives a synchronous call, seconds. */
const LONGEST_SYNC = 900;
const PATROL_INSTANCES = 5;

interface Least {
  /** Seconds. */
  readonly least: number;
  readonly why: string;
}

const ACCEPTS: Least = { least: 60, why: 'it looks before it hands over to patrol' };
const ANSWERS: Least = { least: 10, why: 'it asks CPH and the ledger before it answers' };
const PATROLS: Least = { least: 120, why: 'by its timer it goes round for 55 s' };
/** Without a shared ledger. */
const ALONE = 'a server takes minutes to come back, and without LEDGER_URL nobody else carries the run on';

const SHARED: Readonly<Record<FunctionKey, Least>> = {
  alarm: ACCEPTS,
  schedule: ACCEPTS,
  webhook: ANSWERS,
  patrol: PATROLS,
};
const UNSHARED: Readonly<Record<FunctionKey, Least>> = {
  alarm: { least: 900, why: ALONE },
  schedule: { least: 900, why: ALONE },
  webhook: { least: 300, why: ALONE },
  patrol: PATROLS,
};

export function checkLimits(service: Service, { key, config }: ServiceFunction): readonly Problem[] {
  const timeout = config.timeout ?? service.provider.timeout;
  const stands = config.timeout === undefined ? `${timeout}, of the provider` : shown(timeout);
  const at = (name: string, expected: string, got: string): Problem[] => [
    { path: ['functions', key, name], expected, got },
  ];
  const { least, why } = (isShared(service) ? SHARED : UNSHARED)[key];
  const { maxInstanceNum } = config;
  return [
    ...(timeout >= least ? [] : at('timeout', `at least ${least} (s): ${why}`, stands)),
    ...(key !== 'webhook' || timeout <= LONGEST_SYNC
      ? []
      : at('timeout', `at most ${LONGEST_SYNC} (s): it is called synchronously`, stands)),
    ...(key !== 'patrol' || maxInstanceNum === undefined || maxInstanceNum >= PATROL_INSTANCES
      ? []
      : at(
          'maxInstanceNum',
          `at least ${PATROL_INSTANCES}: calls beyond it are thrown away, and the lease makes one driver`,
          shown(maxInstanceNum),
        )),
  ];
}
