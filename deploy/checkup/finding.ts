/** What the checkup finds: one row of its table. */
import * as z from 'zod/mini';
import { HuaweiError } from '../../lib/huawei/errors.ts';

/** As patrol sends them too. */
export const finding = z.object({
  check: z.string(),
  /** `unknown`: nobody can tell, or the checkup may not look. */
  state: z.enum(['well', 'ill', 'unknown']),
  said: z.string(),
  /** What to do about it. */
  todo: z.optional(z.string()),
});
export type Finding = z.infer<typeof finding>;

/** What patrol answers when it is asked how it is; an older one also when it is asked for a test alarm. */
export const examined = z.object({ time: z.string(), findings: z.array(finding) });

/** What a function says that failed; of any other answer its beginning. */
export function messageIn(result: string): string {
  const [, message = result.slice(0, 300)] = /"errorMessage":"((?:[^"\\]|\\.)*)"/.exec(result) ?? [];
  return message;
}

export const DEPLOY = 'Run "serverless deploy".';

/** What a call that failed says of a check: that it could not be looked at from here is no illness. */
export function failed(check: string, error: unknown, action: string): Finding {
  if (!(error instanceof HuaweiError)) throw error;
  const todo =
    error.kind === 'not_authorised'
      ? `Allow whoever runs the checkup ${action}, and run it again.`
      : 'See to the way there from here, and run it again.';
  return { check, state: 'unknown', said: `it could not be asked: ${error.message}`, todo };
}
