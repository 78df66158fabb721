/** Drivers and ledgers that lose track of a run. */
import { inFile, type Planted } from './planted.ts';

const memory = inFile('lib/ledger/memory.ts');

export const DRIVERS: readonly Planted[] = [
  {
    name: 'no-fencing',
    does: 'whoever lost its lease goes on writing',
    changes: [memory('if (leases.get(runId)?.token !== token) throw', 'if (token < 0) throw')],
  },
  {
    name: 'lease-not-taken',
    does: 'a run is driven by everybody who comes by',
    changes: [
      memory(
        'if (shared && last !== undefined && last.until > now) return undefined;',
        'if (!shared) return undefined;',
      ),
    ],
  },
  {
    name: 'give-back-not-fenced',
    does: 'whoever lost its lease gives claims back',
    changes: [
      memory(
        '      held(lease);\n      for (const id of encodeServerIds) giveBack',
        '      for (const id of encodeServerIds) giveBack',
      ),
    ],
  },
  {
    name: 'outcome-not-recorded',
    does: 'what came of an intent is never written down',
    changes: [memory('        inFlight.delete(encodeServerId);\n', '')],
  },
  {
    name: 'intent-not-adopted',
    does: 'does not look for the claims of an instance that died',
    changes: [
      inFile('lib/run/follow.ts')(
        "if (claim === undefined || target.progress.state !== 'waiting') return target.progress;",
        'if (claim === undefined || target !== null) return target.progress;',
      ),
    ],
  },
  {
    name: 'job-decides',
    does: 'calls a server recovered because its job succeeded',
    changes: [
      inFile('lib/run/follow.ts')(
        "if (seen === 'running' && hasEvidence(attempt)) return",
        "if ((seen === 'running' && hasEvidence(attempt)) || attempt.job?.status === 'succeeded') return",
      ),
    ],
  },
  {
    name: 'patrol-leaves-runs',
    does: 'nobody carries on what an instance left open',
    changes: [
      inFile('lib/run/patrol.ts')(
        'for (const run of unfinished) if (!hasEnded(run)) start(run);',
        'for (const run of unfinished) if (hasEnded(run)) start(run);',
      ),
    ],
  },
];
