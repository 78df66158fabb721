/** Third-party notices: the name, version and licence text of every package that a bundle holds. */

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Names under which packages keep their licence. */
const LICENCE_FILES = [
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'LICENCE',
  'license',
  'LICENSE-MIT',
  'License',
];
const RULE = '-'.repeat(78);

/**
 * @param inputs paths of all modules of a bundle
 * @param read a text file by its path; rejects where there is none
 * @returns one text, packages in the order of their folders
 */
export async function noticesOf(
  inputs: readonly string[],
  read: (path: string) => Promise<string>,
): Promise<string> {
  const folders = [...new Set(inputs.flatMap((input) => packageFolder(input) ?? []))].sort();
  const notices = await Promise.all(folders.map((folder) => noticeOf(folder, read)));
  const head = 'This bundle holds the following packages, under their own licences.\n';
  return [head, ...notices].join(`\n${RULE}\n\n`);
}

/** `node_modules/@scope/name`, also where it is nested; `undefined` for a module of our own. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function noticeOf(folder: string, read: (path: string) => Promise<string>): Promise<string> {
  const { name, version, license } = JSON.parse(await read(`${folder}/package.json`)) as Manifest;
  for (const file of LICENCE_FILES) {
    const text = await read(`${folder}/${file}`).catch(() => undefined);
    if (text !== undefined) return `${name} ${version}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
  }
  return `${name} ${version}\n\nLicence: ${license ?? 'not said'} (the package brings no text of it)\n`;
}
