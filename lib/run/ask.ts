/** Asks CPH for what can be done without: an answer, or nothing and a line in the log. */
import { HuaweiError } from '../huawei/errors.ts';
import type { Log, PlatformError } from '../types.ts';

export interface Ask {
  <Answer>(what: string, question: Promise<Answer>): Promise<Answer | undefined>;
  /** The first refusal of credentials, permission or account that was met. */
  denied(): PlatformError | undefined;
}

export function asking({ log }: { readonly log: Log }): Ask {
  let denied: PlatformError | undefined;
  async function ask<Answer>(what: string, question: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question;
    } catch (error) {
      if (!(error instanceof HuaweiError)) throw error;
      if (error.kind === 'not_authorised') denied ??= { code: error.code, message: error.said };
      log.warn('could not look', { what, code: error.code, kind: error.kind });
      return undefined;
    }
  }
  return Object.assign(ask, { denied: () => denied });
}
