/** Engines and ledgers that say of an attempt what is not so, or count it wrongly. */
import { inFile, type Planted } from './planted.ts';

const memory = inFile('lib/ledger/memory.ts');
const claim = inFile('lib/ledger/claim.ts');
const follow = inFile('lib/run/follow.ts');

export const OUTCOMES: readonly Planted[] = [
  {
    name: 'handed-over-forgotten',
    does: 'what was handed over is ours again when it is first seen running',
    changes: [
      memory(
        'const isLong = wellSince !== undefined && after(wellSince, wellFor) <= now;',
        'const isLong = wellSince !== undefined || wellFor !== undefined;',
      ),
    ],
  },
  {
    name: 'attempts-unlimited',
    does: 'restarts a server however often that failed, and though it is handed over',
    changes: [
      inFile('lib/guards/attempts.ts')(
        'check({ record, settings, now }) {',
        'check({ record, settings, now }) {\n    if (now > 0) return undefined;',
      ),
      claim("if (!overrides('attempts')) {", 'if (request.lease === undefined) {'),
    ],
  },
  {
    name: 'handed-over-at-once',
    does: 'hands a server over after its first attempt',
    changes: [
      follow('attempt.number >= settings.maxAttempts', 'attempt.number >= Math.min(1, settings.maxAttempts)'),
    ],
  },
  {
    name: 'given-back-counts',
    does: 'a claim that was given back counts as an attempt',
    changes: [
      claim(
        'const attempts = record.attempts.toSpliced(record.attempts.lastIndexOf(claimedAt), 1);',
        'const attempts = record.attempts; void claimedAt;',
      ),
    ],
  },
  {
    name: 'attempts-kept',
    does: 'a recovery does not begin the attempts anew',
    changes: [memory('if (isWell) return { ...rest, attempts: [] };', 'if (isWell) return { ...rest };')],
  },
  {
    name: 'verify-at-once',
    does: 'gives a server three seconds to come back',
    changes: [inFile('lib/run/limits.ts')('VERIFY_WITHIN = minutes(3)', 'VERIFY_WITHIN = seconds(3)')],
  },
  {
    name: 'rejected-given-back',
    does: 'gives the claim of a rejected restart back, and calls it an attempt',
    changes: [
      inFile('lib/run/act.ts')(
        `    case 'rejected':
      return { progress: ended('rejected', { ...attempt, error }, context) };`,
        `    case 'rejected':
      return { progress: ended('rejected', { ...attempt, error }, context), giveBack: true };`,
      ),
    ],
  },
  {
    name: 'evidence-not-needed',
    does: 'a server that ran and runs has recovered, though nothing shows that it was restarted',
    changes: [
      follow(
        '!attempt.wasRunning || attempt.restartSeen || attempt.job',
        '!attempt.wasRunning || attempt.claimedAt > 0 || attempt.job',
      ),
    ],
  },
  {
    name: 'unseen-not-recovered',
    does: 'says of a server that it did not recover, though it was not seen abnormal',
    changes: [follow("seen === 'abnormal' ? 'not_recovered' : 'unconfirmed'", "'not_recovered'")],
  },
  {
    name: 'all-unconfirmed',
    does: 'says of an abnormal server that nobody knows',
    changes: [follow("seen === 'abnormal' ? 'not_recovered' : 'unconfirmed'", "'unconfirmed'")],
  },
];
