/** Our commands without the framework around them, over real HTTP against a local cloud. */
import { readFileSync } from 'node:fs';
import { readService } from '../../../deploy/check/read.ts';
import type { Service } from '../../../deploy/check/service.ts';
import type { Management } from '../../../deploy/cloud/management.ts';
import type { Topics } from '../../../deploy/cloud/topics.ts';
import { type Deploying, deploy } from '../../../deploy/commands/deploy.ts';
import type { Io } from '../../../deploy/commands/io.ts';
import { withManagement } from '../../../deploy/connect.ts';
import { Failure } from '../../../deploy/failure.ts';
import { filledIn, givenOf } from './yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');

export interface Heard {
  /** Standard output. */
  readonly printed: string;
  /** Standard error. */
  readonly said: readonly string[];
  /** How it failed, if it did. */
  readonly failed?: Failure;
}

export type Environment = Readonly<Record<string, string>>;
export type Edit = readonly [string | RegExp, string];
type Work = (service: Service, management: Management, io: Io, topics: Topics) => Promise<void>;

/** @param onSay sees each line as it is said, and may do something about it first */
export async function run(
  work: Work,
  environment: Environment,
  edits: readonly Edit[] = [],
  { answer, onSay }: { readonly answer?: string; readonly onSay?: (line: string) => void } = {},
): Promise<Heard> {
  const text = edits.reduce((before, edit) => before.replace(...edit), TEXT);
  const printed: string[] = [];
  const said: string[] = [];
  const io: Io = {
    print: (line) => printed.push(line),
    say: (line) => {
      said.push(line);
      onSay?.(line);
    },
    ask: async (question) => {
      said.push(question);
      return answer;
    },
  };
  const heard = () => ({ printed: printed.join('\n'), said });
  try {
    const service = readService(givenOf(filledIn(text, environment)), text);
    await withManagement(service, { environment, folder: process.cwd() }, (management, topics) =>
      work(service, management, io, topics),
    );
    return heard();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...heard(), failed: error };
  }
}

export const deploying =
  (zips: string, how: Partial<Deploying> = {}): Work =>
  (service, management, io) =>
    deploy(service, management, zips, io, { mode: 'apply', takenOut: 'stays', ...how });
