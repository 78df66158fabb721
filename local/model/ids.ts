/** Ids and numbers that look random and are the same every time. */
import { createHash } from 'node:crypto';

/** 32 hexadecimal characters that belong to `text`. */
export const hexId = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** A number from 0 to `below - 1` that belongs to `text`. */
export const numberFrom = (text: string, below: number): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % below;
