/** Starts one function cold, in a process of its own, and measures until its first signed call was answered. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Variant } from './variants.ts';

export interface Start {
  /** From the start of the process until its bundle was loaded, in ms. */
  readonly loaded: number;
  /** … until its first result, in ms. */
  readonly first: number;
  /** What its main thread had computed by then, in ms: a busy machine does not change that much. */
  readonly cpu: number;
  /** The most memory it had until then, in MB. */
  readonly memory: number;
}

export interface Place {
  readonly node: string;
  readonly ca: string;
  readonly userData: Readonly<Record<string, string>>;
  readonly projectId: string;
  /** Resolves with the moment at which the next call will have been answered. */
  readonly nextAnswer: (signal: AbortSignal) => Promise<bigint>;
}

const CHILD = fileURLToPath(new URL('./child.cjs', import.meta.url));

/** @throws Error with what the function said, when it failed before its first result */
export async function start(variant: Variant, place: Place): Promise<Start> {
  const { node, ca, userData, projectId, nextAnswer } = place;
  const input = JSON.stringify({ event: variant.event, userData, projectId });
  const over = new AbortController();
  const answered = nextAnswer(over.signal);
  const begin = process.hrtime.bigint();
  const child = spawn(node, [CHILD, variant.bundle, input], {
    env: { NODE_EXTRA_CA_CERTS: ca },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const moment = (wanted: string) =>
    new Promise<bigint>((resolve, reject) => {
      lines.on('line', (line) => {
        const [mark, what, at = '0', ...more] = line.split(' ');
        if (mark !== 'COLD') said.push(line);
        else if (what === wanted) resolve(BigInt(at));
        else if (what === 'failed') reject(new Error(`${variant.name} failed: ${more.join(' ')}`));
      });
      child.on('exit', (code) => reject(new Error(`${variant.name} ended with ${code}: ${said.join(' ')}`)));
    });
  const hasLoaded = moment('loaded');
  const returned = moment('returned');
  // Whoever is not waited for may fail when the process is ended.
  for (const unread of [hasLoaded, returned]) unread.catch(() => undefined);
  try {
    const first =
      variant.until === 'returned'
        ? await returned
        : await Promise.race([answered, returned.then(() => Promise.reject(noCall(variant)))]);
    const { pid } = child;
    const [cpu, memory] = [computedBy(pid), peakOf(pid)];
    // Said before the call was made, but perhaps not read yet.
    const loaded = await hasLoaded;
    return { loaded: ms(begin, loaded), first: ms(begin, first), cpu, memory };
  } finally {
    over.abort();
    child.kill('SIGKILL');
    await exited;
  }
}

const noCall = ({ name }: Variant): Error => new Error(`${name} returned without a signed call`);

const ms = (from: bigint, to: bigint): number => Number(to - from) / 1e6;

/** The scheduler's own count for the main thread, in nanoseconds: compiling WASM beside it keeps nobody waiting. */
function computedBy(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** As Linux counts it. */
function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}
