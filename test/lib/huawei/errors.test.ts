import { describe, expect, it, test } from 'vitest';
import {
  classify,
  failureOf,
  failureOfItem,
  HuaweiError,
  normaliseCode,
} from '../../../lib/huawei/errors.ts';
import type { FailureKind } from '../../../lib/types.ts';

const cases: readonly (readonly [FailureKind, string, number | undefined, string])[] = [
  ['throttled', 'cph', 429, 'APIGW.0308'],
  ['throttled', 'cph', 429, ''],
  ['throttled', 'smn', 403, 'APIGW.0308'],
  ['conflict', 'cph', 400, 'CPS.0042'],
  ['conflict', 'cph', 500, 'CPS.0042'],
  ['conflict', 'cph', 400, 'CPS.0098'],
  ['conflict', 'cph', 400, 'CPS.0099'],
  ['conflict', 'cph', 400, 'CPS.0124'],
  ['conflict', 'cph', 409, 'CPS.0158'],
  ['not_authorised', 'cph', 401, ''],
  ['not_authorised', 'cph', 401, 'CPS.9999'],
  ['not_authorised', 'cph', 401, 'APIGW.0301'],
  ['not_authorised', 'cph', 403, 'APIGW.0302'],
  ['not_authorised', 'smn', 403, 'APIGW.0303'],
  ['not_authorised', 'smn', 403, 'APIGW.0306'],
  ['not_authorised', 'cph', 403, 'CPS.0001'],
  ['not_authorised', 'cph', 400, 'CPS.0006'],
  ['not_authorised', 'cph', 400, 'CPS.0007'],
  ['not_authorised', 'cph', 400, 'CPS.0008'],
  ['not_authorised', 'smn', 403, 'SMN.0001'],
  ['not_authorised', 'smn', 403, 'SMN.0070'],
  ['not_authorised', 'smn', 403, 'SMN.0071'],
  ['not_authorised', 'smn', 403, 'SMN.00308'],
  ['rejected', 'cph', 400, 'CPS.0122'],
  ['rejected', 'cph', 404, 'CPS.0123'],
  ['rejected', 'cph', 500, 'CPS.0005'],
  ['rejected', 'cph', 400, 'CPS.0195'],
  ['rejected', 'cph', 400, 'CPS.1028'],
  ['rejected', 'smn', 404, 'SMN.0006'],
  ['rejected', 'smn', 400, 'SMN.0019'],
  ['rejected', 'functiongraph', 404, 'FSS.1051'],
  ['lost', 'cph', 500, 'CPS.0003'],
  ['lost', 'cph', 400, 'CPS.0003'],
  ['lost', 'cph', 400, 'CPS.0054'],
  ['lost', 'cph', 400, 'CPS.9999'],
  ['lost', 'cph', 404, 'APIGW.0101'],
  ['lost', 'cph', 403, ''],
  ['lost', 'cph', 502, ''],
  ['lost', 'cph', 504, ''],
  ['lost', 'cph', 302, ''],
  ['lost', 'cph', undefined, 'CPS.9999'],
  ['lost', 'smn', 500, 'SMN.0016'],
  ['lost', 'smn', 500, 'SMN.0018'],
  ['lost', 'smn', 404, ''],
  ['lost', 'smn', 503, ''],
];

describe('an unsuccessful answer', () => {
  test.each(cases)('is %s: %s %s %s', (kind, service, httpStatus, code) => {
    expect(classify({ service, httpStatus, code })).toBe(kind);
  });

  it('of one item is sorted by the same table', () => {
    const said = { code: 'CPS.0124', message: 'Encode server is creating.' };
    expect(failureOfItem('CPS0124', said.message)).toEqual({ kind: 'conflict', ...said });
    expect(failureOfItem('CPS.0123', 'gone').kind).toBe('rejected');
    expect(failureOfItem('WHAT', '').kind).toBe('lost');
  });
});

test.each([
  ['CPS0005', 'CPS.0005'],
  ['CPS.0005', 'CPS.0005'],
  [' CPS0005 ', 'CPS.0005'],
  ['CPS00051', 'CPS00051'],
  ['SMN.00308', 'SMN.00308'],
  ['', ''],
])('the code %j is written %j', (code, normalised) => {
  expect(normaliseCode(code)).toBe(normalised);
});

describe('an error', () => {
  it('says what was called, what came back and what it means', () => {
    const error = new HuaweiError({
      ...{ kind: 'rejected', service: 'cph', operation: 'RestartEncodeServer', code: 'CPS.0122' },
      ...{ said: 'Parameter: Encode server id list is invalid.', httpStatus: 400, requestId: 'r1' },
    });
    expect(error.message).toBe(
      'cph RestartEncodeServer: HTTP 400 CPS.0122 "Parameter: Encode server id list is invalid." (request r1): ' +
        'it was refused; asking the same again would not help',
    );
    expect(failureOf(error)).toEqual({ kind: 'rejected', code: 'CPS.0122', message: error.said });
  });

  it('leaves out what it does not know', () => {
    const error = new HuaweiError({
      kind: 'lost',
      service: 'smn',
      operation: 'X',
      code: 'deadline',
      said: '',
    });
    expect(error.message).toMatch(/^smn X: deadline: nobody knows/);
    expect(error.httpStatus).toBeUndefined();
  });
});
