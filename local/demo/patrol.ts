/** Servers hang one after another and no alarm tells of it; one is beyond repair. */
import { minutes, seconds } from '../../lib/time.ts';
import { standardFleet, standardServerId } from '../fleet.ts';
import { hang } from '../model/index.ts';
import { namesOf } from '../story.ts';
import { allMendableRun, counted, restartsOf } from './checks.ts';
import type { Demo, End } from './show.ts';
import { waitUntil } from './stage.ts';

const BEYOND_REPAIR = standardServerId(3, 5);
/** When each hangs, in seconds from the beginning. */
const HANGING: readonly (readonly [second: number, encodeServerId: string])[] = [
  [20, standardServerId(1, 2)],
  [70, BEYOND_REPAIR],
  [260, standardServerId(4, 1)],
];
const LASTS = minutes(80);

export const patrol: Demo = {
  title: 'no alarm comes; the minute’s patrol finds what hangs',
  begins: '2026-03-01T18:45:00Z',
  time: 'virtual',
  fleet: standardFleet({ abnormal: 0 }).map((row) =>
    row.encode_server_id === BEYOND_REPAIR ? { ...row, recovers: false } : row,
  ),
  intro: [
    'A server must be abnormal for a minute, rests 30 minutes after a restart, and is tried 3 times a day.',
    'The digest is due at 04:00 in Shanghai, which is 20:00 here.',
  ],
  settings: { digest_at: '04:00 Asia/Shanghai' },
  async play({ clock, model, patrolFor }, says) {
    const start = clock.now();
    patrolFor(LASTS);
    for (const [second, id] of HANGING) {
      await waitUntil(clock, start, seconds(second));
      hang(model, id, clock.now());
      const beyond = id === BEYOND_REPAIR ? ', and no restart will mend it' : '';
      says('fleet', `${namesOf([id], model)} hangs${beyond}`, 'bad');
    }
    await waitUntil(clock, start, LASTS);
  },
  checks: (end) => {
    const tries = restartsOf(end, BEYOND_REPAIR);
    const apart = tries.slice(1).map(({ at }, index) => at - (tries[index]?.at ?? at));
    const others = HANGING.filter(([, id]) => id !== BEYOND_REPAIR);
    return [
      counted(
        others.filter(([, id]) => restartsOf(end, id).length === 1).length,
        2,
        'servers were restarted once',
      ),
      allMendableRun(end),
      counted(tries.length, 3, 'attempts for the one beyond repair'),
      [apart.every((span) => span >= minutes(30)), 'never two of them within 30 minutes'],
      [
        end.ledger.servers.get(BEYOND_REPAIR)?.handedOver !== undefined,
        'then it was handed over to a person',
      ],
      counted(end.pages.length, 1, 'page arrived, after the third attempt'),
      [digestArrived(end), 'the digest of the day arrived'],
    ];
  },
};

/** By the subject that it was sent under: what it says is for people. */
function digestArrived({ ledger, reports }: End): boolean {
  const [, digest] = [...ledger.letters].find(([letterId]) => letterId.startsWith('digest/')) ?? [];
  return reports.some(({ subject }) => subject === digest?.letter.subject);
}
