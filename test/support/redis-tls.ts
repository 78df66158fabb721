/** A redis-server that speaks TLS, with a certificate made for the test, and a sentinel that knows where it is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RedisServer, startRedis } from './redis.ts';

export interface Certificate {
  /** As PEM; it is its own authority. */
  readonly pem: string;
  /** What tells a redis-server to use it. */
  readonly options: readonly string[];
  forget(): void;
}

/** For 127.0.0.1 alone. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'encode-restart-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const named = ['-subj', '/CN=redis.test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', [...asked, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return {
    pem: readFileSync(certificate, 'utf8'),
    options: [
      ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
      ...['--tls-auth-clients', 'no'],
    ],
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface TlsServer extends RedisServer {
  readonly tlsPort: number;
}

export async function startTlsRedis({ options }: Certificate): Promise<TlsServer> {
  const tlsPort = await freePort();
  const server = await startRedis([
    ...['--save', '', '--appendonly', 'no', '--tls-port', String(tlsPort)],
    ...options,
  ]);
  return { ...server, tlsPort };
}

/** Watches one master at `masterPort` by this name. With a certificate it speaks TLS too, and to the master only TLS. */
export async function startSentinel(
  name: string,
  masterPort: number,
  certificate?: Certificate,
): Promise<TlsServer> {
  const tlsPort = await freePort();
  const tls =
    certificate === undefined
      ? []
      : ['--tls-port', String(tlsPort), '--tls-replication', 'yes', ...certificate.options];
  const server = await startRedis(
    [...tls, '--sentinel'],
    [`sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`],
  );
  return { ...server, tlsPort };
}
