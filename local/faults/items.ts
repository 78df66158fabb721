/** Faults inside an accepted restart call: its first server is refused, for one class of reasons each. */
import { type ItemError, itemError } from '../model/codes.ts';
import type { RestartAsk, Ruling } from '../model/state.ts';
import type { Fault } from './fault.ts';
import { callsPerson, outcomes, promised, restartCalls, restarts } from './promises.ts';

const firstItem =
  (refused: ItemError) =>
  ({ call, position }: RestartAsk): Ruling | undefined =>
    call === 1 && position === 1 ? { refused } : undefined;

const others = 'the others are restarted and followed';

export const itemErrorFault: Fault = {
  name: 'item-error',
  does: 'in the first restart call the first id is refused (CPS.0123) inside a successful answer',
  promise: `that server is reported as rejected, with the code; ${others}`,
  create: () => ({ ruling: firstItem(itemError('CPS.0123')) }),
  holds: promised(outcomes({ recovered: 2, rejected: 1 }), restarts(2), restartCalls(1)),
};

export const itemBusy: Fault = {
  name: 'item-busy',
  does: 'in the first restart call the first id cannot be restarted just now (CPS.0158)',
  promise: `that server is asked for again after a wait, and restarted once; ${others}`,
  create: () => ({ ruling: firstItem(itemError('CPS.0158')) }),
  holds: promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(2)),
};

export const itemDenied: Fault = {
  name: 'item-denied',
  does: 'in the first restart call the first id is refused for lack of permission (CPS.0001)',
  promise: `that server is not asked for again, and a person is called; ${others}`,
  create: () => ({ ruling: firstItem(itemError('CPS.0001')) }),
  holds: promised(outcomes({ recovered: 2, held: 1 }), restarts(2), restartCalls(1), callsPerson),
};

export const itemLost: Fault = {
  name: 'item-lost',
  does: 'in the first restart call the first id is answered with an internal error (CPS.0003)',
  promise: `that server is looked at and not restarted again, its outcome is unconfirmed; ${others}`,
  create: () => ({ ruling: firstItem(itemError('CPS.0003')) }),
  holds: promised(outcomes({ recovered: 2, unconfirmed: 1 }), restarts(2), restartCalls(1)),
};

export const itemUnknownCode: Fault = {
  name: 'item-unknown-code',
  does: 'in the first restart call the first id is answered with a code that is in no table',
  promise: `that server is looked at and not restarted again, its outcome is unconfirmed; ${others}`,
  create: () => ({ ruling: firstItem({ error_code: 'CPS.9999', error_msg: 'Something new.' }) }),
  holds: promised(outcomes({ recovered: 2, unconfirmed: 1 }), restarts(2), restartCalls(1)),
};
