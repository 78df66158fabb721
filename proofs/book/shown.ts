/** What CPH shows an invocation, as it is shown: nobody may act on more than that. */
import { couldBeStorm, isStorm } from '../../lib/storm.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { EncodeServer } from '../../lib/types.ts';
import { type Book, isLeftOut, type Witness } from './book.ts';

const LISTS_KEPT = 8;
const RUNNING = 1;
const ABNORMAL = 2;
const RESTARTING = 3;

export function shownServers(
  book: Book,
  witness: Witness,
  servers: readonly EncodeServer[],
  at: EpochMs,
): void {
  for (const { encodeServerId, status } of servers) {
    if (status === RESTARTING) book.seenRestarting.set(encodeServerId, at);
    const before = witness.servers.get(encodeServerId);
    const wellAt = status === RUNNING ? at : before?.wellAt;
    const abnormalAt = status === ABNORMAL ? at : before?.abnormalAt;
    witness.servers.set(encodeServerId, {
      status,
      at,
      always: before === undefined || (before.always && before.status === status),
      since: before?.status === status ? before.since : at,
      ...(wellAt === undefined ? {} : { wellAt }),
      ...(abnormalAt === undefined ? {} : { abnormalAt }),
    });
  }
}

/** The fleet's abnormal servers. */
export function shownAbnormal(
  book: Book,
  witness: Witness,
  servers: readonly EncodeServer[],
  at: EpochMs,
): void {
  const { exclude } = witness.settings;
  const isOut = (id: string) => exclude.includes(id) || book.excluded.has(id);
  const troubled = new Map(
    servers
      .filter(({ encodeServerId, serverId }) => !isOut(encodeServerId) && !isOut(serverId))
      .filter(({ encodeServerId }) => !book.handedOver.has(encodeServerId))
      .map(({ encodeServerId, serverId }) => [encodeServerId, serverId] as const),
  );
  witness.lists.push({ at, troubled });
  if (witness.lists.length > LISTS_KEPT) witness.lists.shift();
  // Not over because its canaries restart, and are not abnormal just now.
  const canaries = [...book.open].filter(({ isCanary }) => isCanary);
  const unwell = new Map([...troubled, ...canaries.map(({ id, serverId }) => [id, serverId] as const)]);
  if (!isStormy(book, witness, unwell)) endStorm(book);
}

/** Canaries of a storm that is over count in no other. */
function endStorm(book: Book): void {
  book.storm = undefined;
  for (const claim of book.open) claim.isCanary = false;
}

/** Of a list, those whom nobody took out since: neither excluded nor handed over by now. */
export function stillTroubled(
  book: Book,
  witness: Witness,
  { troubled }: Witness['lists'][number],
): ReadonlyMap<string, string> {
  return new Map(
    [...troubled].filter(
      ([id, serverId]) => !book.handedOver.has(id) && !isLeftOut(book, witness, id, serverId),
    ),
  );
}

export function isStormy(book: Book, { settings }: Witness, troubled: ReadonlyMap<string, string>): boolean {
  const count = { troubled: troubled.size, hosts: new Set(troubled.values()).size };
  if (!couldBeStorm(count)) return false;
  return isStorm({ ...count, fleet: book.model.servers.size }, settings);
}
