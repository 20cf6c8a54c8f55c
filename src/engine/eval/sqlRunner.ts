/**
 * Runs gold and predicted statements for scoring: read-only, at most 30 seconds and 10,000 rows each, results kept while
 * their database is in use. Unlike an answer to a user it lets SQLite read an unknown double-quoted name as text, as the published gold does.
 */
import { type QueryResult, type ReadOnlyDatabase } from '../../core/sql/types.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { type CancellationToken, neverCancelled } from '../../core/shared/cancellation.js';
import { openDatabase } from '../../sqlite/openDatabase.js';

export type RunOutcome =
  { readonly ok: true; readonly result: QueryResult } | { readonly ok: false; readonly code: string; readonly message: string };

export const runLimits = { timeoutMs: 30_000, maxRows: 10_000 } as const;

/** A database of a set and its variants are asked in turn; more than these are closed again, longest unused first. */
const keptDatabases = 12;

interface Kept {
  readonly database: ReadOnlyDatabase;
  readonly results: Map<string, RunOutcome>;
}

export class SqlRunner {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly open: (path: string) => Promise<ReadOnlyDatabase> = openDatabase) {}

  /** Never throws for a statement that fails; cancellation and a database that cannot be opened do throw. */
  async run(path: string, sql: string, token: CancellationToken = neverCancelled): Promise<RunOutcome> {
    const { database, results } = await this.#use(path);
    // Published gold often ends with a semicolon, which is no part of the statement.
    const statement = sql.replace(/[\s;]+$/, '');
    const known = results.get(statement);
    if (known) return known;
    const outcome = await attempt(database, statement, token);
    results.set(statement, outcome);
    return outcome;
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(({ database }) => database.close()));
  }

  async #use(path: string): Promise<Kept> {
    const known = this.#kept.get(path);
    const kept = known ?? { database: await this.open(path), results: new Map<string, RunOutcome>() };
    // Setting again moves the entry to the end: the first one is the longest unused.
    this.#kept.delete(path);
    this.#kept.set(path, kept);
    const oldest = this.#kept.size > keptDatabases ? [...this.#kept][0] : undefined;
    if (oldest) {
      this.#kept.delete(oldest[0]);
      await oldest[1].database.close();
    }
    return kept;
  }
}

async function attempt(database: ReadOnlyDatabase, sql: string, token: CancellationToken): Promise<RunOutcome> {
  try {
    return { ok: true, result: await database.run(sql, { ...runLimits, token }) };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const code = isJoineryError(error) ? error.code : 'internal';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}
