import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Policy {
  readonly Version: string;
  readonly Statement: readonly { readonly Effect: string; readonly Action: readonly string[] }[];
}

const FOLDER = 'deploy/policies';
const README = readFileSync(`${FOLDER}/README.md`, 'utf8');
const policyOf = (name: string) => JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Policy;
const actionsOf = (name: string) => policyOf(name).Statement.flatMap(({ Action }) => Action);

/** The platform's names of all operations that are called below a folder. */
function operationsIn(folder: string): ReadonlySet<string> {
  const texts = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  const named = texts.flatMap((text) => [
    ...text.matchAll(/operation(?:: | = )'(\w+)'/g),
    ...text.matchAll(/\b(?:read|change)\('(\w+)'/g),
  ]);
  return new Set(named.map(([, name = '']) => name));
}

/** The rows of the README: which actions a call needs. */
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map(
  README.split('\n').flatMap((line): [string, readonly string[]][] => {
    const [, calls = '', actions = '', source] = line.split('|').map((cell) => cell.trim());
    if (source === undefined || !/^[A-Z]\w+(, [A-Z]\w+)*$/.test(calls)) return [];
    const names = [...actions.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const [prefix = ''] = names;
    const full = prefix.endsWith(':') ? names.slice(1).map((name) => `${prefix}${name}`) : names;
    const all = calls.split(', ');
    return all.map((call, at) => [call, prefix.endsWith(':') ? [full[at] ?? 'missing'] : full]);
  }),
);

const neededFor = (operations: Iterable<string>): ReadonlySet<string> =>
  new Set([...operations].flatMap((operation) => NEEDED.get(operation) ?? [`nothing for ${operation}`]));

describe('the policies', () => {
  it.each(['code', 'functiongraph', 'deployer'])(
    '%s allows single actions, and no whole services',
    (name) => {
      const { Version, Statement } = policyOf(name);
      expect(Version).toBe('1.1');
      for (const { Effect, Action } of Statement) {
        expect(Effect).toBe('Allow');
        for (const action of Action) expect(action).toMatch(/^[a-z]+:\w+:\w+$/);
      }
    },
  );

  it('code allows exactly what the functions call', () => {
    const operations = operationsIn('lib/huawei');
    expect(operations.size).toBeGreaterThan(8);
    expect(new Set(actionsOf('code'))).toEqual(neededFor(operations));
  });

  it('deployer allows exactly what the plugin calls, beside what triggers need of other services', () => {
    // A test alarm is published by what the functions publish with.
    const operations = new Set([...operationsIn('deploy/cloud'), 'PublishMessage']);
    expect(operations.size).toBeGreaterThan(12);
    const forTriggers = (action: string) => action.startsWith('apig:') || action === 'smn:topic:update';
    const own = actionsOf('deployer').filter((action) => !forTriggers(action));
    expect(new Set(own)).toEqual(neededFor(operations));
  });

  it('functiongraph may publish, because failures go to a topic', () => {
    expect(actionsOf('functiongraph')).toContain('smn:topic:publish');
  });
});
