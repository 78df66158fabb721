/** The code of a function: a zip in base64, checked when it comes and unpacked when it is run. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { expected, Refused } from './refused.ts';
import type { DeployedCode } from './state.ts';

const MOST_BYTES = 50 * 1_024 * 1_024;
const MOST_UNZIPPED = 1_500 * 1_024 * 1_024;
/** Longer than any such zip in base64: what is too long is refused here, not by the gateway. */
export const MOST_BODY_BYTES = 2 * MOST_BYTES;

/** @throws Refused */
export function readCode(fields: Readonly<Record<string, unknown>>): DeployedCode {
  const { code_type, code_filename, func_code } = fields;
  if (code_type !== 'zip') throw expected('FSS.1006', 'code_type', '"zip"', code_type);
  const file =
    typeof func_code === 'object' && func_code !== null && 'file' in func_code ? func_code.file : '';
  if (file === '' || file === undefined)
    throw new Refused('FSS.1012', 'func_code.file: expected a zip in base64');
  if (typeof code_filename !== 'string' || !/\.zip$/.test(code_filename)) {
    throw expected('FSS.1013', 'code_filename', 'a name that ends in .zip', code_filename);
  }
  if (typeof file !== 'string' || file.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(file)) {
    throw new Refused('FSS.1011', 'func_code.file: expected base64');
  }
  const zip = Buffer.from(file, 'base64');
  if (zip.length > MOST_BYTES)
    throw new Refused('FSS.1071', `expected at most 50 MB, got ${zip.length} bytes`);
  unzipped(zip);
  return {
    code_filename,
    file,
    code_size: zip.length,
    digest: createHash('sha512').update(zip).digest('hex'),
  };
}

/** Puts the files of `code` under `folder`, which need not be there yet. */
export function unpack({ file }: DeployedCode, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(unzipped(Buffer.from(file, 'base64')))) {
    const place = join(folder, name);
    if (name.endsWith('/')) {
      mkdirSync(place, { recursive: true });
    } else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, bytes);
    }
  }
}

/** The files by name. Names that lead out of the folder are refused, and so is more than the platform unpacks. */
function unzipped(zip: Buffer): Readonly<Record<string, Uint8Array>> {
  let total = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..')) {
      throw new Refused('FSS.1011', 'expected names below the root of the zip, got one that leads out of it');
    }
    total += originalSize;
    if (total > MOST_UNZIPPED) throw new Refused('FSS.1011', 'expected at most 1,500 MB unzipped');
    return true;
  };
  try {
    return unzipSync(zip, { filter });
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('FSS.1011', 'func_code.file: expected a zip');
  }
}
