/** Faults of the answer to a restart call that was accepted: it arrives, but not as documented. */
import type { Fault } from './fault.ts';
import { outcomes, promised, restartCalls, restarts } from './promises.ts';
import { firstAcceptedRestart, listIn } from './spoil.ts';

const holds = promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1));
const notRepeated = 'the call is not repeated; the servers are seen to restart and to come back';

export const cutAnswer: Fault = {
  name: 'cut-answer',
  does: 'the connection breaks in the middle of the body of the first restart answer',
  promise: notRepeated,
  create: () => ({ intercept: firstAcceptedRestart((answer) => ({ ...answer, arrives: 'in half' })) }),
  holds,
};

export const htmlAnswer: Fault = {
  name: 'html-answer',
  does: 'the first restart call is accepted, and a page of HTML comes back with 200',
  promise: notRepeated,
  create: () => ({
    intercept: firstAcceptedRestart((answer) => ({
      ...answer,
      text: '<!DOCTYPE html><html><head><title>Please wait</title></head><body>…</body></html>',
      headers: { 'content-type': 'text/html' },
    })),
  }),
  holds,
};

export const halfJson: Fault = {
  name: 'half-json',
  does: 'the answer to the first restart call is JSON that stops half way, in an answer that is whole',
  promise: notRepeated,
  create: () => ({
    intercept: firstAcceptedRestart((answer) => {
      const text = JSON.stringify(answer.body);
      return { ...answer, text: text.slice(0, text.length / 2) };
    }),
  }),
  holds,
};

export const duplicateKeys: Fault = {
  name: 'duplicate-keys',
  does: 'the answer to the first restart call has the key jobs twice, the second time with an empty list',
  promise: 'a server without an item in the answer is looked at and not restarted again',
  create: () => ({
    intercept: firstAcceptedRestart((answer) => ({
      ...answer,
      text: `${JSON.stringify(answer.body).slice(0, -1)},"jobs":[]}`,
    })),
  }),
  holds,
};

export const duplicateIds: Fault = {
  name: 'duplicate-ids',
  does: 'the answer to the first restart call lists every server twice, with a refusal and with a job',
  promise: 'the job is believed: what may have been accepted is followed and not restarted again',
  create: () => ({
    intercept: firstAcceptedRestart((answer) => {
      const jobs = listIn(answer.body, 'jobs') as readonly { readonly encode_server_id: string }[];
      const refusals = jobs.map(({ encode_server_id }) => ({
        encode_server_id,
        error_code: 'CPS.0158',
        error_msg: 'The server is not available for being restarted.',
      }));
      return { ...answer, body: { ...(answer.body as object), jobs: [...refusals, ...jobs, ...refusals] } };
    }),
  }),
  holds,
};

export const missingId: Fault = {
  name: 'missing-id',
  does: 'the answer to the first restart call says nothing of its first server',
  promise: 'that server is looked at and not restarted again',
  create: () => ({
    intercept: firstAcceptedRestart((answer) => ({
      ...answer,
      body: { ...(answer.body as object), jobs: listIn(answer.body, 'jobs').slice(1) },
    })),
  }),
  holds,
};
