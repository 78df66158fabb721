/** `custom.settings`: each key by itself, as the functions will read it. */
import { parseSettings, type Settings } from '../../lib/settings.ts';
import { SettingsError } from '../../lib/settings-error.ts';
import { isMap, NOTHING, type Problem, shown } from './problems.ts';

const PATH = ['custom', 'settings'];
/** The deployment adds the real one. */
const SOME_REGION = 'cn-north-4';
/**
 * These can be left open. Any other key has to say something where it stands: `include` or `window` without a value
 * would restrict nothing, where somebody meant to restrict.
 */
const MAY_BE_OPEN: ReadonlySet<string> = new Set([
  'report_topic',
  'page_topic',
  'results_topic',
  'endpoints',
]);

export function checkSettings(given: unknown): readonly Problem[] {
  if (!isMap(given)) return [{ path: PATH, expected: 'the settings of the functions', got: shown(given) }];
  const read = readAsFunctions({ region: SOME_REGION, ...given });
  const problems = 'problems' in read ? read.problems : [];
  const open = Object.entries(given).flatMap(([key, value]): Problem[] => {
    if (value !== undefined || MAY_BE_OPEN.has(key) || problems.some(({ path }) => path[2] === key))
      return [];
    return [{ path: [...PATH, key], expected: 'a value, or no such key', got: NOTHING }];
  });
  return [...problems, ...open, ...checkHeard(given)];
}

function checkHeard({ report_topic: topic }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (topic !== undefined) return [];
  const expected = 'a topic for reports and the daily digest: nobody would hear of restarts';
  return [{ path: [...PATH, 'report_topic'], expected, got: NOTHING }];
}

/** What the functions would make of these settings, or say of them. */
export function readAsFunctions(
  given: Readonly<Record<string, unknown>>,
): { readonly value: Settings } | { readonly problems: readonly Problem[] } {
  try {
    return { value: parseSettings(given) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      problems: error.problems.map(({ key, expected, got }) => ({
        path: key === 'settings' ? PATH : [...PATH, ...key.split('.')],
        expected,
        got,
      })),
    };
  }
}
