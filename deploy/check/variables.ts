/** Variables of all functions: secrets that the functions can use, in the right place, and not more than there may be. */
import { readLedgerUrl } from '../../lib/ledger/redis/url.ts';
import { compose, encryptedOf, type Moment, type Wanted } from '../compose.ts';
import { NOTHING, type Problem, shown } from './problems.ts';
import type { Service, ServiceFunction } from './service.ts';

/** The platform's limits, plain and encrypted variables together. Source: API page "Creating a Function". */
export const MOST_VARIABLES = 20;
export const MOST_CHARACTERS = 4096;
/** The record that a deployment keeps for itself is a variable too: see record.ts. */
const RECORD_CHARACTERS = 400;
/** As the functions want it. */
const SHORTEST_SECRET = 16;
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const LEVELS = ['debug', 'info'];
/** Made by the deployment, whatever is written. */
const OURS = ['SETTINGS', 'DEPLOYMENT'];
/** Must not be readable by whoever may look at a function. */
const SECRET = ['LEDGER_URL', 'LEDGER_CA', 'API_SECRET'];

export function checkVariables(service: Service, moment: Moment): readonly Problem[] {
  return [
    ...service.functions.flatMap((one) => checkSecrets(service, one)),
    ...checkPlaces(service),
    ...checkLedgers(service),
    ...compose(service, moment).flatMap(checkSize),
  ];
}

function checkSecrets(service: Service, one: ServiceFunction): readonly Problem[] {
  const { LEDGER_URL: url, LEDGER_CA: authority, API_SECRET: secret } = encryptedOf(service, one);
  const isOwn = (name: string) => one.config.encryptedUserData?.[name] !== undefined;
  const at = (name: string, expected: string, got: string): Problem[] => {
    const place = isOwn(name) ? ['functions', one.key] : ['provider'];
    return [{ path: [...place, 'encryptedUserData', name], expected, got }];
  };
  const problems: Problem[] = [];
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    problems.push(...at('API_SECRET', `at least ${SHORTEST_SECRET} characters`, `${secret.length}`));
  }
  if (authority !== undefined && !authority.includes(CERTIFICATE)) {
    problems.push(
      ...at('LEDGER_CA', `a certificate in PEM, with ${CERTIFICATE}`, 'something else (not shown)'),
    );
  }
  if (url === undefined) return problems;
  try {
    readLedgerUrl(url);
  } catch (error) {
    const [, expected = 'the URL of a Redis', got = 'something else'] =
      /expected (.*), got (.*)$/s.exec((error as Error).message) ?? [];
    problems.push(...at('LEDGER_URL', expected, got));
  }
  return problems;
}

/** What stands among variables where it must not. */
function checkPlaces(service: Service): readonly Problem[] {
  const { provider, functions } = service;
  const owners = [
    { path: ['provider'], config: provider },
    ...functions.map(({ key, config }) => ({ path: ['functions', key], config })),
  ];
  return owners.flatMap(({ path, config }) => {
    const at = (
      where: 'userData' | 'encryptedUserData',
      names: readonly string[],
      expected: string,
    ): Problem[] =>
      names
        .filter((name) => config[where]?.[name] !== undefined)
        .map((name) => ({ path: [...path, where, name], expected, got: 'that name' }));
    const made = 'no such variable: the deployment makes it';
    const twice = Object.keys(config.userData ?? {}).filter(
      (name) => config.encryptedUserData?.[name] !== undefined,
    );
    const level = config.userData?.['LOG_LEVEL'];
    const expected = LEVELS.map(shown).join(' or ');
    return [
      ...(level === undefined || LEVELS.includes(level)
        ? []
        : [{ path: [...path, 'userData', 'LOG_LEVEL'], expected, got: shown(level) }]),
      ...at('userData', OURS, made),
      ...at('encryptedUserData', OURS, made),
      ...at('userData', SECRET, 'it among encryptedUserData, for it is a secret'),
      ...at(
        'userData',
        twice.filter((name) => !SECRET.includes(name)),
        'it here or among encryptedUserData, not twice',
      ),
    ];
  });
}

/** One ledger for all, or none: what one function remembers the others have to see. */
function checkLedgers(service: Service): readonly Problem[] {
  const urls = service.functions.map((one) => ({ one, url: encryptedOf(service, one)['LEDGER_URL'] }));
  const [first] = urls.flatMap(({ url }) => url ?? []);
  if (first === undefined) return [];
  return urls.flatMap(({ one, url }) =>
    url === first
      ? []
      : [
          {
            path: ['functions', one.key, 'encryptedUserData', 'LEDGER_URL'],
            expected: 'the same ledger as in all other functions',
            got: url === undefined ? NOTHING : 'another one (not shown)',
          },
        ],
  );
}

function checkSize({ key, config }: Wanted): readonly Problem[] {
  const all = { ...config.variables, ...config.encrypted };
  const count = Object.keys(all).length + 1;
  const characters = JSON.stringify(all).length + RECORD_CHARACTERS;
  const path = ['functions', key, 'userData'];
  return [
    ...(count <= MOST_VARIABLES
      ? []
      : [
          {
            path,
            expected: `at most ${MOST_VARIABLES} variables with ours (SETTINGS, DEPLOYMENT)`,
            got: `${count}`,
          },
        ]),
    ...(characters <= MOST_CHARACTERS
      ? []
      : [
          {
            path,
            expected: `at most ${MOST_CHARACTERS} characters in all variables, SETTINGS and ${RECORD_CHARACTERS} of our own among them`,
            got: `${characters}`,
          },
        ]),
  ];
}
