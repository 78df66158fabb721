/** How many encode servers there are, without listing them: the list tells no total, but takes an offset. */
import type { Cph } from '../huawei/cph.ts';

/** Larger than any fleet; stops the search on a platform that answers every offset. */
const LARGEST = 2 ** 24;

/**
 * The number of encode servers, from about 2·log2(n) calls of one row each.
 * @throws HuaweiError when CPH cannot be asked
 */
export async function measureFleet(cph: Pick<Cph, 'encodeServerExistsAt'>): Promise<number> {
  if (!(await cph.encodeServerExistsAt(0))) return 0;
  let within = 0;
  let beyond = 1;
  while (beyond < LARGEST && (await cph.encodeServerExistsAt(beyond))) {
    within = beyond;
    beyond *= 2;
  }
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (await cph.encodeServerExistsAt(middle)) within = middle;
    else beyond = middle;
  }
  return within + 1;
}
