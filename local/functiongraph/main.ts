/** `npm run cloud` as a function of its arguments: what it prints, and its exit code. */

import { realClock } from '../clock.ts';
import { deployerVariables } from './deployer.ts';
import { type LocalCloud, openLocalCloud } from './open.ts';
import { type Asked, readOptions, TOPICS, USAGE, UsageError } from './options.ts';

export interface Surroundings {
  /** A line that programs read. */
  readonly print: (line: string) => void;
  /** A line for people. */
  readonly says: (line: string) => void;
  /** Resolves when the cloud is to end. */
  readonly interrupted: Promise<unknown>;
}

/** 0: it was interrupted. 1: it could not be started. 2: the call itself makes no sense. */
export async function main(
  args: readonly string[],
  { print, says, interrupted }: Surroundings,
): Promise<0 | 1 | 2> {
  let asked: Asked | 'help';
  try {
    asked = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    says(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (asked === 'help') {
    print(USAGE.trimEnd());
    return 0;
  }
  let opened: LocalCloud;
  try {
    opened = await openLocalCloud({
      ...asked,
      alarmTopic: TOPICS.alarms,
      mailed: [TOPICS.reports, TOPICS.pages],
      clock: realClock,
      onLine: (name, line) => says(`${name}: ${line}`),
      says,
    });
  } catch (error) {
    says(`the local cloud could not be started: ${reason(error, asked)}`);
    return 1;
  }
  for (const [name, value] of Object.entries(deployerVariables(opened))) print(`export ${name}=${value}`);
  const { functionGraph } = opened;
  const count = functionGraph.deployment.all().length;
  const kept = asked.stateFile === undefined ? 'kept in memory alone' : `kept in ${asked.stateFile}`;
  says(`process ${process.pid}; APIG at ${functionGraph.gateway}; ${count} functions deployed, ${kept}`);
  says(
    `what happens outside: POST ${opened.cloud.url}/local/alarm?server_id=…; local/functiongraph/README.md has more`,
  );
  says('ready; the lines on standard output point `npx serverless deploy` here. Ctrl-C ends it.');
  await interrupted;
  await opened.close();
  says('ended');
  return 0;
}

function reason(error: unknown, { port, gatewayPort }: Asked): string {
  const { code, port: taken, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return message;
  const option = taken === gatewayPort && taken !== port ? '--apig-port' : '--port';
  return `port ${taken} is taken. End what listens there, or name another with ${option}.`;
}
