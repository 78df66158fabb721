/** Skips what takes too long to be played for every mutant: the local cloud, and fleets of a hundred thousand. */
import { beforeEach } from 'vitest';

const SLOW = /over HTTP|120,000 targets/;

beforeEach(({ task, skip }) => skip(SLOW.test(task.name), 'too slow to be played for every mutant'));
