/** How a trouble makes single servers of a restart call go. */
import { itemError } from '../../local/model/codes.ts';
import type { RestartAsk, Ruling } from '../../local/model/state.ts';
import type { Trouble } from '../history/history.ts';

type Rule = (ask: RestartAsk) => Ruling | undefined;

const everySecond =
  (ruling: Ruling): Rule =>
  ({ position }) =>
    position % 2 === 1 ? ruling : undefined;

export function rulingFor(trouble: Trouble | undefined): Rule | undefined {
  switch (trouble) {
    case 'some_refused':
      return everySecond({ refused: itemError('CPS.0195') });
    case 'some_busy':
      return everySecond({ refused: itemError('CPS.0124') });
    case 'jobs_fail':
      return () => ({ job: 'fails' });
    case 'jobs_stick':
      return () => ({ job: 'sticks' });
    case 'jobs_lie':
      return () => ({ job: 'succeeds', endStatus: 2 });
    default:
      return undefined;
  }
}
