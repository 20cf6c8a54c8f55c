/**
 * `npm run package`: the VSIX of this platform, in `dist`. Leaves out the model runtimes of other platforms, which npm
 * installs beside the right one. `--out file` names another place.
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const target = `${process.platform === 'win32' ? 'win32' : process.platform}-${process.arch}`;

/** Names of runtime packages begin with the platform in their own spelling. */
const runtimePrefix = { win32: 'win', darwin: 'mac', linux: 'linux' }[process.platform];

function isForeign(name) {
  const own = `${runtimePrefix}-${process.arch}`;
  return name !== own && !name.startsWith(`${own}-`) && !name.startsWith(`${own}_`);
}

/** Writes `.vscodeignore` plus this platform's exclusions to a file of its own; returns its path, relative to the root. */
export function writeIgnoreFile() {
  const foreign = readdirSync(path.join(root, 'node_modules', '@node-llama-cpp')).filter(isForeign);
  const lines = foreign.map((name) => `node_modules/@node-llama-cpp/${name}/**`);
  const file = path.join('dist', 'vscodeignore');
  writeFileSync(path.join(root, file), `${readFileSync(path.join(root, '.vscodeignore'), 'utf8')}\n${lines.join('\n')}\n`);
  return file;
}

/** Builds, and writes the VSIX; returns its path. */
export async function packageVsix(packagePath = path.join(root, 'dist', `joinery-${target}.vsix`)) {
  const { build } = await import('./build.mjs');
  await build();
  const { createVSIX } = await import('@vscode/vsce');
  const ignoreFile = writeIgnoreFile();
  try {
    // Without a repository address, links of the README cannot be made absolute.
    const documents = { rewriteRelativeLinks: false, allowMissingRepository: true, skipLicense: true };
    await createVSIX({ cwd: root, target, packagePath, ignoreFile, ...documents });
  } finally {
    rmSync(path.join(root, ignoreFile));
  }
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  install();
  const at = process.argv.indexOf('--out');
  console.log(await packageVsix(at > 0 ? path.resolve(process.argv[at + 1]) : undefined));
}
