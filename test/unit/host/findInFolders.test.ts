/** A workspace of several folders: all databases of all of them, each once, whatever happens to one folder. */
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDatabases } from '../../../src/engine/catalogue/findDatabases.js';
import { findInFolders } from '../../../src/host/services/findInFolders.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../support/buildFixture.js';

let folder: TestFolder;
let failures: string[];
beforeEach(async () => {
  folder = makeTestFolder();
  failures = [];
  for (const name of ['shop', 'shop/data', 'other']) mkdirSync(folder.file(name));
  for (const name of ['shop/shop.db', 'shop/data/old.sqlite', 'other/shop.db', 'outside.db']) await buildDatabase(folder.file(name), 'CREATE TABLE t (a)'); // prettier-ignore
});
afterEach(() => folder.remove());

async function found(...folders: readonly string[]): Promise<string[]> {
  const paths = await findInFolders(folders.map((name) => folder.file(name)), findDatabases, (failed) => failures.push(failed)); // prettier-ignore
  return paths.map((path) => path.slice(folder.path.length + 1).replaceAll('\\', '/'));
}

it('no folder, no database', async () => expect(await found()).toEqual([]));
it('one folder', async () => expect(await found('shop')).toEqual(['shop/data/old.sqlite', 'shop/shop.db']));
it('two folders, sorted together', async () => {
  expect(await found('shop', 'other')).toEqual(['other/shop.db', 'shop/data/old.sqlite', 'shop/shop.db']);
});
it('a folder inside another one lists nothing twice', async () => {
  expect(await found('shop/data', 'shop')).toEqual(['shop/data/old.sqlite', 'shop/shop.db']);
});
it('a folder whose search fails leaves the others', async () => {
  const find = (path: string): Promise<readonly string[]> =>
    path.endsWith('shop') ? Promise.reject(new Error('denied')) : findDatabases(path);
  const paths = await findInFolders([folder.file('shop'), folder.file('other')], find, (failed) => failures.push(failed));
  expect([paths, failures]).toEqual([[folder.file('other/shop.db')], [folder.file('shop')]]);
});
