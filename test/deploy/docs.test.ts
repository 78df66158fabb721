import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const GUIDE = readFileSync('docs/deploy.md', 'utf8');
const YML = readFileSync('serverless.yml', 'utf8');
const numbers = (line: string): readonly number[] =>
  line
    .split('|')
    .slice(2, 6)
    .map((cell) => Number(cell.replaceAll(',', '').trim()));

describe('docs/deploy.md', () => {
  it('names every variable that serverless.yml reads', () => {
    const read = new Set([...YML.matchAll(/env:(\w+)/g)].map(([, name = '']) => name));
    read.delete('NAME');
    expect(read.size).toBeGreaterThan(12);
    for (const name of read) expect(GUIDE).toContain(name);
  });

  it('names no variable that nobody reads', () => {
    const named = new Set(
      [...GUIDE.matchAll(/\b(?:HUAWEICLOUD|ENCODE_RESTART|LEDGER|API)_[A-Z_]+\b/g)].map(([name]) => name),
    );
    const credentials = readFileSync('deploy/credentials.ts', 'utf8');
    for (const name of named) expect(YML + credentials).toContain(name);
  });

  it('adds up what a month costs', () => {
    const lines = GUIDE.slice(GUIDE.indexOf('| patrol, nothing to do')).split('\n');
    const last = lines.findIndex((line) => line.startsWith('| together'));
    const rows = lines.slice(0, last).map(numbers);
    const sums = [0, 1, 2, 3].map((at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
    expect(rows.length).toBe(4);
    expect(numbers(lines[last] ?? '')).toEqual(sums);
  });
});

describe.each(['docs/deploy.md', 'deploy/README.md', 'deploy/policies/README.md'])('%s', (file) => {
  it('leads only to files that there are', () => {
    const text = readFileSync(file, 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)].map(([, path = '']) => path);
    const paths = [...text.matchAll(/`((?:deploy|test|local|scripts|events)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    for (const link of links) expect(existsSync(join(dirname(file), link)), link).toBe(true);
    // What is built is there after `npm ci` alone.
    for (const path of paths) expect(existsSync(path) || path.includes('/dist/'), path).toBe(true);
  });
});
