/** What is deployed of a service. */
import type { FunctionKey, Service } from './check/service.ts';
import type { Deployed } from './cloud/deployed.ts';
import type { Management } from './cloud/management.ts';
import { urnOf } from './compose.ts';

/** `undefined`: there is no function of that name. */
export type Seen = ReadonlyMap<FunctionKey, Deployed | undefined>;

export async function lookAt(service: Service, management: Management): Promise<Seen> {
  const seen = service.functions.map(
    async ({ key, config }) => [key, await management.look(urnOf(service, config.name))] as const,
  );
  return new Map(await Promise.all(seen));
}
