/** Where the ledger is, as the variable LEDGER_URL says it. The URL holds a password: no message repeats any of it. */
import { LedgerUrlInvalid } from './errors.ts';

export interface Node {
  readonly host: string;
  readonly port: number;
}

export interface Address {
  readonly isTls: boolean;
  /** One; some of a cluster's; or the sentinels that know the master. */
  readonly nodes: readonly Node[];
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly kind:
    | { readonly name: 'single' | 'cluster' }
    | { readonly name: 'sentinel'; readonly master: string };
}

const PORT = { redis: 6379, sentinel: 26_379 } as const;
const SHAPE = /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:(.*)@)?([^@/?#]*)(?:\/([^?#]*))?$/s;
const EXPECTED =
  'redis://[user:password@]host[:port][/db], redis+cluster://…host1,host2, or redis+sentinel://…host1,host2/master (rediss… for TLS)';

/** @throws LedgerUrlInvalid that names what was expected, and nothing of what was there */
export function readLedgerUrl(url: string): Address {
  const found = SHAPE.exec(url.trim());
  if (found === null) throw bad('something else');
  const [, scheme, name = 'single', user, hosts = '', path = ''] = found;
  const address = {
    isTls: scheme === 'rediss',
    nodes: nodesOf(hosts, name === 'sentinel' ? PORT.sentinel : PORT.redis),
    ...(user === undefined ? {} : userOf(user)),
  };
  if (name !== 'sentinel' && name !== 'cluster') {
    if (address.nodes.length > 1)
      throw bad('several hosts; for these say redis+cluster:// or redis+sentinel://');
    return { ...address, kind: { name: 'single' }, db: dbOf(path) };
  }
  if (name === 'cluster') {
    if (dbOf(path) !== 0) throw bad('a database other than 0; a cluster has no other');
    return { ...address, kind: { name: 'cluster' }, db: 0 };
  }
  const [master = '', db = '', ...more] = path.split('/');
  if (master === '' || more.length > 0) throw bad("no master's name after the hosts");
  return { ...address, kind: { name: 'sentinel', master: decoded(master) }, db: dbOf(db) };
}

function nodesOf(hosts: string, usual: number): readonly Node[] {
  return hosts.split(',').map((each) => {
    const [, bracketed, plain, port = String(usual)] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(each) ?? [];
    const host = bracketed ?? plain;
    if (host === undefined)
      throw bad('a host that is none (a password with "@" or "/" has to be percent-encoded)');
    if (Number(port) < 1 || Number(port) > 65_535) throw bad('a port that is none');
    return { host, port: Number(port) };
  });
}

function userOf(user: string): { readonly username?: string; readonly password: string } {
  const colon = user.indexOf(':');
  if (colon < 0) throw bad('a user without a password (a password alone is written :password@)');
  const username = decoded(user.slice(0, colon));
  return { ...(username === '' ? {} : { username }), password: decoded(user.slice(colon + 1)) };
}

function dbOf(text: string): number {
  if (!/^\d{0,3}$/.test(text)) throw bad('a database that is no number');
  return Number(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad('a "%" that begins no percent-encoded character (write %25)');
  }
}

const bad = (got: string) => new LedgerUrlInvalid(`LEDGER_URL: expected ${EXPECTED}, got ${got}`);

/** For messages: hosts and ports. */
export const whereIs = ({ nodes }: Address): string =>
  nodes.map(({ host, port }) => `${host}:${port}`).join(',');
