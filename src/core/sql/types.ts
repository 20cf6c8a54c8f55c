/** Results of statements as plain values, shared by everything that runs or shows SQL. */
import { type SqlValue } from '../schema/types.js';
import { type CancellationToken } from '../shared/cancellation.js';

export interface QueryResult {
  /** Header names in order, equal names kept; present also when there are no rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** True when `maxRows` cut the rows off. */
  readonly truncated: boolean;
  readonly elapsedMs: number;
}

export interface RunLimits {
  /** Milliseconds until the statement is interrupted with `sql.timeout`. */
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly token?: CancellationToken;
}

/** A database that can be asked and never changed. Every method may throw the `file.*` and `sql.*` errors. */
export interface ReadOnlyDatabase {
  readonly path: string;
  /**
   * Runs one read-only statement: guarded (one statement, SELECT, WITH, VALUES or EXPLAIN), prepared, limited, interrupted on
   * timeout and cancellation. Integers are exact, equal column names kept, headers present without rows.
   */
  run(sql: string, limits: RunLimits): Promise<QueryResult>;
  /** Compiles the statement without running it; throws as `run` would. */
  prepare(sql: string): Promise<void>;
  /** Changes whenever schema or data were changed by anyone, WAL commits included. */
  changeStamp(): Promise<string>;
  close(): Promise<void>;
}
