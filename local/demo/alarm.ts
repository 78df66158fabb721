/** Four servers on two hosts hang, and an alarm is raised for each host. */
import { seconds } from '../../lib/time.ts';
import { standardFleet, standardHostId, standardServerId } from '../fleet.ts';
import { hang } from '../model/index.ts';
import { namesOf } from '../story.ts';
import { allMendableRun, counted, noneTwice } from './checks.ts';
import type { Demo } from './show.ts';

const HANGING = [
  standardServerId(1, 2),
  standardServerId(1, 4),
  standardServerId(3, 1),
  standardServerId(3, 5),
];
/** The last one is beyond what a restart can mend. */
const BEYOND_REPAIR = standardServerId(3, 5);

export const alarm: Demo = {
  title: 'an alarm restarts what hangs, looks, and reports',
  begins: '2026-03-01T18:30:00Z',
  time: 'fast',
  fleet: standardFleet({ abnormal: 0 }).map((row) =>
    row.encode_server_id === BEYOND_REPAIR ? { ...row, recovers: false } : row,
  ),
  intro: ['Mode active, cooldown 30 min, at most 10 restarts at a time on a host.'],
  async play({ alarm: raise, clock, model }, says) {
    for (const id of HANGING) {
      hang(model, id, clock.now());
      const beyond = id === BEYOND_REPAIR ? ', and no restart will mend it' : '';
      says('fleet', `${namesOf([id], model)} hangs${beyond}`, 'bad');
    }
    await clock.sleep(seconds(12));
    for (const host of [standardHostId(1), standardHostId(3)]) {
      says('Cloud Eye', `raises an alarm for ${model.hosts.get(host)?.name ?? host}`, 'bad');
      says('SMN', 'hands the alarm to the function "alarm"');
      raise(host);
      await clock.sleep(seconds(4));
    }
  },
  checks: (end) => [
    counted(end.reports.length, 2, 'reports arrived'),
    allMendableRun(end),
    counted(end.model.restarts.length, HANGING.length, 'restarts for the 4 servers that hung'),
    noneTwice(end),
  ],
};
