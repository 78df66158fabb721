/** How ids and records are packed. The scripts write records, this reads them; ids are packed and read here alone. */
import { type EpochMs, epochMs } from '../../time.ts';
import type { ServerRecord } from '../../types.ts';

const HEX = /^[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_GROUPS = [0, 8, 12, 16, 20, 32];
const HEX_BYTES = 16;
/** Before a UUID, and before a text that is as long as 32 digits are. No text begins with these: an id is one word. */
const [UUID_FOLLOWS, TEXT_FOLLOWS] = [1, 2];

/** CPH's ids are 32 hexadecimal digits, or a UUID: half as long as bytes. Every other id stays as it is. */
export function packId(id: string): Buffer {
  if (HEX.test(id)) return Buffer.from(id, 'hex');
  if (UUID.test(id)) return Buffer.from(`0${UUID_FOLLOWS}${id.replaceAll('-', '')}`, 'hex');
  const text = Buffer.from(id);
  return text.length === HEX_BYTES ? Buffer.concat([Buffer.of(TEXT_FOLLOWS), text]) : text;
}

export function unpackId(packed: Buffer): string {
  if (packed.length === HEX_BYTES) return packed.toString('hex');
  const first = packed.length === 1 + HEX_BYTES ? packed[0] : undefined;
  if (first === TEXT_FOLLOWS) return packed.toString('utf8', 1);
  if (first !== UUID_FOLLOWS) return packed.toString();
  const digits = packed.toString('hex', 1);
  return UUID_GROUPS.slice(1)
    .map((end, index) => digits.slice(UUID_GROUPS[index], end))
    .join('-');
}

const MOMENT_BYTES = 6;
export const momentAt = (bytes: Buffer, offset: number): EpochMs =>
  epochMs(bytes.readUIntBE(offset, MOMENT_BYTES));

/** Since when and why somebody has to look at a server, of what `handOver` in lua/servers.ts wrote. */
export const handOverOf = (over: Buffer) => ({
  since: momentAt(over, 0),
  why: over.toString('utf8', 2 * MOMENT_BYTES),
});

/** So many other attempts and more are counted in two bytes of their own. */
const MANY = 7;

/** What `writeServer` in lua/servers.ts wrote. */
export function unpackServer(bytes: Buffer): ServerRecord {
  const flags = bytes.readUInt8();
  const has = (flag: number) => (flags & flag) !== 0;
  let at = 1;
  const moment = () => {
    at += MOMENT_BYTES;
    return momentAt(bytes, at - MOMENT_BYTES);
  };
  const last = has(1) ? moment() : undefined;
  let others = flags >> 5;
  if (others === MANY) {
    others = bytes.readUInt16BE(at);
    at += 2;
  }
  const attempts = Array.from({ length: others }, (_, index) =>
    epochMs((last ?? 0) - bytes.readInt32BE(at + index * 4)),
  );
  at += others * 4;
  if (has(16) && last !== undefined) attempts.push(last);
  const seen = has(4) ? moment() : undefined;
  const toldEnds = has(8) ? at + 1 + bytes.readUInt8(at) : at;
  return {
    serverId: unpackId(bytes.subarray(toldEnds)),
    attempts,
    ...(last === undefined ? {} : { lastAttemptAt: last }),
    ...(has(2) ? { lastFailed: true as const } : {}),
    ...(seen === undefined ? {} : { firstSeenAbnormalAt: seen }),
    ...(has(8) ? { toldHeld: bytes.toString('utf8', at + 1, toldEnds) } : {}),
  };
}
