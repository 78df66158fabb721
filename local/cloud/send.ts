/** Puts a reply on the wire, or what is left of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EpochMs } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Answer, Reply } from './answer.ts';

export function send(
  reply: Reply,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Pick<LocalClock, 'now' | 'hang'>,
): void {
  const { socket } = request;
  if (reply === 'reset') {
    socket.resetAndDestroy();
  } else if (reply === 'hang') {
    const release = clock.hang();
    if (socket.destroyed) release();
    else socket.once('close', release);
  } else {
    respond(reply, response, clock.now());
  }
}

export function respond(answer: Answer, response: ServerResponse, now: EpochMs): void {
  if (answer.status === 204) {
    response.writeHead(204, { date: new Date(now).toUTCString(), ...answer.headers }).end();
    return;
  }
  const bytes = Buffer.from(answer.text ?? JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    date: new Date(now).toUTCString(),
    ...answer.headers,
  });
  if (answer.arrives === 'in half') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  } else {
    response.end(bytes);
  }
}
