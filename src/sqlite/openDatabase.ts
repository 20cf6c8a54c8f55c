/**
 * Databases opened so that asking can never write. Turns and explained failures are in guardedConnection.ts, how results are read is in
 * runStatement.ts. SQLite itself may create a -shm and an empty -wal beside a database in WAL mode; nothing else is written.
 */
import { checkReadOnly } from '../core/sql/checkReadOnly.js';
import { type QueryResult, type ReadOnlyDatabase, type RunLimits } from '../core/sql/types.js';
import { readChangeStamp } from './changeStamp.js';
import { GuardedConnection } from './guardedConnection.js';
import { type InterruptionLimits } from './interruption.js';
import { compileStatement, runStatement } from './runStatement.js';

/** For statements of our own, which read schema facts only. */
const ownLimits: InterruptionLimits = { timeoutMs: 20_000 };

/** Throws a `file.*` error that says what is wrong with the file. */
export async function openDatabase(path: string): Promise<ReadOnlyDatabase> {
  return new Database(await GuardedConnection.open(path));
}

class Database implements ReadOnlyDatabase {
  constructor(private readonly connection: GuardedConnection) {}

  get path(): string {
    return this.connection.path;
  }

  async prepare(sql: string): Promise<void> {
    const statement = checkReadOnly(sql);
    await this.connection.inTurn(ownLimits, (connection) => compileStatement(connection, statement));
  }

  async run(sql: string, limits: RunLimits): Promise<QueryResult> {
    const statement = checkReadOnly(sql);
    return this.connection.inTurn(limits, async (connection, interruption) => {
      const start = performance.now();
      const result = await runStatement(connection, statement, limits.maxRows, interruption);
      return { ...result, elapsedMs: performance.now() - start };
    });
  }

  changeStamp(): Promise<string> {
    return this.connection.inTurn(ownLimits, (connection) => readChangeStamp(connection, this.path));
  }

  /** Waits for what is running. A second call does nothing more. */
  close(): Promise<void> {
    return this.connection.close();
  }
}
