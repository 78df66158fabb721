/** Engines that do something else than what they were asked for. */
import { inFile, type Planted } from './planted.ts';

export const REQUESTS: readonly Planted[] = [
  {
    name: 'delivery-not-known',
    does: 'the same message, delivered again, opens a second run',
    changes: [
      inFile('lib/ledger/memory.ts')(
        'return delivery !== undefined && delivery.at > before(now, KNOWN_FOR) ? delivery.runId : undefined;',
        'return delivery !== undefined && delivery.at > now && now > before(now, KNOWN_FOR) ? delivery.runId : undefined;',
      ),
    ],
  },
  {
    name: 'timer-dry-run-dropped',
    does: 'a dry run that a timer asks for restarts',
    changes: [inFile('lib/intake/timer.ts')('    dryRun,\n', '    dryRun: dryRun && false,\n')],
  },
  {
    name: 'override-of-all',
    does: 'one override of a person is taken for all that there are',
    changes: [
      inFile('lib/api/read-restart.ts')(
        'return OVERRIDABLE.filter((guard) => list.includes(guard));',
        'return OVERRIDABLE.filter(() => list.length > 0);',
      ),
    ],
  },
];
