/**
 * Which rows of a table background work may read: all of a small table, evenly spread pieces of a large one. The row count is
 * never taken in full, so that a huge table costs as little as a middling one; where rows are heavy, fewer of them are read.
 */
import { quoteIdentifier } from '../../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { type Table } from '../../core/schema/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';

export interface TableSample {
  readonly complete: boolean;
  /** A parenthesised SELECT of the named columns over the sampled rows, for use after FROM. */
  rows(columns: readonly string[]): string;
}

/** Rows up to which a table is read whole, and rows of a sample. */
export const wholeTableRows = 50_000;
const pieces = 10;
const pieceRows = 2_000;
export const sliceTimeoutMs = 2_000;
/** First rows and columns that are weighed, and bytes that one pass over a sample may take. */
const [weighedRows, weighedColumns] = [16, 500];
const mostBytes = 32 * 1024 * 1024;

export async function sampleTable(database: ReadOnlyDatabase, table: Table, token: CancellationToken): Promise<TableSample> {
  const name = quoteIdentifier(table.name);
  const limits = { timeoutMs: sliceTimeoutMs, maxRows: 1, token };
  const whole = (names: readonly string[]): string => `(SELECT ${list(names)} FROM ${name})`;
  const columns = list(table.columns.slice(0, weighedColumns).map((column) => column.name));
  const lengths = table.columns.slice(0, weighedColumns).map((column) => `total(length(${quoteIdentifier(column.name)}))`);
  const first = await database.run(`SELECT ${['count(*)', ...lengths].join(', ')} FROM (SELECT ${columns} FROM ${name} LIMIT ${weighedRows})`, limits); // prettier-ignore
  const [weighed = 0, ...weights] = (first.rows[0] ?? []).map(Number);
  const bytes = weights.reduce((sum, weight) => sum + weight, 0);
  if (weighed < weighedRows) return { complete: true, rows: whole };
  const affordable = Math.max(weighedRows, Math.floor((mostBytes * weighed) / Math.max(1, bytes)));
  const most = Math.min(wholeTableRows, affordable);
  const counted = await database.run(`SELECT count(*) FROM (SELECT 1 FROM ${name} LIMIT ${most + 1})`, limits);
  if (Number(counted.rows[0]?.[0]) <= most) return { complete: true, rows: whole };
  const perPiece = Math.min(pieceRows, Math.ceil(affordable / pieces));
  const head: TableSample = { complete: false, rows: (names) => `(SELECT ${list(names)} FROM ${name} LIMIT ${pieces * perPiece})` };
  const rowid = rowidName(table);
  if (rowid === undefined) return head;
  // Apart, each end is one look-up; together they would read the whole table.
  const bounds = await database.run(`SELECT (SELECT min(${rowid}) FROM ${name}), (SELECT max(${rowid}) FROM ${name})`, limits);
  const [low, high] = (bounds.rows[0] ?? []).map(Number);
  if (low === undefined || high === undefined || !Number.isSafeInteger(high - low)) return head;
  const starts = Array.from({ length: pieces }, (_, at) => Math.floor(low + ((high - low) * at) / pieces));
  return {
    complete: false,
    rows: (names) => {
      const parts = starts.map(
        (start) => `SELECT * FROM (SELECT ${list(names)} FROM ${name} WHERE ${rowid} >= ${start} LIMIT ${perPiece})`,
      );
      return `(${parts.join(' UNION ALL ')})`;
    },
  };
}

function list(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}

/** A name under which the rowid can be read: a column of the table may hide any of them. */
function rowidName(table: Table): string | undefined {
  if (table.withoutRowid || table.kind !== 'table') return undefined;
  const hidden = new Set(table.columns.map((column) => column.name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !hidden.has(name));
}
