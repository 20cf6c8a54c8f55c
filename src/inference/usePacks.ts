/**
 * Lets the runtime find libraries that were fetched into a folder of their own: its `import` of their package is answered
 * from there. A package that is not there is looked for as ever. Fetches nothing and judges no version: the runtime does.
 */
import { readdir, stat } from 'node:fs/promises';
import { createRequire as requireFrom, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type RuntimeFacts } from '../protocol/modelProcess.js';

const scope = '@node-llama-cpp';
const entry = join('dist', 'index.js');

/** Runs on the loader's thread, which shares nothing with this one: https://nodejs.org/api/module.html#customization-hooks */
const hook = `
let places = {};
export function initialize(data) { places = data; }
export function resolve(specifier, context, next) {
  const url = places[specifier];
  return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
}`;

/** Names of the packages that will be found there; empty without such a folder. Call it once, before the runtime is loaded. */
export async function usePacks(folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const places = await findPackages(folder);
  const names = Object.keys(places);
  if (names.length > 0) register(`data:text/javascript,${encodeURIComponent(hook)}`, { data: places });
  return names.sort();
}

/** `packs` are the names that `usePacks` returned. */
export function cudaLibraries(packs: readonly string[]): RuntimeFacts['cudaLibraries'] {
  const own = `${scope}/${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}-cuda`;
  if (packs.includes(own)) return 'pack';
  try {
    requireFrom(import.meta.url).resolve(own);
    return 'installed';
  } catch {
    // Not found is the answer, not a fault.
    return 'none';
  }
}

/** Packages by name with the address of their entry, one folder deep: `pack/package/dist/index.js`. */
async function findPackages(folder: string): Promise<Readonly<Record<string, string>>> {
  const places: Record<string, string> = {};
  for (const pack of await foldersOf(folder)) {
    // An unfinished fetch is no pack yet.
    if (pack.endsWith('.new')) continue;
    for (const name of await foldersOf(join(folder, pack))) {
      const file = join(folder, pack, name, entry);
      const isThere = await stat(file).then(
        (facts) => facts.isFile(),
        () => false,
      );
      if (isThere) places[`${scope}/${name}`] = pathToFileURL(file).href;
    }
  }
  return places;
}

/** Names, sorted; none where the folder cannot be read. */
async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((found) => found.isDirectory())
    .map(({ name }) => name)
    .sort();
}
