/**
 * A run as it is kept: a head in JSON, and its targets in parts of some hundred, packed. A target is 500 characters
 * of JSON, most of them the same as its neighbour's; packed it is its ids and little more (bench/redis-memory.ts).
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { hasEnded, type Run, type Target } from '../../types.ts';
import type { Argument } from './client.ts';
import { bytes, isNothing, json, list, type Reply, text } from './reply.ts';

const TARGETS_A_PART = 512;

/** Whether a target, at this place in its run, is in Redis as it is. */
export type IsThere = (target: Target, index: number) => boolean;

/**
 * In the order in which `writeRun` in lua/runs.ts takes them.
 * @param isThere a part of which all targets are there is not sent again
 */
export function packRun(run: Run, isThere: IsThere = () => false): readonly Argument[] {
  const { targets, reportedAs, ...head } = run;
  const parts = Array.from({ length: Math.ceil(targets.length / TARGETS_A_PART) }, (_, part) => {
    const first = part * TARGETS_A_PART;
    const some = targets.slice(first, first + TARGETS_A_PART);
    return some.every((target, index) => isThere(target, first + index)) ? '' : packTargets(some);
  });
  const isOver = hasEnded(run) ? 1 : 0;
  return [run.openedAt, run.state, isOver, reportedAs ?? '', JSON.stringify(head), parts.length, ...parts];
}

export function unpackRun(reply: Reply): Run {
  const [head, told, ...parts] = list(reply);
  return {
    ...json<Omit<Run, 'targets' | 'reportedAs'>>(head),
    targets: parts.flatMap((part) => unpackTargets(bytes(part))),
    ...(isNothing(told) ? {} : { reportedAs: text(told) }),
  };
}

/** Precedes 16 bytes that stand for a string of 32 hexadecimal digits. JSON has no such character. */
const DIGITS_FOLLOW = '\x01';

/** Hexadecimal ids are random: as bytes they are shorter than anything that packing makes of their digits. */
function packTargets(targets: readonly Target[]): Buffer {
  const utf8 = Buffer.from(JSON.stringify(targets)).toString('latin1');
  const halved = utf8.replace(
    /"([0-9a-f]{32})"/g,
    (_, digits: string) => DIGITS_FOLLOW + Buffer.from(digits, 'hex').toString('latin1'),
  );
  return deflateRawSync(Buffer.from(halved, 'latin1'));
}

function unpackTargets(packed: Buffer): readonly Target[] {
  const halved = inflateRawSync(packed).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON never has it, so it can stand for something else
  const utf8 = halved.replace(/\x01([\s\S]{16})/g, (_, raw: string) => {
    return `"${Buffer.from(raw, 'latin1').toString('hex')}"`;
  });
  return JSON.parse(Buffer.from(utf8, 'latin1').toString()) as readonly Target[];
}
