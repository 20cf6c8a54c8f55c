/**
 * Copies a database file and changes the copy. The only place that opens a file for writing; it refuses a target that exists, so it can
 * never touch the original. For evaluation only: nothing that answers a question comes here.
 */
import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import sqlite3 from '@vscode/sqlite3';

/**
 * Runs the statements one by one on a copy at `target`, foreign keys and triggers off; one that fails is left out and counted. A WAL beside
 * the source comes along when there is one.
 */
export async function mutateCopy(source: string, target: string, statements: readonly string[]): Promise<{ readonly failed: number }> {
  await copyFile(source, target, constants.COPYFILE_EXCL);
  await copyFile(`${source}-wal`, `${target}-wal`, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const database = await open(target);
  let failed = 0;
  try {
    const triggers = await all(database, "SELECT name FROM sqlite_schema WHERE type = 'trigger'");
    await exec(database, 'PRAGMA synchronous = OFF; BEGIN');
    for (const { name } of triggers) await exec(database, `DROP TRIGGER "${String(name).replaceAll('"', '""')}"`);
    for (const statement of statements) await exec(database, statement).catch(() => failed++);
    await exec(database, 'COMMIT');
  } finally {
    await close(database);
  }
  return { failed };
}

function open(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READWRITE, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

function exec(database: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function all(database: sqlite3.Database, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return new Promise((resolve, reject) => {
    database.all(sql, (error: Error | null, rows: Readonly<Record<string, unknown>>[]) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

function close(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
