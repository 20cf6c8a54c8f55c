/**
 * Databases opened so that asking can never write: read-only, without room for attached files, query_only. Results are exact: 64-bit
 * integers as bigint, equal column names kept, headers also without rows. The binding gives none of these by itself.
 */
import { stat } from 'node:fs/promises';
import sqlite3 from '@vscode/sqlite3';
import { checkReadOnly } from '../core/sql/checkReadOnly.js';
import { type SqlValue } from '../core/schema/types.js';
import { JoineryError } from '../core/shared/errors.js';
import { type QueryResult, type ReadOnlyDatabase, type RunLimits } from '../core/sql/types.js';

type Row = Readonly<Record<string, unknown>>;

export async function openDatabase(path: string): Promise<ReadOnlyDatabase> {
  const raw = await new Promise<sqlite3.Database>((resolve, reject) => {
    const db: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => (error ? reject(error) : resolve(db)));
  });
  raw.configure('busyTimeout', 2000);
  const database = new Database(path, raw);
  await database.all('PRAGMA query_only=1');
  return database;
}

class Database implements ReadOnlyDatabase {
  constructor(
    readonly path: string,
    private readonly raw: sqlite3.Database,
  ) {}

  all(sql: string): Promise<Row[]> {
    return new Promise((resolve, reject) => this.raw.all(sql, (error: Error | null, rows: Row[]) => (error ? reject(toError(error)) : resolve(rows))));
  }

  async prepare(sql: string): Promise<void> {
    await this.all(`EXPLAIN ${sql}`);
  }

  async run(sql: string, limits: RunLimits): Promise<QueryResult> {
    checkReadOnly(sql);
    const start = performance.now();
    const timer = setTimeout(() => this.raw.interrupt(), limits.timeoutMs);
    const link = limits.token?.onCancellationRequested(() => this.raw.interrupt());
    try {
      const probe = await this.all(`SELECT * FROM (SELECT 1 AS "joinery probe") LEFT JOIN (${sql}\n) ON 0`);
      const columns = Object.keys(probe[0] ?? {}).slice(1).map((name) => name.replace(/:\d+$/, ''));
      const names = columns.map((_, at) => `c${at}`);
      const parts = names.map((name) => `typeof(${name}) AS t${name}, CASE typeof(${name}) WHEN 'integer' THEN CAST(${name} AS TEXT) ELSE ${name} END AS ${name}`);
      const rows = await this.all(`WITH q(${names.join(', ')}) AS (${sql}\n) SELECT ${parts.join(', ')} FROM q LIMIT ${limits.maxRows + 1}`);
      const values = rows.slice(0, limits.maxRows).map((row) => names.map((name) => exactValue(row[`t${name}`], row[name])));
      return { columns, rows: values, truncated: rows.length > limits.maxRows, elapsedMs: performance.now() - start };
    } finally {
      clearTimeout(timer);
      link?.dispose();
    }
  }

  async changeStamp(): Promise<string> {
    const [row] = await this.all('PRAGMA data_version');
    const main = await stat(this.path);
    return `${String(row?.['data_version'])}-${main.mtimeMs}-${main.size}`;
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => this.raw.close((error) => (error ? reject(error) : resolve())));
  }
}

function exactValue(type: unknown, value: unknown): SqlValue {
  if (type !== 'integer') return value as SqlValue;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(String(value));
}

function toError(error: Error): JoineryError {
  return new JoineryError('sql.failed', { message: error.message.replace(/^SQLITE_\w+: /, '') }, error);
}
