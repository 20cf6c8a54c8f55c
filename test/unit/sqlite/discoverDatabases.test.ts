/** What counts as a database below a folder, and what must not stop the search. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discoverDatabases, type DiscoverOptions } from '../../../src/sqlite/discoverDatabases.js';
import { globPattern } from '../../../src/sqlite/globPattern.js';
import { buildDatabase, makeTestFolder } from '../../support/buildFixture.js';

const folder = makeTestFolder();
const outside = makeTestFolder();

beforeAll(async () => {
  const good = await buildDatabase(outside.file('good.db'), 'CREATE TABLE t(a);');
  const databases = [
    'a.db',
    'b.db3',
    'c.sqlite',
    'd.SQLITE3',
    'e.s3db',
    'f.dat',
    'no extension',
    'data/deep/x.gpkg',
    'build/y.db',
    'data/ü 🚲.db',
  ];
  for (const name of ['data/deep', 'build/out', 'node_modules/pkg', '.git', 'links', 'old'])
    mkdirSync(folder.file(name), { recursive: true });
  for (const name of [...databases, 'node_modules/pkg/z.db', '.git/z.db']) copyFileSync(good, folder.file(name));
  writeFileSync(folder.file('text.db'), 'not a database');
  writeFileSync(folder.file('zero.db'), '');
  writeFileSync(folder.file('blank.bin'), Buffer.alloc(1024));
  writeFileSync(folder.file('old/cut.db'), readFileSync(good).subarray(0, 700));
  writeFileSync(folder.file('old/cut.dat'), readFileSync(good).subarray(0, 700));
  copyFileSync(good, folder.file('a.db-journal'));
  execFileSync('mkfifo', [folder.file('pipe.db')]);
  symlinkSync(folder.path, folder.file('links/up'));
  symlinkSync('nowhere', folder.file('links/dangling.db'));
  symlinkSync('/dev/zero', folder.file('links/zero.db'));
  symlinkSync(folder.file('a.db'), folder.file('links/again.db'));
  symlinkSync(outside.path, folder.file('links/outside'));
});
afterAll(() => {
  folder.remove();
  outside.remove();
});

async function names(options?: DiscoverOptions): Promise<string[]> {
  return (await discoverDatabases(folder.path, options)).map((found) => path.relative(folder.path, found.path));
}

test('all databases, each once, and nothing else', async () => {
  expect(await names()).toEqual(
    [
      'a.db',
      'b.db3',
      'build/y.db',
      'c.sqlite',
      'd.SQLITE3',
      'data/deep/x.gpkg',
      'data/ü 🚲.db',
      'e.s3db',
      'f.dat',
      'links/outside/good.db',
      'no extension',
      'old/cut.db',
    ].sort(),
  );
});

test.each<[DiscoverOptions, string[]]>([
  [{ includes: ['*.gpkg'] }, ['data/deep/x.gpkg']],
  [{ includes: ['data/**'] }, ['data/deep/x.gpkg', 'data/ü 🚲.db']],
  [{ includes: ['*.{db3,s3db}'] }, ['b.db3', 'e.s3db']],
  [{ includes: ['./a.db', 'e.*'] }, ['a.db', 'e.s3db']],
  [{ includes: ['*.db'], excludes: ['build', 'links/**', 'old'] }, ['a.db', 'data/ü 🚲.db']],
  [{ includes: ['*.db'], excludes: ['**/build/**', 'data', 'links', 'old/*.db'] }, ['a.db']],
  [{ excludes: ['**'] }, []],
])('%j', async (options, expected) => {
  expect(await names(options)).toEqual(expected);
});

test('a folder that cannot be read does not stop the search', async (context) => {
  context.skip(process.getuid?.() === 0, 'the administrator may read everything');
  chmodSync(folder.file('build'), 0o000);
  try {
    expect(await names({ includes: ['*.db'], excludes: ['links', 'old'] })).toEqual(['a.db', 'data/ü 🚲.db']);
  } finally {
    chmodSync(folder.file('build'), 0o755);
  }
});

test('a folder that is none', async () => {
  await expect(discoverDatabases(folder.file('none'))).rejects.toMatchObject({ code: 'file.missing' });
  await expect(discoverDatabases(folder.file('a.db'))).rejects.toMatchObject({ code: 'file.notRegular' });
});

test.each<[string, string, boolean]>([
  ['*.db', 'a.db', true],
  ['*.db', 'x/y/a.DB', true],
  ['/*.db', 'a.db', true],
  ['/*.db', 'x/a.db', false],
  ['./a.db', 'x/a.db', false],
  ['x/*.db', 'x/y/a.db', false],
  ['x/**/a.db', 'x/a.db', true],
  ['x/**/a.db', 'x/y/z/a.db', true],
  ['a?.db', 'ab.db', true],
  ['a?.db', 'a/.db', false],
  ['{a,b/c}.db', 'b/c.db', true],
  ['a(1)+[2].db', 'a(1)+[2].db', true],
  ['{a.db', '{a.db', true],
  ['a}.db', 'a}.db', true],
  ['a,b.db', 'a,b.db', true],
  ['data\\*.db', 'data/a.db', true],
  ['a.db', 'axdb', false],
])('%s against %s', (glob, name, expected) => {
  expect(globPattern(glob).test(name)).toBe(expected);
});
