/** The signature algorithm as the documentation tells it, from the side of the gateway: it sees only what was sent. */
import { createHash, createHmac } from 'node:crypto';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const rfc3986 = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9_.~-]/.test(character)) return character;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** The Authorization header that this request must carry. */
export function expectedAuthorization(
  { method, url, headers, body = '' }: Sent,
  accessKey: string,
  secretKey: string,
): string {
  const [, path = '', query = ''] = /^https?:\/\/[^/]+([^?]*)\??(.*)$/.exec(url) ?? [];
  const canonicalPath = path
    .split('/')
    .map((segment) => rfc3986(decodeURIComponent(segment)))
    .join('/');
  const canonicalQuery = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [rfc3986(decodeURIComponent(name)), rfc3986(decodeURIComponent(value))] as const;
    })
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const present = new Map(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
      .filter(([name]) => name !== 'authorization'),
  );
  const names = [...present.keys()].sort((one, other) => (one < other ? -1 : 1));
  const canonical = [
    method,
    canonicalPath.endsWith('/') ? canonicalPath : `${canonicalPath}/`,
    canonicalQuery,
    ...names.map((name) => `${name}:${present.get(name)}`),
    '',
    names.join(';'),
    createHash('sha256').update(body, 'utf8').digest('hex'),
  ].join('\n');
  const hash = createHash('sha256').update(canonical, 'utf8').digest('hex');
  const toSign = `SDK-HMAC-SHA256\n${present.get('x-sdk-date')}\n${hash}`;
  const signature = createHmac('sha256', secretKey).update(toSign, 'utf8').digest('hex');
  return `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}
