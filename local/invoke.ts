/** `npm run -s invoke`: one function, the given events, a local cloud; what came of it as JSON. */
import { readPlan, USAGE, UsageError } from './plan.ts';
import { play } from './play.ts';

try {
  const played = await play(readPlan(process.argv.slice(2)), (line) => process.stderr.write(`${line}\n`));
  const { answers, runs, ignored, reports, calls, failed } = played;
  const result = {
    ...(answers === undefined ? {} : { answers }),
    runs,
    ignored,
    reports,
    calls,
    ...(failed === undefined ? {} : { failed }),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = failed === undefined ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
// A handler that was killed has a timer in real time that would keep the process alive.
process.stdout.write('', () => process.exit());
