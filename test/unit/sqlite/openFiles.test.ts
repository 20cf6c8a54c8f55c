import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { discoverDatabases } from '../../../src/sqlite/discoverDatabases.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';

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

it('looking for databases does not cut an open one off from later rows', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-open-'));
  folders.push(folder);
  const file = path.join(folder, 'log.db');
  write(file, 'PRAGMA journal_mode=wal; CREATE TABLE t(x); INSERT INTO t VALUES (1)');
  const database = await openDatabase(file);
  const count = async (): Promise<unknown> => (await database.run('SELECT COUNT(*) FROM t', { timeoutMs: 5_000, maxRows: 1 })).rows[0]?.[0];
  try {
    expect(await count()).toBe(1);
    expect((await discoverDatabases(folder)).map((found) => found.path)).toEqual([file]);
    for (let rows = 2; rows <= 4; rows++) {
      write(file, 'INSERT INTO t VALUES (2)');
      expect(await count()).toBe(rows);
    }
  } finally {
    await database.close();
  }
});
