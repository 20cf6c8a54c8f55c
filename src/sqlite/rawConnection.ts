/**
 * The binding's connection behind promises, opened so that nothing can be written: read-only, no room for attached files (which also
 * closes VACUUM INTO), query_only. It runs what it is given: guarding, limits and exact values are made elsewhere.
 */
import { stat } from 'node:fs/promises';
import sqlite3 from '@vscode/sqlite3';
import { fileIdentity, noteClosed, noteOpened } from './openFiles.js';

export type RawRow = Readonly<Record<string, unknown>>;

/** What the binding rejects with. `code` is SQLite's primary result code, such as `SQLITE_BUSY`. */
export interface RawError extends Error {
  readonly code?: string;
}

/** Milliseconds that SQLite waits for a writer. Short: while it waits it cannot be interrupted. */
const busyMs = 250;
/** Bytes of one value or one row inside SQLite, so that no function makes a giant. */
export const longestValue = 16 * 1024 * 1024;

export class RawConnection {
  #isOpen = true;

  private constructor(
    private readonly database: sqlite3.Database,
    private readonly identity: string | undefined,
  ) {}

  static async open(path: string): Promise<RawConnection> {
    const facts = await stat(path, { bigint: true }).catch(() => undefined);
    const identity = facts && fileIdentity(facts);
    if (identity !== undefined) noteOpened(identity);
    const connection = new RawConnection(await openReadOnly(path).catch((error: unknown) => failOpening(error, identity)), identity);
    connection.database.configure('busyTimeout', busyMs);
    connection.database.configure('limit', sqlite3.LIMIT_ATTACHED, 0);
    connection.database.configure('limit', sqlite3.LIMIT_LENGTH, longestValue);
    // Also closes temporary tables. It reads nothing, so a bad file does not show here.
    await connection.all('PRAGMA query_only=1');
    return connection;
  }

  /** Every row of the first statement; what follows it is ignored by the binding, so callers guard. Equal names collapse. */
  all(sql: string): Promise<readonly RawRow[]> {
    return new Promise((resolve, reject) => {
      this.database.all(sql, (error: Error | null, rows: RawRow[]) => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
  }

  /**
   * Hands over row by row while SQLite is still working. The binding can lose the last rows when the end comes just then, so callers
   * end their statement with a row of their own and look for it.
   */
  each(sql: string, onRow: (row: RawRow) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let pending = 2;
      let failure: Error | undefined;
      // The end of the rows, an error of the last step and the statement's end arrive in any order.
      const settle = (): void => {
        pending--;
        if (pending > 0) return;
        if (failure) reject(failure);
        else resolve();
      };
      const take = (error: Error | null, row?: RawRow): void => {
        if (error) failure = error;
        else if (row) onRow(row);
      };
      const statement = this.database.prepare(sql, (error: Error | null) => {
        if (error) reject(error);
      });
      statement.each(take, settle);
      statement.finalize(settle);
    });
  }

  /** Compiles the first statement and runs nothing. Rejects with SQLite's complaint. A few PRAGMAs act when they are compiled: callers guard. */
  compile(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const statement = this.database.prepare(sql, (error: Error | null) => {
        if (error) reject(error);
        else statement.finalize(() => resolve());
      });
    });
  }

  /** Stops what is running now; nothing when nothing runs. */
  interrupt(): void {
    this.database.interrupt();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.database.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    if (this.#isOpen && this.identity !== undefined) noteClosed(this.identity);
    this.#isOpen = false;
  }
}

function openReadOnly(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

function failOpening(error: unknown, identity: string | undefined): never {
  if (identity !== undefined) noteClosed(identity);
  throw error;
}
