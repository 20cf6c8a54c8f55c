/**
 * Runs one guarded statement so that its result is exact: integers beyond 2^53 as bigint, equal column names kept, headers also without
 * rows, rows and bytes bounded. The binding gives none of these by itself, so the statement runs inside another one. The guard, the time
 * limit and the turn on the connection are the caller's.
 */
import { type SqlValue } from '../core/schema/types.js';
import { JoineryError } from '../core/shared/errors.js';
import { type ReadingStatement } from '../core/sql/checkReadOnly.js';
import { mayHaveAdditions, restoreNames } from './columnNames.js';
import { type Interruption } from './interruption.js';
import { type RawConnection, type RawRow } from './rawConnection.js';

export interface StatementResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly truncated: boolean;
}

/** What a statement needs of its connection. */
export type StatementRunner = Pick<RawConnection, 'all' | 'each'>;

/** Bytes of a whole result; texts count two a character, as they lie in memory. */
const mostBytes = 64 * 1024 * 1024;

const explainColumns = {
  program: ['addr', 'opcode', 'p1', 'p2', 'p3', 'p4', 'p5', 'comment'],
  queryPlan: ['id', 'parent', 'notused', 'detail'],
} as const;

/** Compiles the statement and counts its columns. Throws `sql.notReadOnly` when its program would write. */
export async function compileStatement(connection: StatementRunner, { text }: ReadingStatement): Promise<number> {
  const program = await connection.all(`EXPLAIN ${text}`);
  const writes = program.find(({ opcode, p2 }) => (opcode === 'Transaction' && p2 !== 0) || opcode === 'VUpdate' || opcode === 'Vacuum');
  if (writes) throw new JoineryError('sql.notReadOnly', { statement: String(writes['opcode']) });
  return Number(program.find(({ opcode }) => opcode === 'ResultRow')?.['p2'] ?? 0);
}

export async function runStatement(
  connection: StatementRunner,
  statement: ReadingStatement,
  maxRows: number,
  interruption: Interruption,
): Promise<StatementResult> {
  const count = await compileStatement(connection, statement);
  interruption.check();
  if (statement.explain) return explained(connection, statement.text, statement.explain, maxRows);
  const columns = await readNames(connection, statement.text, count);
  interruption.check();
  const sql = wrap(statement.text, count, Math.min(maxRows, Number.MAX_SAFE_INTEGER - 1) + 1);
  const rows =
    (await streamRows(connection, sql, count, interruption)) ?? (await connection.all(sql)).slice(0, -1).map((row) => decode(row, count));
  return { columns, rows: rows.slice(0, maxRows), truncated: rows.length > maxRows };
}

async function explained(
  connection: StatementRunner,
  text: string,
  kind: 'program' | 'queryPlan',
  maxRows: number,
): Promise<StatementResult> {
  const rows = await connection.all(kind === 'program' ? `EXPLAIN ${text}` : `EXPLAIN QUERY PLAN ${text}`);
  const columns = explainColumns[kind];
  return {
    columns,
    rows: rows.slice(0, maxRows).map((row) => columns.map((name) => (row[name] ?? null) as SqlValue)),
    truncated: rows.length > maxRows,
  };
}

/**
 * One row whose values are the positions of the names: the keys of a row object alone do not say them, because those that look like
 * numbers come first. The statement's own rows are never computed.
 */
export async function readNames(connection: StatementRunner, text: string, count: number): Promise<string[]> {
  const positions = Array.from({ length: count }, (_, at) => at);
  const [row] = await connection.all(`SELECT * FROM (${text}\n) WHERE 0 UNION ALL SELECT ${positions.join(', ')}`);
  const byPosition = new Map(Object.entries(row ?? {}).map(([name, at]) => [at, name]));
  // The one name that an object does not take.
  const unique = positions.map((at) => byPosition.get(at) ?? '__proto__');
  if (!mayHaveAdditions(unique)) return unique;
  // Without a star every name of a column is written in the statement.
  if (!text.includes('*')) return restoreNames(unique, text, new Set());
  const stored = await connection.all(
    "SELECT x.name FROM pragma_table_list l, pragma_table_xinfo(l.name) x WHERE l.type = 'table' AND x.name GLOB '*:[0-9]*'",
  );
  return restoreNames(unique, text, new Set(stored.map(({ name }) => String(name).toLowerCase())));
}

/**
 * Texts carry a `t` in front, integers that a double cannot hold are texts with an `i`, and a last row with an `e` says that none was
 * lost. LIMIT on both levels keeps SQLite from merging them, which would compute every value twice.
 */
function wrap(text: string, count: number, limit: number): string {
  const names = Array.from({ length: count }, (_, at) => `c${at}`);
  const values = names.map(
    (name) =>
      `CASE typeof(${name}) WHEN 'text' THEN 't' || ${name} WHEN 'integer' THEN CASE WHEN ${name} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ` +
      `${Number.MAX_SAFE_INTEGER} THEN ${name} ELSE 'i' || ${name} END ELSE ${name} END AS ${name}`,
  );
  const inner = `WITH "joinery result"(${names.join(', ')}) AS (${text}\n) SELECT * FROM "joinery result" LIMIT ${limit}`;
  const end = ["'e'", ...names.slice(1).map(() => 'NULL')];
  return `SELECT * FROM (SELECT ${values.join(', ')} FROM (${inner}) LIMIT -1) UNION ALL SELECT ${end.join(', ')}`;
}

/** Undefined when the binding lost the end. */
async function streamRows(
  connection: StatementRunner,
  sql: string,
  count: number,
  interruption: Interruption,
): Promise<SqlValue[][] | undefined> {
  const rows: SqlValue[][] = [];
  let bytes = 0;
  let ended = false;
  await connection.each(sql, (row) => {
    if (row['c0'] === 'e') {
      ended = true;
      return;
    }
    if (bytes > mostBytes) return;
    const values = decode(row, count);
    for (const value of values) bytes += sizeOf(value);
    rows.push(values);
    if (bytes > mostBytes) interruption.stop(new JoineryError('sql.rowTooLarge', { limit: mostBytes }));
  });
  interruption.check();
  return ended ? rows : undefined;
}

function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  return value instanceof Uint8Array ? 16 + value.length : 16;
}

function decode(row: RawRow, count: number): SqlValue[] {
  return Array.from({ length: count }, (_, at) => {
    const value = row[`c${at}`] as Exclude<SqlValue, bigint>;
    // The binding's buffers print and compare as something else than bytes.
    if (value instanceof Uint8Array) return new Uint8Array(value);
    if (typeof value !== 'string') return value;
    return value.startsWith('i') ? BigInt(value.slice(1)) : value.slice(1);
  });
}
