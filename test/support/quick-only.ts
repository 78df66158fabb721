/** Skips what takes too long to be played for every mutant: the local cloud. */
import { beforeEach } from 'vitest';

const SLOW = /over HTTP/;

beforeEach(({ task, skip }) => skip(SLOW.test(task.name), 'too slow to be played for every mutant'));
