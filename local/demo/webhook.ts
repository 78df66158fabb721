/** People call: restarts with a name and a reason, a pause, a call that the pause holds. */
import { styleText } from 'node:util';
import { minutes, seconds } from '../../lib/time.ts';
import { standardFleet, standardServerId } from '../fleet.ts';
import { hang } from '../model/index.ts';
import { namesOf } from '../story.ts';
import { allMendableRun, counted, noneTwice, restartsOf } from './checks.ts';
import { laidOut, type Write } from './print.ts';
import type { Demo } from './show.ts';
import type { HttpAnswer, Stage } from './stage.ts';

/** Invented; a real one is an encrypted variable of the function. */
const SECRET = 'only-for-the-local-demo';
const HANGING = [standardServerId(1, 2), standardServerId(3, 4)];
const WELL = standardServerId(2, 1);
const POLL = seconds(15);
/** Patrol carries on what one invocation has no time for. */
const LASTS = minutes(4);
/** More than a run of this demo can need. */
const MOST_POLLS = 60;

export const webhook: Demo = {
  title: 'people call: restarts, a pause, and a call that the pause holds',
  begins: '2026-03-01T18:30:00Z',
  // On a busy machine twenty times real time outruns the calls, and the pause comes before the restart.
  time: 'virtual',
  fleet: standardFleet({ abnormal: 0 }),
  intro: ['Every call shows the API_SECRET; what it asks for is written down before it is answered.'],
  secrets: { API_SECRET: SECRET },
  async play(stage, says, write) {
    const { clock, model } = stage;
    for (const id of HANGING) hang(model, id, clock.now());
    says('fleet', `${namesOf(HANGING, model)} hang`, 'bad');
    stage.patrolFor(LASTS);
    const call = caller(stage, write);
    await followed(call, stage, write, {
      encode_server_ids: HANGING,
      who: 'li.wei',
      reason: 'black screens',
    });
    await call('PUT', '/pause', { who: 'chen.yu', why: 'release 7.2', for: '2h' });
    await followed(call, stage, write, { encode_server_ids: [WELL], who: 'li.wei', reason: 'stutters' });
    await call('DELETE', '/pause');
  },
  checks: (end) => {
    const runs = [...end.ledger.runs.values()];
    const held = runs.flatMap(({ targets }) => targets).filter(({ progress }) => progress.state === 'held');
    return [
      counted(end.model.restarts.length, HANGING.length, 'restarts for the 2 servers that hung'),
      noneTwice(end),
      allMendableRun(end),
      [restartsOf(end, WELL).length === 0, 'nothing was restarted while it was paused'],
      counted(held.length, 1, 'server held, and the caller can read why'),
      [end.ledger.pause === undefined, 'the pause was taken back'],
      counted(end.reports.length, 2, 'reports arrived'),
    ];
  },
};

type Caller = (method: string, path: string, body?: object) => Promise<HttpAnswer>;

/** Shows a call as curl would send it, and what it is answered with. */
function caller({ http }: Stage, write: Write): Caller {
  return async (method, path, body) => {
    const verb = method === 'GET' ? '' : ` -X ${method}`;
    write('');
    write(styleText('bold', `$ curl -H "Authorization: Bearer $API_SECRET"${verb} $API${path}`));
    if (body !== undefined) write(styleText('bold', `    --json '${JSON.stringify(body)}'`));
    const answer = await http(method, path, body, { authorization: `Bearer ${SECRET}` });
    write(styleText(answer.status < 300 ? 'green' : 'red', String(answer.status)));
    if (answer.body !== undefined) write(laidOut(answer.body));
    write('');
    return answer;
  };
}

/** Asks for restarts, and for their run until it has ended; only the last answer is shown in full. */
async function followed(call: Caller, { clock, http }: Stage, write: Write, asked: object): Promise<void> {
  const { run_id: runId } = (await call('POST', '/restarts', asked)).body as { readonly run_id?: string };
  const path = `/restarts/${runId}`;
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    await clock.sleep(POLL);
    const { body } = await http('GET', path, undefined, { authorization: `Bearer ${SECRET}` });
    const { state, finished } = body as { readonly state?: string; readonly finished?: boolean };
    if (finished === true) break;
    write(styleText('dim', `$ curl $API${path}  →  ${state}`));
  }
  await call('GET', path);
}
