import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { copyDatabase } from '../../../src/sqlite/copyDatabase.js';
import { discoverDatabases } from '../../../src/sqlite/discoverDatabases.js';
import { explainFileFault } from '../../../src/sqlite/fileFaults.js';
import { mutateCopy } from '../../../src/sqlite/mutateCopy.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { readFileStart } from '../../../src/sqlite/openFiles.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Another process writes and closes, which checkpoints the log and deletes it when nobody else holds a lock. */
function write(file: string, sql: string): void {
  const binding = createRequire(import.meta.url).resolve('@vscode/sqlite3');
  const script = `const { Database } = require(${JSON.stringify(binding)}); const db = new Database(${JSON.stringify(file)}, () => db.exec(${JSON.stringify(sql)}, (error) => db.close(() => process.exit(error ? 1 : 0))));`;
  expect(spawnSync(process.execPath, ['-e', script]).status).toBe(0);
}

const fault = Object.assign(new Error('SQLITE_CORRUPT: malformed'), { code: 'SQLITE_CORRUPT' });

it.each<[string, (file: string) => Promise<unknown>]>([
  ['looking for databases', (file) => discoverDatabases(path.dirname(file))],
  ['explaining a complaint', (file) => explainFileFault(fault, file, true)],
  ['looking at its first bytes', (file) => readFileStart(file, 16)],
  ['copying it', (file) => copyDatabase(file, `${file}.copy`)],
  ['making a changed copy', (file) => mutateCopy(file, `${file}.changed`, ['DELETE FROM t'])],
  ['opening and closing it once more', async (file) => (await openDatabase(file)).close()],
  ['a connection that cannot be opened', (file) => openDatabase(`${file}.none`).catch(() => undefined)],
])('%s does not cut an open database off from later rows', async (_, look) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-open-'));
  folders.push(folder);
  const file = path.join(folder, 'log.db');
  write(file, 'PRAGMA journal_mode=wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)');
  const database = await openDatabase(file);
  const count = async (): Promise<unknown> => (await database.run('SELECT COUNT(*) FROM t', { timeoutMs: 5_000, maxRows: 1 })).rows[0]?.[0];
  try {
    expect(await count()).toBe(1);
    await look(file);
    for (let rows = 2; rows <= 4; rows++) {
      write(file, 'INSERT INTO t VALUES (2)');
      expect(await count()).toBe(rows);
    }
  } finally {
    await database.close();
  }
});

it('a descriptor that waits is closed with the last connection', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-open-'));
  folders.push(folder);
  const file = path.join(folder, 'a.db');
  write(file, 'CREATE TABLE t(x)');
  const open = (): number => readdirSync('/proc/self/fd').filter((name) => targetOf(name) === file).length;
  const [first, second] = [await openDatabase(file), await openDatabase(file)];
  const before = open();
  expect((await readFileStart(file, 6)).bytes.toString()).toBe('SQLite');
  expect(open()).toBe(before + 1);
  await first.close();
  // SQLite keeps its own descriptor, too, as long as the process has a lock.
  expect(open()).toBeGreaterThan(0);
  await second.close();
  expect(open()).toBe(0);
  await readFileStart(file, 6);
  expect(open()).toBe(0);
});

function targetOf(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return undefined; // The descriptor of the listing itself is gone by now.
  }
}
