/**
 * Keeps what is deployed, in memory and, if it is given a file, there too: every change is on the disk before it is
 * answered, so a cloud that is killed and started again has all that it said yes to.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DeployedFunction } from './state.ts';

export interface Store {
  /** In the order in which they were created. */
  all(): readonly DeployedFunction[];
  /** `urn` without a version. */
  find(urn: string): DeployedFunction | undefined;
  put(deployed: DeployedFunction): void;
  remove(urn: string): void;
}

const VERSION = 1;

/** @throws Error when the file is there and holds something else */
export function openStore(file?: string): Store {
  const functions = new Map(readFrom(file).map((one) => [one.urn, one]));

  /** Readable by its owner alone: secrets are in it. A half-written file never takes the place of a whole one. */
  function save(): void {
    if (file === undefined) return;
    const text = JSON.stringify({ version: VERSION, functions: [...functions.values()] });
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  return {
    all: () => [...functions.values()],
    find: (urn) => functions.get(urn),
    put(deployed) {
      functions.set(deployed.urn, deployed);
      save();
    },
    remove(urn) {
      functions.delete(urn);
      save();
    },
  };
}

function readFrom(file: string | undefined): readonly DeployedFunction[] {
  if (file === undefined || !existsSync(file)) return [];
  const refuse = (got: string, cause?: unknown) =>
    new Error(`${file}: expected the state of a local cloud, got ${got}. Name another file, or remove it.`, {
      cause,
    });
  let held: { version?: unknown; functions?: unknown };
  try {
    held = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refuse('no JSON', cause);
  }
  if (held?.version !== VERSION || !Array.isArray(held.functions)) throw refuse('other JSON');
  return held.functions;
}
