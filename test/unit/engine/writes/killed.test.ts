/** The process ends in the middle of writing to the real file: what was begun is taken back by SQLite, the backup is whole. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../../support/buildFixture.js';

const root = path.resolve(import.meta.dirname, '../../../..');
const program = makeTestFolder();
const children: ChildProcess[] = [];
const rows = 60_000;

beforeAll(() => {
  const source = path.join(root, 'src/engine/writes/prepareWrite.ts');
  const contents = `
    import { prepareWrite } from ${JSON.stringify(source)};
    const [database, script, backups] = process.argv.slice(2);
    const write = await prepareWrite(database, script, { timeoutMs: 60000, rows: 1 });
    process.stdout.write('applying');
    await write.apply(backups, new Date(0));
  `;
  buildSync({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@vscode/sqlite3': path.join(root, 'node_modules/@vscode/sqlite3/lib/sqlite3.js') },
    external: ['*/sqlite3.js'],
    outfile: program.file('apply.mjs'),
    logLevel: 'error',
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  program.remove();
});

test.each(['delete', 'wal'])('killed while pages go into the file, journal mode %s', { timeout: 60_000 }, async (mode) => {
  const folder = makeTestFolder();
  try {
    const fill = `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT ${rows}) INSERT INTO t SELECT x, printf('%0200d', x) FROM c`;
    const database = await buildDatabase(
      folder.file('big.db'),
      `PRAGMA journal_mode = ${mode}; CREATE TABLE t(a INTEGER PRIMARY KEY, b); ${fill};`,
    );
    const before = statSync(database);
    const child = startApplying(database, folder);
    await untilTrue(() => {
      // Pages of an unfinished transaction are in the file, or in the log.
      const log = statSync(`${database}-wal`, { throwIfNoEntry: false });
      return mode === 'wal' ? (log?.size ?? 0) > 1_000_000 : statSync(database).mtimeMs !== before.mtimeMs;
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Reading alone cannot take the change back, and says so.
    const opened = openDatabase(database).then((found) => found.close());
    if (mode === 'delete') await expect(opened).rejects.toMatchObject({ code: 'file.unfinished' });
    else await opened;
    expect(await query(database, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await query(database, "SELECT count(*) AS n, sum(b LIKE 'changed%') AS changed FROM t")).toEqual([{ n: rows, changed: 0 }]);
    const [backup = ''] = readdirSync(folder.file('backups'));
    expect(await query(folder.file(`backups/${backup}`), 'SELECT count(*) AS n FROM t')).toEqual([{ n: rows }]);
  } finally {
    folder.remove();
  }
});

function startApplying(database: string, folder: TestFolder): ChildProcess {
  const script = "UPDATE t SET b = 'changed' || hex(randomblob(300))";
  const child = spawn(process.execPath, [program.file('apply.mjs'), database, script, folder.file('backups')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // What it leaves behind goes with the folder.
    env: { ...process.env, TMPDIR: folder.path },
  });
  children.push(child);
  return child;
}

async function untilTrue(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 50_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function query(file: string, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(file, (failure) => {
      if (failure) return reject(failure);
      database.all(sql, (error: Error | null, found: unknown[]) => database.close(() => (error ? reject(error) : resolve(found))));
    });
  });
}
