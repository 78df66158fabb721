/** Ledgers that grant what they must not. */
import { inFile, type Planted } from './planted.ts';

const claim = inFile('lib/ledger/claim.ts');

export const CLAIMS: readonly Planted[] = [
  {
    name: 'cooldown-not-kept',
    does: 'a claim does not write down when it was granted',
    changes: [
      claim('{ ...record, serverId, attempts, lastAttemptAt: now }', '{ ...record, serverId, attempts }'),
    ],
  },
  {
    name: 'cooldown-of-the-recovered',
    does: 'a recovery ends the cooldown',
    changes: [
      inFile('lib/ledger/memory.ts')(
        'if (isWell) return { ...rest, attempts: [] };',
        'if (isWell) { const { lastAttemptAt: _at, ...none } = rest; return { ...none, attempts: [] }; }',
      ),
    ],
  },
  {
    name: 'pause-not-read',
    does: 'a claim does not ask whether somebody has paused',
    changes: [claim('if (pause !== undefined && pause.until > now) {', 'if (pause === null) {')],
  },
  {
    name: 'pause-never-ends',
    does: 'a pause whose time is over holds everything still',
    changes: [
      claim('if (pause !== undefined && pause.until > now) {', 'if (pause !== undefined) {'),
      inFile('lib/guards/pause.ts')('given === undefined || given.until <= now', 'given === undefined'),
    ],
  },
  {
    name: 'exclusions-ignored',
    does: 'a claim does not ask whether somebody has excluded the server',
    changes: [claim('  if (kept !== undefined) return no(', '  if (kept === null) return no(')],
  },
  {
    name: 'limit-outside',
    does: 'how many restarts are in flight is counted when it looks, not when it claims',
    changes: [claim('if (inFlight.size >= limits.maxConcurrency) {', 'if (limits.maxConcurrency < 0) {')],
  },
  {
    name: 'host-limit-outside',
    does: 'how many restarts are in flight on a host is counted when it looks, not when it claims',
    changes: [
      claim('if (planned && other !== undefined) {', 'if (planned && other === null) {'),
      claim('if (onHost.length >= limits.maxPerHost) {', 'if (limits.maxPerHost < 0) {'),
    ],
  },
  {
    name: 'two-canaries',
    does: 'a storm begins with two canaries',
    changes: [
      inFile('lib/storm.ts')(
        'if (storm === undefined) return { startedAt: now, size: 1,',
        'if (storm === undefined) return { startedAt: now, size: 2,',
      ),
      inFile('lib/ledger/memory.ts')('size: 1, canaries', 'size: 2, canaries'),
    ],
  },
  {
    name: 'storm-ignored',
    does: 'restarts go out in a storm as on any day',
    changes: [
      claim(
        "if (request.storm !== undefined && !overrides('storm')) {",
        'if (request.lease === undefined) {',
      ),
      inFile('lib/guards/storm.ts')(
        'if (figures === undefined) return undefined;',
        'if (now > 0) return undefined;',
      ),
    ],
  },
];
