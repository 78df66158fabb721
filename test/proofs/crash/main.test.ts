/** What `npm run crash` takes, and that a broken promise is an exit code. */
import { describe, expect, it } from 'vitest';
import { playAsked, readArgs, UsageError } from '../../../proofs/crash/main.ts';

describe('npm run crash', () => {
  it('takes everything unless it is told what', () => {
    expect(readArgs([])).toEqual({ workers: expect.any(Number) });
    expect(readArgs(['--scenario', 'alarm', '--effect', '7', '--side', 'after', '--workers', '2'])).toEqual({
      scenario: 'alarm',
      effect: 7,
      side: 'after',
      workers: 2,
    });
    expect(readArgs(['--help'])).toBe('help');
  });

  it.each([
    [['--scenario', 'flood'], /--scenario: expected one of alarm; .*, got flood/],
    [['--side', 'beside'], /--side: expected before or after, got beside/],
    [['--effect', '0'], /--effect: expected a number from 1, got 0/],
    [['--workers', 'many'], /--workers: expected a number from 1, got many/],
    [['--histories', '3'], /histories/],
  ])('refuses %j with what was expected', (args, message) => {
    expect(() => readArgs(args)).toThrow(UsageError);
    expect(() => readArgs(args)).toThrow(message);
  });

  it('plays the one death that it is asked for', async () => {
    const played: number[] = [];
    const asked = { scenario: 'webhook', effect: 1, side: 'before', workers: 1 };
    const rows = await playAsked(asked, 0, () => played.push(1));
    expect(rows).toMatchObject([{ scenario: 'webhook', kills: 2, broken: [] }]);
    expect(played).toHaveLength(2);
  });
});
