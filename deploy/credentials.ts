/** With which key FunctionGraph is called: from the environment, or from the public plugin's ini file. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Credentials } from '../lib/huawei/sign.ts';
import { Failure } from './failure.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLES = {
  accessKey: 'HUAWEICLOUD_SDK_AK',
  secretKey: 'HUAWEICLOUD_SDK_SK',
  securityToken: 'HUAWEICLOUD_SDK_SECURITY_TOKEN',
} as const;
const INI_KEYS = {
  accessKey: 'access_key_id',
  secretKey: 'secret_access_key',
  securityToken: 'security_token',
} as const;

/**
 * @param file path of an ini file, relative to `folder` or to the home folder (`~/…`); asked only without variables
 * @throws Failure that says what is missing; nothing of a key is in it
 */
export async function readCredentials(
  environment: Environment,
  file: string | undefined,
  folder: string,
): Promise<Credentials> {
  const fromEnvironment = pick((part) => environment[VARIABLES[part]]);
  if (fromEnvironment !== undefined) return fromEnvironment;
  const half = [VARIABLES.accessKey, VARIABLES.secretKey].find((name) => environment[name]);
  if (half !== undefined) {
    const other = half === VARIABLES.accessKey ? VARIABLES.secretKey : VARIABLES.accessKey;
    throw new Failure('NO_CREDENTIALS', `${other}: expected a value beside ${half}, got nothing. Set both.`);
  }
  if (file === undefined) {
    throw new Failure(
      'NO_CREDENTIALS',
      `Expected credentials, got none. Set ${VARIABLES.accessKey} and ${VARIABLES.secretKey} (and ${VARIABLES.securityToken} if they are temporary), or name an ini file as provider.credentials.`,
    );
  }
  return fromFile(file, folder);
}

async function fromFile(file: string, folder: string): Promise<Credentials> {
  const path = resolve(folder, file.replace(/^~(?=\/)/, homedir()));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'NO_CREDENTIALS',
      `provider.credentials: expected an ini file that can be read at ${path}, got ${error.code}.`,
    );
  });
  const values = iniValues(text);
  const found = pick((part) => values.get(INI_KEYS[part]));
  if (found !== undefined) return found;
  throw new Failure(
    'NO_CREDENTIALS',
    `${path}: expected lines "${INI_KEYS.accessKey} = …" and "${INI_KEYS.secretKey} = …", got ${values.size} other or empty keys.`,
  );
}

function pick(of: (part: keyof Credentials) => string | undefined): Credentials | undefined {
  const accessKey = of('accessKey')?.trim();
  const secretKey = of('secretKey')?.trim();
  const securityToken = of('securityToken')?.trim();
  if (!accessKey || !secretKey) return undefined;
  return { accessKey, secretKey, ...(securityToken ? { securityToken } : {}) };
}

/** Sections are not told apart: the public plugin's file has one. The first of a key counts. */
function iniValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, value);
  }
  return values;
}
