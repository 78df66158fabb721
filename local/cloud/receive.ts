/** Reads what was sent. */
import type { IncomingMessage } from 'node:http';

const USUAL_BYTES = 1_024 * 1_024;

/** The whole body; `undefined` when it is longer than `most` bytes. */
export async function bodyOf(
  request: IncomingMessage,
  most: number = USUAL_BYTES,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
  }
  return bytes > most ? undefined : Buffer.concat(chunks);
}

export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
