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
    name: 'pause-said-not-kept',
    does: 'keeps a pause for no time at all, whatever the call says',
    changes: [
      inFile('lib/api/pause.ts')(
        'if (span !== undefined && isIn(after(now, span))) return after(now, span);',
        'if (span !== undefined && isIn(after(now, span))) return now;',
      ),
    ],
  },
  {
    name: 'exclusion-said-not-kept',
    does: 'answers that a server is excluded, and excludes none',
    changes: [
      inFile('lib/api/exclusions.ts')(
        'await api.ledger.exclude(id, { who, why, since: now });',
        "if (id === '') await api.ledger.exclude(id, { who, why, since: now });",
      ),
    ],
  },
  {
    name: 'accepted-and-dropped',
    does: 'answers that a restart is accepted, and opens no run',
    changes: [
      inFile('lib/run/accept.ts')(
        'if (!(await ledger.open(run, now))) {',
        "if (run.runId === '' && !(await ledger.open(run, now))) {",
      ),
    ],
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
  {
    name: 'alarm-restart-ignored',
    does: "restarts servers that run on an alarm's word, whatever the settings say of it",
    changes: [
      inFile('lib/fleet/resolve.ts')(
        ".filter((server) => isAbnormal(server) || alarmRestart === 'named')",
        '.filter((server) => isAbnormal(server) || alarmRestart !== undefined)',
      ),
      inFile('lib/guards/state.ts')(
        "target.named && settings.alarmRestart === 'named'",
        'target.named && settings.alarmRestart !== undefined',
      ),
    ],
  },
  {
    name: 'old-alarm-believed',
    does: 'restarts servers that run on the word of an alarm, however old it is',
    changes: [
      inFile('lib/run/resolve.ts')(
        'const isOld = isAlarm && between(',
        'const isOld = isAlarm && request.dryRun && between(',
      ),
    ],
  },
];
