/** Zips that are the same bytes for the same files: one order, one time, no owner. */
import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { Files } from './bundle.ts';

/** The first moment that a zip can say. Zips have no time zone, so it is written as this machine reads it. */
const MTIME = new Date(1980, 0, 1);
/** Unix: a plain file that everybody may read. */
const ATTRIBUTES = 0o100644 << 16;
const UNIX = 3;

export function zipOf(files: Files): Uint8Array {
  const names = [...files.keys()].sort();
  const entries: Zippable = Object.fromEntries(
    names.map((name) => [name, [files.get(name) ?? new Uint8Array(), { level: 9 }]]),
  );
  return zipSync(entries, { mtime: MTIME, os: UNIX, attrs: ATTRIBUTES });
}

/** The first 12 hex digits of the SHA-256: by it a zip is recognised. */
export const fingerprint = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 12);
