/** How many encode servers there are, without listing them: the list tells no total, but takes an offset. */
import type { Cph } from '../huawei/cph.ts';

/** Larger than any fleet; stops the search on a platform that answers every offset. */
const LARGEST = 2 ** 24;

/**
 * The number of encode servers, from calls of one row each: two when it is `expected`, else about 2·log2 of how far
 * it is from there.
 * @throws HuaweiError when CPH cannot be asked
 */
export async function measureFleet(cph: Pick<Cph, 'encodeServerExistsAt'>, expected = 0): Promise<number> {
  const exists = (offset: number) => cph.encodeServerExistsAt(offset);
  // `within` exists, or is -1; `beyond` does not.
  let within = -1;
  let beyond = Math.min(expected, LARGEST);
  if (beyond > 0 && !(await exists(beyond - 1))) {
    beyond -= 1;
    for (let step = 1; beyond > 0; step *= 2) {
      const probe = Math.max(0, beyond - step);
      if (await exists(probe)) {
        within = probe;
        break;
      }
      beyond = probe;
    }
    if (within < 0) return 0;
  } else {
    within = beyond - 1;
    for (let step = 1; beyond < LARGEST && (await exists(beyond)); step *= 2) {
      within = beyond;
      beyond += step;
    }
  }
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (await exists(middle)) within = middle;
    else beyond = middle;
  }
  return within + 1;
}

/**
 * Which encode servers these ids stand for: all of a host, or the one that has the id. Each once.
 * @throws HuaweiError when CPH cannot be asked
 */
export async function serversOf(
  ids: readonly string[],
  cph: Pick<Cph, 'listEncodeServers'>,
): Promise<ReadonlySet<string>> {
  const servers = new Set<string>();
  for (const serverId of new Set(ids)) {
    const onHost = await cph.listEncodeServers({ serverId });
    if (onHost.length === 0) servers.add(serverId);
    for (const { encodeServerId } of onHost) servers.add(encodeServerId);
  }
  return servers;
}
