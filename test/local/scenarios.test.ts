/** The page of the scenarios: written from what happened, the same every time, and checked. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveredTwice, recoveryFirst } from '../../local/scenarios/alarms.ts';
import { killed, lostAnswer, throttled } from '../../local/scenarios/answers.ts';
import { collapsed } from '../../local/scenarios/collapse.ts';
import { firstDifference } from '../../local/scenarios/difference.ts';
import { SCENARIOS } from '../../local/scenarios/index.ts';
import { main } from '../../local/scenarios/main.ts';
import { pageOf } from '../../local/scenarios/page.ts';
import { record } from '../../local/scenarios/record.ts';
import { rowsOf } from '../../local/scenarios/rows.ts';
import { never } from '../../local/scenarios/scenario.ts';

const FILE = join(mkdtempSync(join(tmpdir(), 'encode-restart-')), 'scenarios.md');

async function docs(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  const scenarios = [deliveredTwice, recoveryFirst];
  const code = await main(args, { scenarios, file: FILE, print: (text) => said.push(text) });
  return { code, said: said.join('') };
}

describe('the page', () => {
  it('has each scenario once, and says of each what must not happen', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(16);
    for (const key of ['name', 'title', 'fear'] as const) {
      expect(new Set(SCENARIOS.map((scenario) => scenario[key])).size).toBe(SCENARIOS.length);
    }
    expect(SCENARIOS.filter(({ not }) => not.length === 0)).toEqual([]);
    const page = readFileSync('docs/scenarios.md', 'utf8');
    for (const { title, fear } of SCENARIOS) expect(page).toContain(`. ${title}\n\n*${fear}*`);
  });

  it('is the same every time, and names no day, no run id and no request id', async () => {
    const played = async () =>
      pageOf([
        [lostAnswer, await record(lostAnswer)],
        [throttled, await record(throttled)],
      ]);
    const page = await played();
    expect(await played()).toBe(page);
    expect(page).not.toMatch(/20\d\d-\d\d|\d{8}T\d{6}Z|[0-9a-f]{16}/);
  });

  it('is not written when something happened that it says did not', async () => {
    const wrong = { ...recoveryFirst, not: [never('end', () => false)] };
    const recorded = await record(wrong);
    expect(() => pageOf([[wrong, recorded]])).toThrow('recovery-first: expected it not to end, but it did');
  });
});

describe('the check', () => {
  it('passes on what was just written, and shows where a changed file differs', async () => {
    expect(await docs()).toMatchObject({ code: 0 });
    expect(await docs('--check')).toMatchObject({ code: 0 });
    const changed = readFileSync(FILE, 'utf8').replace('CPH: accepts 2', 'CPH: accepts 3');
    writeFileSync(FILE, changed);
    const { code, said } = await docs('--check');
    expect(code).toBe(1);
    expect(said).toMatch(/^- .*CPH: accepts 3.*\n\+ .*CPH: accepts 2/m);
    expect(said).toContain('Run: npm run docs:scenarios');
    expect(readFileSync(FILE, 'utf8')).toBe(changed);
  });

  it('of an unknown option ends with 2', async () => {
    expect(await docs('--chekc')).toMatchObject({ code: 2, said: expect.stringContaining('Usage') });
  });
});

it('a killed function leaves its run to patrol, which calls no second time', async () => {
  const recorded = await record(killed);
  const texts = rowsOf(recorded).map(({ world, us }) => `${world} ${us}`);
  expect(texts.filter((text) => text.includes('kills the function alarm'))).toHaveLength(1);
  expect(recorded.seen.calls['RestartEncodeServer']).toBe(1);
});

describe('a timeline', () => {
  const row = (when: string, us: string) => ({ when, world: '', us });

  it('tells what comes again and again once', () => {
    const rows = ['0:10', '0:20', '0:30'].map((when, index) => row(when, `run ${index + 1} waits`));
    expect(collapsed(rows)).toEqual([
      row('0:10', 'run 1 waits'),
      row('', '… the same 2 times more, until 0:30'),
    ]);
  });

  it('says when it is others that the same happens to', () => {
    const rows = [1, 2, 3].flatMap((host) => [
      row(`${host}:00`, `restarts h${host}-1`),
      row(`${host}:30`, `h${host}-1 runs`),
    ]);
    expect(collapsed(rows).at(-1)?.us).toBe('… the same with others 2 times more, until 3:30');
  });

  it('keeps what happens twice', () => {
    const rows = [row('0:10', 'a'), row('0:20', 'a')];
    expect(collapsed(rows)).toEqual(rows);
  });
});

describe('a difference', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', undefined],
    ['a\nb\nc', 'a\nx\nc', '@@ line 2 @@\n  a\n- b\n+ x'],
    ['a\nc', 'a\nb\nc', '@@ line 2 @@\n  a\n+ b'],
    ['a\nb', 'a', '@@ line 2 @@\n  a\n- b'],
  ])('of %j to %j', (there, expected, difference) => {
    expect(firstDifference(there, expected)).toBe(difference);
  });
});
