import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUARDS } from '../../lib/guards/index.ts';
import { parseSettings, type Settings } from '../../lib/settings.ts';
import { SettingsError } from '../../lib/settings-error.ts';
import { OVERRIDABLE, WAITING_GUARDS } from '../../lib/types.ts';

const LEAST = { region: 'cn-north-4', mode: 'observe' };
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** What the schema itself says its keys are, when it meets one that it does not know. */
function keysOfSchema(): readonly string[] {
  try {
    parseSettings({ ...LEAST, stranger: 1 });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [, keys = ''] = /expected one of (.+), got/.exec(error.message) ?? [];
    return keys.split(', ');
  }
  throw new Error('expected a key that means nothing to be refused');
}

/** The rows of the table that begins with `head`, cell by cell. */
function tableOf(text: string, head: string): readonly (readonly string[])[] {
  const lines = text.slice(text.indexOf(`\n${head}`) + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');
/** A number or a text, as an operator would write it. */
const asWritten = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);
const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function withoutHash(given: object): Omit<Settings, 'hash'> {
  const { hash: _, ...settings } = parseSettings(given);
  return settings;
}

/** Nothing is there by default: no value, or an empty list or map. */
const isNone = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

describe.each([
  ['README.md', { settings: '| key | default | meaning |', guards: '| guard |', none: 'none', yes: 'yes' }],
  ['README.zh-CN.md', { settings: '| 键 | 默认值 | 含义 |', guards: '| 守卫 |', none: '无', yes: '是' }],
])('%s', (file, words) => {
  const text = readFileSync(file, 'utf8');
  const settings = tableOf(text, words.settings);
  const guards = tableOf(text, words.guards);

  it('names exactly the settings that there are, in their order', () => {
    expect(settings.map(([key]) => bare(key))).toEqual(keysOfSchema());
  });

  it.each(settings)('says the default of %s: %s', (keyCell, defaultCell = '') => {
    const key = bare(keyCell);
    const base = withoutHash(LEAST);
    if (defaultCell === '–') {
      const { [key]: _, ...rest } = LEAST as Record<string, unknown>;
      expect(() => parseSettings(rest)).toThrow(`${key}: expected`);
    } else if (defaultCell === words.none) {
      expect(base[camel(key) as keyof typeof base]).toSatisfy(isNone);
    } else {
      expect(base[camel(key) as keyof typeof base]).not.toSatisfy(isNone);
      expect(withoutHash({ ...LEAST, [key]: asWritten(bare(defaultCell)) })).toEqual(base);
    }
  });

  it('names exactly the guards that there are, in their order', () => {
    expect(guards.map(([name]) => name)).toEqual(GUARDS.map(({ name }) => name));
  });

  it('says which guards a person may override', () => {
    const overridable = guards.filter((cells) => cells.at(-1) === words.yes);
    expect(new Set(overridable.map(([name]) => name))).toEqual(new Set(OVERRIDABLE));
  });

  it('says which guards make a server wait', () => {
    const waiting = guards.filter((cells) => cells[3] === 'waits' || cells[3] === '等待');
    expect(waiting.map(([name]) => name)).toEqual([...WAITING_GUARDS]);
  });

  it('says the same defaults beside the guards', () => {
    const defaults = new Map(settings.map(([key, standard]) => [bare(key), bare(standard)]));
    const beside = guards.flatMap((cells) => [...(cells[4] ?? '').matchAll(/`(\w+)` (\d+[%a-z]*)/g)]);
    expect(beside.length).toBeGreaterThan(6);
    for (const [, key = '', standard] of beside) expect([key, standard]).toEqual([key, defaults.get(key)]);
  });
});

describe.each(['README.md', 'README.zh-CN.md', 'docs/develop.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('names only scripts that there are', () => {
    const called = [...text.matchAll(/npm (?:run (?:-s )?)?([a-z][\w:-]*)/g)].map(([, name]) => name);
    const named = called.filter((name) => name !== 'ci');
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it('leads only to files and sections that there are', () => {
    const folder = file.includes('/') ? `${file.slice(0, file.lastIndexOf('/'))}/` : '';
    for (const [, path = '', section = ''] of text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)) {
      const target = path === '' ? text : readFileSync(`${folder}${path}`, 'utf8');
      if (section !== '') expect(sectionsOf(target)).toContain(section);
    }
  });
});

/** As GitHub makes anchors of headings. */
const sectionsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
