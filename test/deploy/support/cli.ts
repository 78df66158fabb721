/** The framework's command line with the plugin, against a local cloud on loopback. */
import { execFile } from 'node:child_process';
import { fastClock } from '../../../local/clock.ts';
import { subscribe } from '../../../local/model/index.ts';
import {
  type Deployed,
  type DeployedOptions,
  openCloudFor,
  PERSON,
} from '../../local/functiongraph/support/cloud.ts';
import { ENVIRONMENT, topic } from './yml.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In real time, since the command line signs by this machine's clock. */
export async function openCloud(
  options: Pick<DeployedOptions, 'stateFile' | 'faults'> = {},
): Promise<Deployed> {
  const opened = await openCloudFor({
    clock: fastClock(1),
    topics: ['encode-alarms', 'encode-reports', 'encode-pages', 'other-alarms'].map(topic),
    ...options,
  });
  for (const name of ['encode-reports', 'encode-pages']) subscribe(opened.model, topic(name), MAILBOX);
  return opened;
}

const MAILBOX = {
  name: 'mail',
  protocol: 'email',
  endpoint: 'on-call@example.com',
  deliver: () => undefined,
};

/** What `npm run cloud` says to export, and what is an operator's own. */
export const environmentOf = ({ cloud }: Pick<Deployed, 'cloud'>): Readonly<Record<string, string>> => ({
  ...ENVIRONMENT,
  HUAWEICLOUD_SDK_AK: PERSON.ak,
  HUAWEICLOUD_SDK_SK: PERSON.sk,
  HUAWEICLOUD_CPH_ENDPOINT: cloud.url,
  HUAWEICLOUD_SMN_ENDPOINT: cloud.url,
  HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT: cloud.url,
});

/** Of this process nothing is handed on but where programs are. */
export function serverless(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  return new Promise((resolve) => {
    const command = ['node_modules/serverless/bin/serverless.js', ...args];
    const child = execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      }),
    );
    child.stdin?.end(input);
  });
}
