/**
 * The one kind of connection that can write. Only copies and the write path that a user has confirmed use it; asking and running never do.
 * No files can be attached, foreign keys are enforced. It runs what it is given: guarding and transactions are made elsewhere.
 */
import { stat } from 'node:fs/promises';
import sqlite3 from '@vscode/sqlite3';
import { fileIdentity, noteClosed, noteOpened } from './openFiles.js';
import { type RawRow } from './rawConnection.js';

export interface WriteOptions {
  readonly foreignKeys: boolean;
  /** Milliseconds to wait for another writer. */
  readonly busyMs: number;
}

export class WriteConnection {
  #isOpen = true;

  private constructor(
    private readonly database: sqlite3.Database,
    private readonly identity: string,
  ) {}

  /** Never makes a file: the path must lead to one. Rejects with the error of the file system or of SQLite. */
  static async open(path: string, { foreignKeys, busyMs }: WriteOptions): Promise<WriteConnection> {
    const identity = fileIdentity(await stat(path, { bigint: true }));
    noteOpened(identity);
    const connection = new WriteConnection(await openForWriting(path).catch((error: unknown) => failOpening(error, identity)), identity);
    connection.database.configure('busyTimeout', busyMs);
    connection.database.configure('limit', sqlite3.LIMIT_ATTACHED, 0);
    await connection.exec(`PRAGMA foreign_keys = ${foreignKeys ? 'ON' : 'OFF'}`);
    return connection;
  }

  /** Every row of the first statement; equal names collapse. */
  all(sql: string): Promise<readonly RawRow[]> {
    return new Promise((resolve, reject) => {
      this.database.all(sql, (error: Error | null, rows: RawRow[]) => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
  }

  /** Every statement of a script, up to the first that fails. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Stops what is running now; nothing when nothing runs. */
  interrupt(): void {
    this.database.interrupt();
  }

  /** What is not committed is lost. */
  async close(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.database.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    if (this.#isOpen) noteClosed(this.identity);
    this.#isOpen = false;
  }
}

function openForWriting(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READWRITE, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

function failOpening(error: unknown, identity: string): never {
  noteClosed(identity);
  throw error;
}
