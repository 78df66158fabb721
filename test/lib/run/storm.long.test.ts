/** A storm, seen by patrol over real HTTP against the local cloud: hours of it. */
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../lib/time.ts';
import { hang, type Model } from '../../../local/model/index.ts';
import { fleetOf, restarted, stage, T0, timerEvent } from '../../support/stage.ts';

const TICK = timerEvent(undefined, T0, 'every-minute');
const patrol = (act: Omit<Parameters<typeof stage>[0], 'events'>) =>
  stage({ functionName: 'patrol', events: [TICK], ...act });

describe('a storm', () => {
  it('lets one canary through, then 2, 4, …, and pages once', async () => {
    const fleet = fleetOf(10, 10, (index) => (index % 100 < 38 ? { status: 2 } : {}));
    const played = await patrol({ fleet, patrolFor: minutes(60) });
    const rounds = new Map<number, number>();
    for (const { at } of played.model.restarts) {
      const round = Math.floor((at - T0 - 60_000) / 600_000);
      rounds.set(round, (rounds.get(round) ?? 0) + 1);
    }
    expect([...rounds.values()].slice(0, 4)).toEqual([1, 2, 4, 31]);
    expect(new Set(restarted(played)).size).toBe(38);
    expect(restarted(played)).toHaveLength(38);
    const begun = played.model.mailbox.filter(({ messages }) =>
      JSON.stringify(messages).includes('storm_began'),
    );
    expect(begun).toHaveLength(1);
  });

  it('is not over because its canaries are restarting, and calls a person once', async () => {
    const pages = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:pages';
    const slow = (index: number) => (index % 100 < 32 ? { status: 2, restart_seconds: 240 } : {});
    const played = await patrol({
      fleet: fleetOf(10, 10, slow),
      patrolFor: minutes(35),
      settings: { page_topic: pages },
    });
    const first = played.model.restarts.filter(({ at }) => at < T0 + 14 * 60_000);
    expect(first.map(({ at }) => Math.floor((at - T0) / 600_000))).toEqual([0, 1, 1]);
    expect(played.reports.filter(({ topic_urn }) => topic_urn === pages)).toHaveLength(1);
  });

  it('goes back to one canary after one that did not come back', async () => {
    const fleet = fleetOf(10, 10, (index) => (index % 100 < 40 ? { status: 2, recovers: false } : {}));
    const played = await patrol({ fleet, patrolFor: minutes(45) });
    const rounds = new Map<number, number>();
    for (const { at } of played.model.restarts) {
      const round = Math.floor((at - T0 - 60_000) / 600_000);
      rounds.set(round, (rounds.get(round) ?? 0) + 1);
    }
    expect([...rounds.values()]).toEqual([1, 1, 1, 1, 1].slice(0, rounds.size));
    expect(rounds.size).toBeGreaterThanOrEqual(4);
    // A canary is a run; what is held meanwhile opens none.
    expect(played.runs.length).toBeLessThanOrEqual(rounds.size + 1);
  });

  it('that comes back within the hour for a moment calls nobody again', async () => {
    const wave = (from: number) => (model: Model, now: typeof T0) => {
      for (let index = from; index < from + 38; index += 1) hang(model, `s${index}`, now);
    };
    const gone = (model: Model) => {
      for (const server of model.servers.values()) server.status = 1;
    };
    const played = await patrol({
      fleet: fleetOf(10, 10),
      happenings: [
        { after: seconds(30), does: wave(0) },
        { after: minutes(5), does: gone },
        // Somebody is abnormal still: a look is what ends a storm.
        { after: minutes(6), does: (model, now) => hang(model, 's99', now) },
        { after: minutes(15), does: wave(50) },
        { after: minutes(20), does: gone },
      ],
      patrolFor: minutes(25),
    });
    const told = (code: string) =>
      played.model.mailbox.filter(({ messages }) => JSON.stringify(messages).includes(code)).length;
    expect(told('storm_ended')).toBe(1);
    expect(told('storm_began')).toBe(1);
  });
});
