/**
 * One statement opened as a result that is read in pieces: windows of rows, single values, the number of rows, and a snapshot of all rows
 * in a temporary table, from which any window comes at once. Between two calls nothing is held in the database: no lock keeps its writers
 * waiting while somebody looks at rows. When to use which is the engine's decision.
 */
import { JoineryError } from '../core/shared/errors.js';
import { checkReadOnly, type ReadingStatement } from '../core/sql/checkReadOnly.js';
import { type Cell, type ExactRow, type ResultView } from '../core/sql/resultTypes.js';
import { literalOf } from '../core/sql/fillParameters.js';
import { countSql, exactSql, previewSql, type RowSource, type RowWindow, snapshotSql, snapshotTable } from '../core/sql/windowSql.js';
import { isBehindSqlite, readChangeStamp } from './changeStamp.js';
import { decodeExact, decodePreview } from './decodeRows.js';
import { GuardedConnection } from './guardedConnection.js';
import { type Interruption, type InterruptionLimits } from './interruption.js';
import { type RawConnection } from './rawConnection.js';
import { compileStatement, readNames, runStatement } from './runStatement.js';

/** Rows that are read by position, whatever they come from. */
export interface RowReader {
  /** Fewer rows than asked for mean the end; `sql.columnsChanged` when the statement has other columns by now. `characters` is where long texts are cut. */
  preview(window: RowWindow, characters: number, limits: InterruptionLimits): Promise<readonly (readonly Cell[])[]>;
  /** Without loss; of some columns only when they are given. */
  exact(window: RowWindow, limits: InterruptionLimits, columns?: readonly number[]): Promise<readonly ExactRow[]>;
}

export interface Snapshot extends RowReader {
  readonly rows: number;
  close(): Promise<void>;
}

export interface SnapshotLimits extends InterruptionLimits {
  /** Bytes on disk; more throw `file.diskFull`. */
  readonly mostBytes: number;
}

export interface OpenResult {
  readonly columns: readonly string[];
  /** The rows as a view of them has them. */
  reader(view: ResultView): RowReader;
  count(view: ResultView, limits: InterruptionLimits): Promise<number>;
  /** Copies all rows of a view into a temporary table of a connection of its own. */
  snapshot(view: ResultView, limits: SnapshotLimits): Promise<Snapshot>;
  /** Changes with the database. */
  changeStamp(): Promise<string>;
  close(): Promise<void>;
}

const ownLimits: InterruptionLimits = { timeoutMs: 20_000 };
/** Rows of an EXPLAIN. */
const mostExplained = 100_000;
const pageBytes = 4096;

