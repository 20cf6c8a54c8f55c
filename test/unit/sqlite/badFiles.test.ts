/** Every way in which a file can fail to be a database that we may read. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder, Writer } from '../../support/buildFixture.js';

const folder = makeTestFolder();
const limits = { timeoutMs: 10_000, maxRows: 10_000 };
const filler =
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 500) INSERT INTO t SELECT x, hex(randomblob(100)) FROM c;';
let good: string;
let bytes: Buffer;

beforeAll(async () => {
  good = await buildDatabase(folder.file('good.db'), `CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT); ${filler}`);
  bytes = readFileSync(good);
});
afterAll(() => {
  folder.remove();
});

function write(name: string, content: Buffer | string): string {
  const file = folder.file(name);
  writeFileSync(file, content);
  return file;
}

/** A database with a log that was not copied back, and without its index. */
async function buildWal(name: string): Promise<string> {
  const writer = await Writer.open(folder.file('writing.db'));
  await writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES (1)');
  copyFileSync(folder.file('writing.db'), folder.file(name));
  copyFileSync(folder.file('writing.db-wal'), folder.file(`${name}-wal`));
  await writer.close();
  return folder.file(name);
}

test.each<[string, string, () => string]>([
  ['a missing file', 'file.missing', () => folder.file('none.db')],
  ['a path through a file', 'file.missing', () => `${good}/x.db`],
  ['an empty path', 'file.missing', () => ''],
  ['a name that is too long', 'file.missing', () => folder.file('x'.repeat(5000))],
  ['a path in memory', 'file.missing', () => ':memory:'],
  ['text', 'file.notSqlite', () => write('text.db', 'to be or not to be, '.repeat(400))],
  ['one byte', 'file.notSqlite', () => write('one.db', 'S')],
  ['half a header word', 'file.notSqlite', () => write('half.db', 'SQLite f')],
  [
    'a picture with a database name',
    'file.notSqlite',
    () => write('png.db', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(8184)])),
  ],
  ['noise that no page size divides', 'file.notSqlite', () => write('noise.db', randomBytes(5001))],
  ['zero bytes', 'file.empty', () => write('zero.db', '')],
  ['only the header', 'file.truncated', () => write('header.db', bytes.subarray(0, 100))],
  ['less than the header', 'file.truncated', () => write('less.db', bytes.subarray(0, 50))],
  ['half a file', 'file.truncated', () => write('cut.db', bytes.subarray(0, bytes.length / 2))],
  ['a file without its last byte', 'file.truncated', () => write('last.db', bytes.subarray(0, -1))],
  ['whole pages of noise', 'file.encrypted', () => write('noise.sqlite', randomBytes(8192))],
  ['one page of noise', 'file.encrypted', () => write('noise1.sqlite', randomBytes(1024))],
  ['a folder', 'file.directory', () => folder.path],
  ['a device', 'file.notRegular', () => '/dev/zero'],
])('%s → %s', async (_, code, make) => {
  const path = make();
  await expect(openDatabase(path)).rejects.toMatchObject({ code, details: { path } });
});

test('a pipe is not opened', async () => {
  const path = folder.file('pipe.db');
  execFileSync('mkfifo', [path]);
  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'file.notRegular' });
});

test('a link that leads round in a circle leads nowhere', async () => {
  symlinkSync(folder.file('b'), folder.file('a'));
  symlinkSync(folder.file('a'), folder.file('b'));
  await expect(openDatabase(folder.file('a'))).rejects.toMatchObject({ code: 'file.missing' });
});

test('a damaged schema page is seen on opening', async () => {
  const damaged = Buffer.from(bytes);
  damaged.fill(0x5a, 100, 300);
  await expect(openDatabase(write('schema.db', damaged))).rejects.toMatchObject({ code: 'file.corrupt' });
});

test('a damaged page of rows is seen on reading, and other statements go on', async () => {
  const damaged = Buffer.from(bytes);
  damaged.fill(0x5a, 8192, 12288);
  const database = await openDatabase(write('page.db', damaged));
  await expect(database.run('SELECT * FROM t', limits)).rejects.toMatchObject({
    code: 'file.corrupt',
    details: { message: 'database disk image is malformed' },
  });
  expect((await database.run('SELECT 1', limits)).rows).toEqual([[1]]);
  await database.close();
});

