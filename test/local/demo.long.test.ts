/** The demo, as a function of its arguments: what it prints, and its exit code. In virtual time, so that it is quick. */
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../lib/time.ts';
import { virtualClock } from '../../local/clock.ts';
import { showFault } from '../../local/demo/fault.ts';
import { DEMOS, main } from '../../local/demo/main.ts';
import { readOptions, SOURCES } from '../../local/demo/options.ts';
import { laidOut } from '../../local/demo/print.ts';
import { show } from '../../local/demo/show.ts';
import { FAULTS, faultNamed } from '../../local/faults/index.ts';

interface Ended {
  readonly code: number;
  readonly lines: readonly string[];
  readonly complaint: string;
}

async function demo(...args: readonly string[]): Promise<Ended> {
  const lines: string[] = [];
  const complaints: string[] = [];
  const source = SOURCES.find((one) => args.includes(one)) ?? 'alarm';
  const code = await main(args, {
    write: (line) => lines.push(line),
    complain: (text) => complaints.push(text),
    clock: virtualClock(epochMs(Date.parse(DEMOS[source].begins))),
  });
  return { code, lines, complaint: complaints.join('') };
}

describe('the demo', () => {
  it.each(SOURCES)('of %s tells its story, shows what people get, and everything holds', async (source) => {
    const { code, lines } = await demo('--source', source);
    expect(lines.filter((line) => line.startsWith('✘'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('✔')).length).toBeGreaterThanOrEqual(4);
    expect(lines.filter((line) => /^\d\d:\d\d:\d\d {2}CPH {6} {2}takes/.test(line))).not.toEqual([]);
    expect(lines.filter((line) => line.startsWith('Subject: '))).not.toEqual([]);
    expect(code).toBe(0);
  });

  it('is that of an alarm unless it is told otherwise', () => {
    expect(readOptions([])).toEqual({ kind: 'source', source: 'alarm' });
  });

  it('ends with 1 when something does not hold', async () => {
    const lines: string[] = [];
    const broken = { ...DEMOS.alarm, checks: () => [[false, 'the sky is green']] as const };
    const clock = virtualClock(epochMs(Date.parse(DEMOS.alarm.begins)));
    expect(await show(broken, { write: (line) => lines.push(line), clock })).toBe(1);
    expect(lines.at(-1)).toBe('✘ the sky is green');
  });

  it('prints calls as curl sends them, with status and body', async () => {
    const { lines } = await demo('--source', 'webhook');
    const text = lines.join('\n');
    expect(text).toMatch(/\$ curl .* -X PUT \$API\/pause\n {4}--json '\{"who".*\n.*200\n\{/);
    expect(text).toContain('"guard": "pause"');
  });
});

describe('a fault', () => {
  it('is listed with what happens and what is promised, each of them', async () => {
    const { code, lines } = await demo('--fault', 'list');
    const words = lines.join(' ').replace(/\s+/g, ' ');
    for (const { name, does, promise } of FAULTS.values()) {
      expect(words).toContain(`${name} ${does} → ${promise}`);
    }
    expect(code).toBe(0);
  });

  it('is played in its own setting; its promise is printed, and that it held', async () => {
    const { code, lines } = await demo('--fault', 'lost-answer');
    expect(lines.at(-1)).toBe('✔ the promise held');
    expect(lines).toContain(`Promised: ${faultNamed('lost-answer').promise}.`);
    expect(lines.filter((line) => line.includes('never answers to the restart of 3 servers'))).toHaveLength(
      1,
    );
    expect(code).toBe(0);
  });

  it('whose promise is broken says each part that is, and ends with 1', async () => {
    const lines: string[] = [];
    const broken = { ...faultNamed('throttled'), holds: () => ['one thing', 'another'] };
    expect(await showFault(broken, (line) => lines.push(line))).toBe(1);
    expect(lines.slice(-2)).toEqual(['✘ one thing', '✘ another']);
  });

  it('that there is none of is refused with the nearest names', async () => {
    const { code, complaint } = await demo('--fault', 'lost-anwser');
    expect(complaint).toMatch(
      /^--fault: expected the name of a fault, got lost-anwser\nDid you mean lost-answer, /,
    );
    expect(code).toBe(2);
  });
});

describe('a call that makes no sense', () => {
  it.each([
    [['--sorce', 'alarm'], 'Unknown option'],
    [['--source', 'cron'], '--source: expected one of alarm, schedule, webhook, patrol, got cron'],
    [['alarm'], 'Unexpected argument'],
    [['--source', 'alarm', '--fault', 'dns'], 'expected either --source or --fault, got both'],
  ])('%j ends with 2 and the usage', async (args, line) => {
    const { code, complaint, lines } = await demo(...args);
    expect(complaint).toContain(line);
    expect(complaint).toContain('Usage: npm run demo');
    expect([code, lines]).toEqual([2, []]);
  });

  it('and --help says what there is', async () => {
    const { code, lines } = await demo('--help');
    expect(lines.join('\n')).toContain('--source NAME');
    expect(code).toBe(0);
  });
});

describe('JSON for reading', () => {
  it('stands on one line where it fits, and shows the first few of many', () => {
    expect(laidOut({ a: [1, 'x: y,z'], b: {} })).toBe('{"a": [1, "x: y,z"], "b": {}}');
    const many = Array.from({ length: 5 }, (_, index) => ({ id: index, text: 'x'.repeat(30) }));
    expect(laidOut(many).split('\n')).toHaveLength(6);
    expect(laidOut(many)).toContain('… 2 more');
  });
});
