/**
 * A connection whose work takes turns, so that stopping one piece never hits another, and whose failures are explained. What the pieces
 * do is the callers' business.
 */
import { isJoineryError, JoineryError } from '../core/shared/errors.js';
import { checkFile, checkLength, explainFileFault, lookAt } from './fileFaults.js';
import { Interruption, type InterruptionLimits } from './interruption.js';
import { type RawError, RawConnection } from './rawConnection.js';
import { explainStatementFault } from './statementFaults.js';

export class GuardedConnection {
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(
    readonly path: string,
    private readonly inode: bigint,
    private readonly connection: RawConnection,
  ) {}

  /** Throws a `file.*` error that says what is wrong with the file. */
  static async open(path: string): Promise<GuardedConnection> {
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
      return new GuardedConnection(path, inode, connection);
    } catch (error) {
      throw await explain(error, path, false);
    }
  }

  /** Waits for what is running. A second call does nothing more. */
  close(): Promise<void> {
    this.#closing ??= this.#tail.then(() => this.connection.close());
    return this.#closing;
  }

  /** Runs `work` when everything before it is over. A caller is freed at once when its statement is stopped. */
  inTurn<T>(limits: InterruptionLimits, work: (connection: RawConnection, interruption: Interruption) => Promise<T>): Promise<T> {
    return this.#inTurn(limits, async (interruption) => {
      await this.#checkStillThere();
      return work(this.connection, interruption);
    });
  }

  /** The same for work on temporary tables, which outlive the file. */
  inTurnWithoutFile<T>(
    limits: InterruptionLimits,
    work: (connection: RawConnection, interruption: Interruption) => Promise<T>,
  ): Promise<T> {
    return this.#inTurn(limits, (interruption) => work(this.connection, interruption));
  }

  #inTurn<T>(limits: InterruptionLimits, work: (interruption: Interruption) => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(new JoineryError('internal', { reason: 'the database is closed' }));
    const interruption = new Interruption(this.connection, limits);
    const turn = this.#tail.then(async () => {
      try {
        interruption.start();
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

async function explain(error: unknown, path: string, wasOpen: boolean): Promise<unknown> {
  if (!(error instanceof Error) || isJoineryError(error)) return error;
  const raw: RawError = error;
  return (await explainFileFault(raw, path, wasOpen)) ?? explainStatementFault(raw);
}
