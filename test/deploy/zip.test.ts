import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { noticesOf } from '../../deploy/notices.ts';
import { fingerprint, zipOf } from '../../deploy/zip.ts';

const bytes = (text: string) => Buffer.from(text);
const FILES = new Map([
  ['index.js', bytes('exports.handler = 1;')],
  ['package.json', bytes('{}')],
]);

describe('a zip', () => {
  it('holds what was put in', () => {
    const files = unzipSync(zipOf(FILES));
    expect(Object.keys(files)).toEqual(['index.js', 'package.json']);
    expect(Buffer.from(files['index.js'] ?? []).toString()).toBe('exports.handler = 1;');
  });

  it('is the same bytes in whatever order the files come', () => {
    const turned = new Map([...FILES].reverse());
    expect(Buffer.from(zipOf(turned))).toEqual(Buffer.from(zipOf(FILES)));
  });

  it('is another one when a byte is', () => {
    const other = new Map([...FILES, ['index.js', bytes('exports.handler = 2;')]]);
    expect(fingerprint(zipOf(other))).not.toBe(fingerprint(zipOf(FILES)));
  });
});

describe('third-party notices', () => {
  const packages: Readonly<Record<string, string>> = {
    'node_modules/a/package.json': '{"name":"a","version":"1.0.0","license":"MIT"}',
    'node_modules/a/LICENSE': 'Copyright of a\r\n',
    'node_modules/@s/b/package.json': '{"name":"@s/b","version":"2.0.0","license":"Apache-2.0"}',
    'node_modules/a/node_modules/c/package.json': '{"name":"c","version":"3.0.0"}',
  };
  const read = async (path: string) => {
    const text = packages[path];
    if (text === undefined) throw new Error('none');
    return text;
  };

  it('have every package once, with its licence text or its name', async () => {
    const inputs = [
      ...['lib/time.ts', 'node_modules/a/x.js', 'node_modules/a/y.js'],
      ...['node_modules/@s/b/index.js', 'node_modules/a/node_modules/c/c.js'],
    ];
    const text = await noticesOf(inputs, read);
    expect(text.match(/^(a 1|@s\/b 2|c 3)\.0\.0$/gm)).toEqual(['@s/b 2.0.0', 'a 1.0.0', 'c 3.0.0']);
    expect(text).toContain('Copyright of a\n');
    expect(text).toContain('Licence: Apache-2.0 (the package brings no text of it)');
    expect(text).toContain('Licence: not said');
  });
});
