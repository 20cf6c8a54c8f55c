/**
 * SQLite's opinion of statements, without running any: they are compiled on a read-only connection of their own, so that a long query
 * elsewhere does not hold them up. Statements that compiling alone could act on get no opinion.
 */
import { mayCompile } from '../core/sql/mayCompile.js';
import { splitStatements } from '../core/sql/splitStatements.js';
import { type CancellationToken } from '../core/shared/cancellation.js';
import { GuardedConnection } from './guardedConnection.js';
import { type RawConnection, type RawError } from './rawConnection.js';

/** Milliseconds for one call; compiling a statement takes a fraction of one. */
const callMs = 10_000;

export class StatementJudge {
  private constructor(private readonly connection: GuardedConnection) {}

  /** Throws the `file.*` errors. */
  static async open(path: string): Promise<StatementJudge> {
    return new StatementJudge(await GuardedConnection.open(path));
  }

  /**
   * For each statement SQLite's message without the code in front; undefined when it compiles or is not put to it. Throws the `file.*`
   * errors and `cancelled`.
   */
  complaints(statements: readonly string[], token?: CancellationToken): Promise<readonly (string | undefined)[]> {
    return this.connection.inTurn({ timeoutMs: callMs, ...(token ? { token } : {}) }, async (connection, interruption) => {
      // Compiling alone trusts the schema that the connection knows; a read notices that it has changed.
      await connection.all('SELECT count(*) FROM sqlite_schema');
      const found: (string | undefined)[] = [];
      for (const statement of statements) {
        interruption.check();
        found.push(await complaint(connection, statement));
      }
      return found;
    });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

async function complaint(connection: RawConnection, sql: string): Promise<string | undefined> {
  const [statement, more] = splitStatements(sql);
  if (!statement || more || !mayCompile(statement.tokens)) return undefined;
  try {
    await connection.compile(sql);
    return undefined;
  } catch (error) {
    const raw = error as RawError;
    if (!raw.code?.startsWith('SQLITE_ERROR')) throw error;
    return raw.message.replace(/^SQLITE_\w+: /, '');
  }
}
