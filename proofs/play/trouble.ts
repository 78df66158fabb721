/** The errors that calls come back with. */
import { classify, HuaweiError } from '../../lib/huawei/errors.ts';
import type { FailureKind } from '../../lib/types.ts';
import { CPS_CODES } from '../../local/model/codes.ts';
import type { Op, Period, Trouble } from '../history/history.ts';
import type { Stage } from './stage.ts';

/** A restart's answer is awaited for so long. */
export const GIVES_UP_AFTER = 20_000;

/** The error of an answer with that code, as the client reads it. */
export function refusal(op: Op, code: string, status?: number): HuaweiError {
  const httpStatus =
    status ?? (code in CPS_CODES ? CPS_CODES[code as keyof typeof CPS_CODES].status : undefined);
  const [service = ''] = op.split('.');
  const kind: FailureKind = httpStatus === undefined ? 'lost' : classify({ service, httpStatus, code });
  return new HuaweiError({ kind, service, operation: op, code, said: 'played', httpStatus });
}

/** What never reached the service behind the gateway, or was refused there as a whole. */
export function turnedAway(trouble: Trouble, op: Op): HuaweiError | undefined {
  const [service = ''] = op.split('.');
  switch (trouble) {
    case 'not_sent':
      return new HuaweiError({
        kind: 'not_sent',
        service,
        operation: op,
        code: 'ECONNREFUSED',
        said: 'played',
      });
    case 'throttled':
      return refusal(op, 'APIGW.0308', 429);
    case 'conflict':
      return refusal(op, 'CPS.0042');
    case 'invalid':
      return refusal(op, 'CPS.0122');
    case 'not_authorised':
      return refusal(op, 'APIGW.0301', 401);
    case 'refused':
      return refusal(op, 'SMN.0009', 403);
    default:
      return undefined;
  }
}

/** A call that asks, or that may be sent again: the client tried it three times before it says so. */
export function failWhere(
  stage: Stage,
  op: Op,
  service: 'cph' | 'smn',
  [down, throttled]: readonly [Period['what'], Period['what']],
): Trouble | undefined {
  const trouble = stage.troubleAt(op);
  if (trouble !== undefined && trouble !== 'lost_after') {
    throw (
      turnedAway(trouble, op) ?? refusal(op, trouble === 'lost_before' ? 'deadline' : 'unreadable_answer')
    );
  }
  if (stage.isIll(down)) throw refusal(op, service === 'cph' ? 'CPS.0003' : 'deadline', 500);
  if (stage.isIll(throttled)) throw refusal(op, 'APIGW.0308', 429);
  return trouble;
}
