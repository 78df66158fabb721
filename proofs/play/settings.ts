/** The settings of an invocation, read once. */
import { parseSettings, type Settings } from '../../lib/settings.ts';

/** Reading settings costs more than a whole invocation here, and most histories share theirs. */
const known = new Map<string, Settings>();

export function settingsOf(given: Readonly<Record<string, unknown>>): Settings {
  const key = JSON.stringify(given);
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size > 2_000) known.clear();
  const settings = parseSettings(given);
  known.set(key, settings);
  return settings;
}
