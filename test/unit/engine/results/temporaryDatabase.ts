/** A database file of its own for one test, written through another connection than the one under test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';

export interface TemporaryDatabase {
  readonly path: string;
  readonly folder: string;
  run(sql: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeDatabase(sql: string): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'joinery-results-'));
  const file = path.join(folder, 'shop.db');
  const run = async (script: string): Promise<void> => {
    const database = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
    });
    await new Promise<void>((resolve, reject) => database.exec(script, (error) => (error ? reject(error) : resolve())));
    await new Promise<void>((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
  };
  await run(sql);
  return { path: file, folder, run, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A WITH clause of the numbers from 1. */
export function numbers(count: number): string {
  return `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
}
