/**
 * An empty database in memory with the schema and the statistics of a real one: what SQLite's planner would do is asked here, also with an
 * index that does not exist yet, and also for statements that write. It holds no row of the user's.
 */
import sqlite3 from '@vscode/sqlite3';
import { type PlanRow } from '../core/presentation/planTree.js';
import { quoteString } from '../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../core/sql/types.js';
import { type RawError, type RawRow } from './rawConnection.js';
import { explainStatementFault } from './statementFaults.js';

const limits = { timeoutMs: 20_000, maxRows: 100_000 };

export class SchemaTwin {
  private constructor(private readonly database: sqlite3.Database) {}

  /** What of the schema cannot be made anew, such as a virtual table without its module, is left out. */
  static async of(source: ReadOnlyDatabase): Promise<SchemaTwin> {
    const objects = await source.run(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'trigger' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
      limits,
    );
    const twin = new SchemaTwin(await openMemory());
    try {
      for (const [sql] of objects.rows) await twin.#all(String(sql)).catch(() => []);
      await twin.#takeStatistics(source);
      return twin;
    } catch (error) {
      await twin.close();
      throw error;
    }
  }

  /** Throws the `sql.*` errors of the statement. */
  async plan(sql: string): Promise<readonly PlanRow[]> {
    const rows = await this.#all(`EXPLAIN QUERY PLAN ${sql}`);
    return rows.map(({ id, parent, detail }) => ({ id: Number(id), parent: Number(parent), detail: String(detail) }));
  }

  /** The plan if there were one more index; nothing of it stays. Throws the `sql.*` errors of both statements. */
  async planWith(createIndex: string, sql: string): Promise<readonly PlanRow[]> {
    await this.#all('SAVEPOINT trial');
    try {
      await this.#all(createIndex);
      return await this.plan(sql);
    } finally {
      await this.#all('ROLLBACK TO trial');
      await this.#all('RELEASE trial');
    }
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async #takeStatistics(source: ReadOnlyDatabase): Promise<void> {
    const has = await source.run("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'", limits);
    if (has.rows.length === 0) return;
    const { rows } = await source.run('SELECT tbl, idx, stat FROM sqlite_stat1', limits);
    await this.#all('ANALYZE');
    await this.#all('DELETE FROM sqlite_stat1');
    const text = (value: unknown): string => (typeof value === 'string' ? quoteString(value) : 'NULL');
    for (const row of rows) await this.#all(`INSERT INTO sqlite_stat1 VALUES (${row.map(text).join(', ')})`);
    // Makes the planner read them.
    await this.#all('ANALYZE sqlite_schema');
  }

  #all(sql: string): Promise<readonly RawRow[]> {
    return new Promise((resolve, reject) => {
      this.database.all(sql, (error: RawError | null, rows: RawRow[]) => {
        if (error) reject(explainStatementFault(error));
        else resolve(rows);
      });
    });
  }
}

function openMemory(): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(':memory:', (error) => {
      if (error) return reject(error);
      database.configure('limit', sqlite3.LIMIT_ATTACHED, 0);
      resolve(database);
    });
  });
}
