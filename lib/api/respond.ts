/** Responses: JSON that a person can read after curl, never cached, never taken for something else. */
import type { HttpResponse } from '../../events/apig.ts';

type Headers = Readonly<Record<string, string>>;

export const json = (status: number, value: object, headers: Headers = {}): HttpResponse => ({
  status,
  headers: { ...headersOf('application/json'), ...headers },
  body: textOf(value),
});

/** Problem details, RFC 9457. */
export const problemJson = (status: number, value: object, headers: Headers = {}): HttpResponse => ({
  status,
  headers: { ...headersOf('application/problem+json'), ...headers },
  body: textOf(value),
});

/** There was nothing to do. */
export const noContent = (): HttpResponse => ({
  status: 204,
  headers: headersOf('application/json'),
  body: '',
});

const headersOf = (contentType: string): Headers => ({
  'Content-Type': contentType,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
});

const textOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
