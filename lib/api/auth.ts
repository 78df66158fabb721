/** Who may call: whom APIG has checked, or who knows `API_SECRET`. Neither is set: nobody. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../../events/apig.ts';
import type { Api } from './api.ts';
import { Refusal } from './problem.ts';

const SHORTEST_SECRET = 16;

/** @throws Refusal */
export function authorise(
  { headers }: HttpRequest,
  { settings, secret }: Pick<Api, 'settings' | 'secret'>,
): void {
  if (settings.webhookAuth !== undefined) return;
  if (secret === undefined || secret === '') {
    throw new Refusal('not-configured', 'refuses: neither webhook_auth nor API_SECRET is set');
  }
  if (secret.length < SHORTEST_SECRET) {
    throw new Refusal('not-configured', `API_SECRET: expected at least ${SHORTEST_SECRET} characters`);
  }
  const given = headers.get('authorization') ?? [];
  const [, token = ''] = /^bearer +(.*)$/i.exec(given[0] ?? '') ?? [];
  if (given.length === 1 && isSame(token, secret)) return;
  throw new Refusal('unauthorized', 'header authorization: expected "Bearer " and the API_SECRET', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** Digests are of one length, so that the comparison takes as long for every guess. */
const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
