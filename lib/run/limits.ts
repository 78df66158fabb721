/** The figures of the engine that are no settings, each with its reason. */
import { type DurationMs, hours, minutes, seconds } from '../time.ts';

/** A share of a small fleet would round down to nothing; ten at once is bearable for any. */
export const CONCURRENCY_FLOOR = 10;

/** Planned work: a share of a small fleet or of a short run is at least one. */
export const PLANNED_FLOOR = 1;

/** A run ends after this long; what still waits then is held. */
export const RUN_LASTS = hours(12);

/** A look is acted on within this long; what it showed later is looked at again first. */
export const ACT_WITHIN = seconds(15);

/** A POST is sent within this long of its claim or not at all. */
export const SEND_WITHIN = seconds(5);
/** A POST's answer is awaited at most this long; then it counts as lost. */
export const ANSWER_WITHIN = seconds(20);

/** A server has this long to show, after its job ended or its answer was lost, in which state it stays. */
export const VERIFY_WITHIN = minutes(3);
/** A job that has not ended after this long is not waited for any more: the state decides. */
export const JOB_WITHIN = minutes(10);
/** Hosts that cannot be looked at for this long hold their targets. */
export const LOOK_WITHIN = minutes(5);

/** After a conflict a target waits this long before it is tried again; one more conflict rejects it. */
export const CONFLICT_WAITS: readonly DurationMs[] = [seconds(30), seconds(60), seconds(120)];
/** After a call that was not sent or throttled: doubled each time from the first to the last; never longer than `asked`. */
export const BACKOFF = { first: seconds(5), most: seconds(60), asked: minutes(10) } as const;
/** So many calls that were not sent or throttled, half an hour at least, and a target is held: somebody has to know. */
export const TURNED_AWAY_MOST = 33;

/** When an alarm's hosts are looked at again while nothing on them is abnormal yet, from the opening on. */
export const WATCH_LOOKS: readonly DurationMs[] = [seconds(15), seconds(45), seconds(120), seconds(300)];

/** Planned work whose host is busy lets others go first and is looked at again after this long. */
export const HOST_BUSY_WAIT = seconds(30);
/** Hosts with waiting targets that are looked at in one look, beside those that planned work needs. */
export const HOSTS_A_LOOK = 20;
/** Nothing happens for longer than this without the lease being renewed. */
export const LEASE_RENEWED = seconds(10);
/** An instance that did not come to renewing it for this long stood still: the lease has run out by then. */
export const FROZEN_AFTER = seconds(30);

/**
 * How often an open run is looked at: often at first, when restarts come back, then less; and once a minute while
 * nothing is in flight and what waits is blocked by something that is not ours.
 */
export const POLL = {
  soon: seconds(5),
  later: seconds(15),
  blocked: minutes(1),
  soonFor: minutes(2),
} as const;
