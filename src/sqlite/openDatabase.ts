/**
 * Databases opened so that asking can never write. Statements take turns on the connection, so that stopping one never hits another.
 * How results are read is in runStatement.ts, what SQLite's complaints mean in fileFaults.ts and statementFaults.ts. SQLite itself may
 * create a -shm and an empty -wal beside a database in WAL mode; nothing else is written.
 */
import { stat } from 'node:fs/promises';
import { isJoineryError, JoineryError } from '../core/shared/errors.js';
import { checkReadOnly } from '../core/sql/checkReadOnly.js';
import { type QueryResult, type ReadOnlyDatabase, type RunLimits } from '../core/sql/types.js';
import { checkFile, checkLength, explainFileFault, lookAt } from './fileFaults.js';
import { Interruption, type InterruptionLimits } from './interruption.js';
import { type RawError, RawConnection } from './rawConnection.js';
import { compileStatement, runStatement } from './runStatement.js';
import { explainStatementFault } from './statementFaults.js';

/** For statements of our own, which read schema facts only. */
const ownLimits: InterruptionLimits = { timeoutMs: 20_000 };

/** Throws a `file.*` error that says what is wrong with the file. */
export async function openDatabase(path: string): Promise<ReadOnlyDatabase> {
  const inode = await checkFile(path);
  try {
    const connection = await RawConnection.open(path);
    try {
      // Opening reads nothing: the first read finds out whether it is a database.
      await connection.all('SELECT count(*) FROM sqlite_schema');
      const [size] = await connection.all('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size');
      await checkLength(path, Number(size?.['bytes']));
    } catch (error) {
      await connection.close();
      throw error;
    }
    return new Database(path, inode, connection);
  } catch (error) {
    throw await explain(error, path, false);
  }
}

class Database implements ReadOnlyDatabase {
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(
    readonly path: string,
    private readonly inode: bigint,
    private readonly connection: RawConnection,
  ) {}

  async prepare(sql: string): Promise<void> {
    const statement = checkReadOnly(sql);
    await this.#inTurn(ownLimits, () => compileStatement(this.connection, statement));
  }

  async run(sql: string, limits: RunLimits): Promise<QueryResult> {
    const statement = checkReadOnly(sql);
    return this.#inTurn(limits, async (interruption) => {
      const start = performance.now();
      const result = await runStatement(this.connection, statement, limits.maxRows, interruption);
      return { ...result, elapsedMs: performance.now() - start };
    });
  }

  /** SQLite's own counters see commits of others, also those in a write-ahead log; the files' marks see a change between two openings. */
  changeStamp(): Promise<string> {
    return this.#inTurn(ownLimits, async () => {
      const [data] = await this.connection.all('PRAGMA data_version');
      const [schema] = await this.connection.all('PRAGMA schema_version');
      const marks = await Promise.all([this.path, `${this.path}-wal`].map(fileMarks));
      return [data?.['data_version'], schema?.['schema_version'], ...marks].join(' ');
    });
  }

  /** Waits for what is running. A second call does nothing more. */
  close(): Promise<void> {
    this.#closing ??= this.#tail.then(() => this.connection.close());
    return this.#closing;
  }

  /** Runs `work` when everything before it is over. A caller is freed at once when its statement is stopped. */
  #inTurn<T>(limits: InterruptionLimits, work: (interruption: Interruption) => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(new JoineryError('internal', { reason: 'the database is closed' }));
    const interruption = new Interruption(this.connection, limits);
    const turn = this.#tail.then(async () => {
      try {
        interruption.start();
        await this.#checkStillThere();
        return await work(interruption);
      } catch (error) {
        throw interruption.reason ?? (await explain(error, this.path, true));
      } finally {
        interruption.end();
      }
    });
    this.#tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return Promise.race([turn, interruption.stopped]);
  }

  /** On most systems a file that was deleted or replaced can be read on as if nothing had happened. */
  async #checkStillThere(): Promise<void> {
    if ((await lookAt(this.path))?.ino !== this.inode) throw new JoineryError('file.vanished', { path: this.path });
  }
}

/** A log that is empty says no more than one that is absent: SQLite makes it for reading alone. */
async function fileMarks(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && found.size > 0n ? `${found.ino}-${found.size}-${found.mtimeNs}` : '-';
}

async function explain(error: unknown, path: string, wasOpen: boolean): Promise<unknown> {
  if (!(error instanceof Error) || isJoineryError(error)) return error;
  const raw: RawError = error;
  return (await explainFileFault(raw, path, wasOpen)) ?? explainStatementFault(raw);
}
