/**
 * Sees to it that no instance outlives the cloud. A frozen process notices nothing, not even that its parent was killed;
 * so a shell waits for the end of a pipe, which comes however the cloud ends, kills what is left and clears up.
 */
import { spawn } from 'node:child_process';

export interface Guard {
  /** The processes that there are now. */
  watch(pids: readonly number[]): void;
  close(): void;
}

/** Process groups: each instance leads one. */
const SCRIPT =
  'while read -r line; do groups=$line; done; [ -z "$groups" ] || kill -s KILL -- $groups; rm -rf -- "$0"';

/** `folder` is removed in the end. */
export function startGuard(folder: string): Guard {
  // Of its own group: an interrupt from the keyboard must not end it before the others.
  const shell = spawn('/bin/sh', ['-c', SCRIPT, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return {
    watch: (pids) => void shell.stdin.write(`${pids.map((pid) => -pid).join(' ')}\n`),
    close: () => void shell.stdin.end('\n'),
  };
}
