/** Reads the distinct text values of a table's columns for the value index, column by column, within row and time limits. */
import { type ColumnValues, defaultValueLimits } from '../../core/graph/ValueIndex.js';
import { type Column, type Table } from '../../core/schema/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isJoineryError } from '../../core/shared/errors.js';
import { quoteIdentifier } from '../../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { sliceTimeoutMs, type TableSample } from './sampleTable.js';

/** Columns whose values may be names of things; a type says little in SQLite, so only dates, numbers and blobs are left out. */
export function holdsText(column: Column): boolean {
  if (column.affinity === 'TEXT') return true;
  return (column.affinity === 'NUMERIC' || column.type === '') && !/date|time|bool|num|dec|money|year/i.test(column.type);
}

/** A column that is too slow to read comes back empty and incomplete. */
export async function readColumnValues(
  database: ReadOnlyDatabase,
  table: Table,
  column: Column,
  sample: TableSample,
  token: CancellationToken,
): Promise<ColumnValues> {
  const name = quoteIdentifier(column.name);
  const { perColumn, valueLength } = defaultValueLimits;
  const sql = `SELECT DISTINCT ${name} FROM ${sample.rows([column.name])} WHERE typeof(${name}) = 'text' AND length(${name}) <= ${valueLength}`;
  try {
    const result = await database.run(sql, { timeoutMs: sliceTimeoutMs, maxRows: perColumn, token });
    const values = result.rows.flatMap(([value]) => (typeof value === 'string' ? [value] : []));
    return { table: table.name, column: column.name, values, complete: sample.complete && !result.truncated };
  } catch (error) {
    if (!isJoineryError(error) || error.code !== 'sql.timeout') throw error;
    return { table: table.name, column: column.name, values: [], complete: false };
  }
}