test('a file that is cut while it is open', async () => {
  copyFileSync(good, folder.file('shrinks.db'));
  const database = await openDatabase(folder.file('shrinks.db'));
  truncateSync(folder.file('shrinks.db'), 8192);
  await expect(database.run('SELECT * FROM t', limits)).rejects.toMatchObject({ code: 'file.truncated' });
  await database.close();
});

test('a writer that holds the file, before and after opening', async () => {
  const path = await buildDatabase(folder.file('locked.db'), 'CREATE TABLE t(a);');
  const database = await openDatabase(path);
  const writer = await Writer.open(path);
  await writer.exec('BEGIN EXCLUSIVE');
  await expect(database.run('SELECT * FROM t', limits)).rejects.toMatchObject({ code: 'file.locked' });
  await expect(database.changeStamp()).rejects.toMatchObject({ code: 'file.locked' });
  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'file.locked' });
  await writer.exec('COMMIT');
  expect((await database.run('SELECT * FROM t', limits)).rows).toEqual([]);
  await writer.close();
  await database.close();
});

test('a journal that a dead writer left behind', async () => {
  const path = await buildDatabase(folder.file('live.db'), `PRAGMA cache_size = 1; CREATE TABLE t(id, name); ${filler}`);
  const writer = await Writer.open(path);
  await writer.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE t SET name = hex(randomblob(100))');
  copyFileSync(path, folder.file('hot.db'));
  copyFileSync(`${path}-journal`, folder.file('hot.db-journal'));
  await writer.exec('ROLLBACK');
  await writer.close();
  await expect(openDatabase(folder.file('hot.db'))).rejects.toMatchObject({ code: 'file.unfinished' });
});

test.each<[string, () => void]>([
  [
    'deleted',
    () => {
      rmSync(folder.file('gone.db'));
    },
  ],
  [
    'replaced',
    () => {
      copyFileSync(good, folder.file('new.db'));
      renameSync(folder.file('new.db'), folder.file('gone.db'));
    },
  ],
])('a file that is %s while it is open', async (_, change) => {
  copyFileSync(good, folder.file('gone.db'));
  const database = await openDatabase(folder.file('gone.db'));
  change();
  await expect(database.run('SELECT 1', limits)).rejects.toMatchObject({ code: 'file.vanished' });
  await expect(database.prepare('SELECT 1')).rejects.toMatchObject({ code: 'file.vanished' });
  await expect(database.changeStamp()).rejects.toMatchObject({ code: 'file.vanished' });
  await database.close();
});

test('a log whose index cannot be made', async () => {
  const path = await buildWal('indexless.db');
  // The administrator may write everywhere; SQLite makes no index through a link.
  symlinkSync(folder.file('nowhere'), `${path}-shm`);
  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'file.walReadOnly' });
});

test('a log in a folder that cannot be written', async (context) => {
  context.skip(process.getuid?.() === 0, 'the administrator may write everywhere');
  mkdirSync(folder.file('shut'));
  const path = await buildWal('shut/wal.db');
  chmodSync(folder.file('shut'), 0o555);
  try {
    await expect(openDatabase(path)).rejects.toMatchObject({ code: 'file.walReadOnly' });
  } finally {
    chmodSync(folder.file('shut'), 0o755);
  }
});

test('a file that may not be read', async (context) => {
  context.skip(process.getuid?.() === 0, 'the administrator may read everything');
  copyFileSync(good, folder.file('secret.db'));
  chmodSync(folder.file('secret.db'), 0o000);
  await expect(openDatabase(folder.file('secret.db'))).rejects.toMatchObject({ code: 'file.noPermission' });
});

test('names that mean something to others are plain names here', async () => {
  for (const name of ['a b#c?mode=rwc.db', "it's.db", 'ü🚲.db', 'file:x.db', '%41.db']) {
    linkSync(good, folder.file(name));
    const database = await openDatabase(folder.file(name));
    expect((await database.run('SELECT count(*) FROM t', limits)).rows).toEqual([[500]]);
    await database.close();
  }
});

test('closing twice is closing once, and nothing runs afterwards', async () => {
  const database = await openDatabase(good);
  await Promise.all([database.close(), database.close()]);
  await expect(database.run('SELECT 1', limits)).rejects.toMatchObject({ code: 'internal' });
});
