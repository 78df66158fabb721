/** What a script answers, read as what it is meant to be; anything else is a fault of ours and says so. */
export type Reply = number | Buffer | null | undefined | readonly Reply[];

export function list(reply: Reply): readonly Reply[] {
  if (!Array.isArray(reply))
    throw new TypeError(`ledger: expected a list from a script, got ${typeof reply}`);
  return reply;
}

export function bytes(reply: Reply): Buffer {
  if (!Buffer.isBuffer(reply))
    throw new TypeError(`ledger: expected bytes from a script, got ${typeof reply}`);
  return reply;
}

export const text = (reply: Reply): string => bytes(reply).toString();

export const number = (reply: Reply): number => (typeof reply === 'number' ? reply : Number(text(reply)));

export const isNothing = (reply: Reply): reply is null | undefined => reply === null || reply === undefined;

export const json = <Value>(reply: Reply): Value => JSON.parse(text(reply)) as Value;

/** `[a, 1, b, 2]` as `[[a, 1], [b, 2]]`. */
export function inGroups(reply: Reply, size: number): readonly (readonly Reply[])[] {
  const all = list(reply);
  return Array.from({ length: all.length / size }, (_, index) => all.slice(index * size, (index + 1) * size));
}
