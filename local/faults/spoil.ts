/** Ways to spoil calls and answers that several faults share. */
import type { Answer, Intercept, Intercepted, Reply } from '../cloud/answer.ts';

/** Answers the first `times` calls of an operation in the cloud's stead and lets everything else pass. */
export function firstCalls(
  operation: string,
  times: number,
  answer: (call: Intercepted) => Reply,
): Intercept {
  let seen = 0;
  return async (call, proceed) => {
    if (call.operation !== operation || ++seen > times) return proceed();
    return answer(call);
  };
}

export const firstRestartCalls = (times: number, answer: (call: Intercepted) => Reply): Intercept =>
  firstCalls('RestartEncodeServer', times, answer);

/**
 * Makes something else of the first good answer to an operation. Only a call that was accepted counts, whatever
 * other faults make of the calls before it.
 */
export function firstAnswer(operation: string, change: (answer: Answer) => Reply): Intercept {
  let isSpoiled = false;
  return async (call, proceed) => {
    const reply = await proceed();
    const isGood = typeof reply !== 'string' && reply.status < 300;
    if (isSpoiled || call.operation !== operation || !isGood) return reply;
    isSpoiled = true;
    return change(reply);
  };
}

export const firstAcceptedRestart = (change: (answer: Answer) => Reply): Intercept =>
  firstAnswer('RestartEncodeServer', change);

export const isPublish = ({ operation }: Intercepted): boolean => operation === 'PublishMessage';

/** What an answer lists under a key. */
export function listIn(body: unknown, key: string): readonly unknown[] {
  const list = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined;
  return Array.isArray(list) ? list : [];
}
