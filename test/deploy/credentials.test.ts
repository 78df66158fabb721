import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCredentials } from '../../deploy/credentials.ts';
import { Failure } from '../../deploy/failure.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-restart-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function ini(text: string): string {
  writeFileSync(join(FOLDER, 'credentials'), text);
  return 'credentials';
}

const KEY = { HUAWEICLOUD_SDK_AK: 'AKENV', HUAWEICLOUD_SDK_SK: 'sk-env' };

describe('credentials', () => {
  it('come from the environment first, with a token if there is one', async () => {
    const file = ini('access_key_id = AKFILE\nsecret_access_key = sk-file\n');
    expect(await readCredentials(KEY, file, FOLDER)).toEqual({ accessKey: 'AKENV', secretKey: 'sk-env' });
    const temporary = { ...KEY, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'token' };
    expect(await readCredentials(temporary, undefined, FOLDER)).toMatchObject({ securityToken: 'token' });
  });

  it.each([
    'access_key_id = AKFILE\nsecret_access_key = sk-file\n',
    '[default]\r\naccess_key_id=AKFILE\r\nsecret_access_key=sk-file\r\n',
    '# of the team\n  secret_access_key = sk-file  \n\naccess_key_id = AKFILE',
  ])('come from an ini file like %j', async (text) => {
    expect(await readCredentials({}, ini(text), FOLDER)).toEqual({
      accessKey: 'AKFILE',
      secretKey: 'sk-file',
    });
  });

  it('keep a secret with "=" in it whole', async () => {
    const file = ini('access_key_id = AKFILE\nsecret_access_key = sk=file==\n');
    expect(await readCredentials({}, file, FOLDER)).toMatchObject({ secretKey: 'sk=file==' });
  });

  it.each<[string, Readonly<Record<string, string>>, string | undefined, string]>([
    ['none at all', {}, undefined, 'Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK'],
    ['half of them', { HUAWEICLOUD_SDK_SK: 'sk-env' }, undefined, 'HUAWEICLOUD_SDK_AK: expected a value'],
    ['no file', {}, 'nowhere', 'provider.credentials: expected an ini file that can be read'],
    [
      'a file with half of them',
      {},
      'half',
      'expected lines "access_key_id = …" and "secret_access_key = …"',
    ],
  ])('with %s are refused, and nothing of a key is shown', async (_, environment, file, line) => {
    writeFileSync(join(FOLDER, 'half'), 'secret_access_key = sk-file\n');
    const failure: unknown = await readCredentials(environment, file, FOLDER).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toContain(line);
    expect((failure as Failure).message).not.toMatch(/sk-env|sk-file/);
  });
});