/** `sql` has its parameters filled in. Throws the `file.*` errors of the path and the `sql.*` errors of the statement. */
export async function openResult(path: string, sql: string, limits: InterruptionLimits): Promise<OpenResult> {
  const statement = checkReadOnly(sql);
  const connection = await GuardedConnection.open(path);
  try {
    const facts = await connection.inTurn(limits, (raw, interruption) => readFacts(raw, path, statement, interruption));
    return new StatementResult(connection, facts);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface StatementFacts {
  /** The statement as it can stand inside others. */
  readonly text: string;
  readonly columns: readonly string[];
  /** State of the database when the columns were read; none for rows that do not depend on it. */
  readonly stamp?: string;
}

async function readFacts(
  raw: RawConnection,
  path: string,
  statement: ReadingStatement,
  interruption: Interruption,
): Promise<StatementFacts> {
  const count = await compileStatement(raw, statement);
  if (!statement.explain) {
    const stamp = await readChangeStamp(raw, path);
    return { text: statement.text, columns: await readNames(raw, statement.text, count), stamp };
  }
  // An EXPLAIN cannot stand inside another statement; its rows can.
  const { columns, rows } = await runStatement(raw, statement, mostExplained, interruption);
  const lines = rows.map((row) => `(${row.map((value) => literalOf(value)).join(', ')})`);
  const empty = `SELECT ${columns.map(() => 'NULL').join(', ')} WHERE 0`;
  return { text: lines.length > 0 ? `VALUES ${lines.join(', ')}` : empty, columns };
}

class StatementResult implements OpenResult {
  readonly columns: readonly string[];
  /** State of the database in which the statement is known to have these columns. */
  #stamp: string | undefined;

  constructor(
    private readonly connection: GuardedConnection,
    private readonly facts: StatementFacts,
  ) {
    this.columns = facts.columns;
    this.#stamp = facts.stamp;
  }

  reader(view: ResultView): RowReader {
    const { connection } = this;
    return makeReader(this.#source(view), (limits, work) =>
      connection.inTurn(limits, (raw) => this.#underSameColumns(raw, () => work(raw))),
    );
  }

  async count(view: ResultView, limits: InterruptionLimits): Promise<number> {
    const rows = await this.connection.inTurn(limits, (raw) => raw.all(countSql(this.#source(view))));
    return Number(rows[0]?.['c0']);
  }

  async snapshot(view: ResultView, limits: SnapshotLimits): Promise<Snapshot> {
    const connection = await GuardedConnection.open(this.connection.path);
    try {
      const rows = await connection.inTurn(limits, (raw) => fill(raw, this.#source(view), limits));
      // Both connections have the same file, and it still gives these columns.
      await this.connection.inTurn(limits, (raw) => this.#underSameColumns(raw, () => Promise.resolve()));
      const run: InTurn = (own, work) => connection.inTurnWithoutFile(own, work);
      const reader = makeReader({ kind: 'snapshot', columns: this.columns.length }, run);
      return { ...reader, rows, close: () => connection.close() };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  changeStamp(): Promise<string> {
    return this.connection.inTurn(ownLimits, (raw) => readChangeStamp(raw, this.connection.path));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** The values of a migrated table must not stand under the names of the old columns. The look comes last, so that it holds for what was read. */
  async #underSameColumns<T>(raw: RawConnection, work: () => Promise<T>): Promise<T> {
    const settle = async (): Promise<void> => {
      if (await this.#hasOtherColumns(raw)) throw new JoineryError('sql.columnsChanged');
    };
    const result = await work().catch(async (error: unknown) => {
      // What is wrong with the file or its columns says more than what came of it.
      await settle();
      throw error;
    });
    await settle();
    return result;
  }

  /** Throws when the statement cannot be compiled any more. */
  async #hasOtherColumns(raw: RawConnection): Promise<boolean> {
    if (this.#stamp === undefined) return false;
    const stamp = await readChangeStamp(raw, this.connection.path);
    if (stamp === this.#stamp) return false;
    if (isBehindSqlite(this.#stamp, stamp) ? await this.#isOtherFile() : !(await this.#hasColumns(raw))) return true;
    this.#stamp = stamp;
    return false;
  }

  /** With more or fewer columns their names cannot be read; a statement that can be compiled has others then. */
  async #hasColumns(raw: RawConnection): Promise<boolean> {
    const { text, columns } = this.facts;
    const names = await readNames(raw, text, columns.length).catch(() => raw.compile(text));
    return names?.join('\0') === columns.join('\0');
  }

  async #isOtherFile(): Promise<boolean> {
    const fresh = await GuardedConnection.open(this.connection.path);
    try {
      return !(await fresh.inTurn(ownLimits, (raw) => this.#hasColumns(raw)));
    } finally {
      await fresh.close();
    }
  }

  #source(view: ResultView): RowSource & { readonly kind: 'statement' } {
    return { kind: 'statement', text: this.facts.text, columns: this.columns.length, view };
  }
}

/** The file stays closed to writing, so that nothing but the temporary table can be written while the guard `query_only` is off. */
async function fill(
  raw: RawConnection,
  source: RowSource & { readonly kind: 'statement' },
  { mostBytes }: SnapshotLimits,
): Promise<number> {
  const [create, insert] = snapshotSql(source);
  await raw.all(`PRAGMA temp.max_page_count = ${Math.ceil(mostBytes / pageBytes)}`);
  await raw.all('PRAGMA query_only=0');
  try {
    await raw.all(create);
    await raw.all(insert);
  } finally {
    await raw.all('PRAGMA query_only=1');
  }
  const [last] = await raw.all(`SELECT max(rowid) AS rows FROM ${snapshotTable}`);
  return Number(last?.['rows'] ?? 0);
}

type InTurn = <T>(limits: InterruptionLimits, work: (raw: RawConnection) => Promise<T>) => Promise<T>;

function makeReader(source: RowSource, inTurn: InTurn): RowReader {
  return {
    async preview(window, characters, limits) {
      const rows = await inTurn(limits, (raw) => raw.all(previewSql(source, window, characters)));
      return rows.map((row) => decodePreview(row, source.columns));
    },
    async exact(window, limits, columns) {
      const rows = await inTurn(limits, (raw) => raw.all(exactSql(source, window, columns)));
      return rows.map((row) => decodeExact(row, columns?.length ?? source.columns));
    },
  };
}
