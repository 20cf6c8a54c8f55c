/** A few facts of every column of a table, from its sample: how many values, how many differ, and the two most common ones. */
import { type Column, type ColumnProfile, type SqlValue, type Table } from '../../core/schema/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isJoineryError } from '../../core/shared/errors.js';
import { quoteIdentifier } from '../../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { sliceTimeoutMs, type TableSample } from './sampleTable.js';

/** Columns per statement; SQLite takes at most 500 parts in a compound. */
const batch = 60;
/** Longer texts are no examples. */
const exampleLength = 40;
const examplesPerColumn = 2;

/** Columns that take too long have no profile. */
export async function readProfiles(
  database: ReadOnlyDatabase,
  table: Table,
  sample: TableSample,
  token: CancellationToken,
): Promise<readonly ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  for (let from = 0; from < table.columns.length; from += batch) {
    const columns = table.columns.slice(from, from + batch);
    try {
      profiles.push(...(await readBatch(database, table, columns, sample, token)));
    } catch (error) {
      if (!isJoineryError(error) || error.code !== 'sql.timeout') throw error;
    }
  }
  return profiles;
}

async function readBatch(
  database: ReadOnlyDatabase,
  table: Table,
  columns: readonly Column[],
  sample: TableSample,
  token: CancellationToken,
): Promise<readonly ColumnProfile[]> {
  const names = columns.map((column) => quoteIdentifier(column.name));
  const rows = sample.rows(columns.map((column) => column.name));
  const facts = names.map((name) => `count(${name}), count(DISTINCT ${name})`);
  const limits = { timeoutMs: sliceTimeoutMs, token };
  const counted = await database.run(`SELECT count(*), ${facts.join(', ')} FROM ${rows}`, { ...limits, maxRows: 1 });
  const numbers = (counted.rows[0] ?? []).map(Number);
  const found = await database.run(columns.map((column, at) => commonValues(column, at, sample)).join(' UNION ALL '), {
    ...limits,
    maxRows: batch * examplesPerColumn,
  });
  const examples = columns.map((): SqlValue[] => []);
  for (const [at, value] of found.rows) if (value !== undefined) examples[Number(at)]?.push(value);
  const total = numbers[0] ?? 0;
  return columns.map((column, at) => {
    const filled = numbers[1 + 2 * at] ?? 0;
    return {
      table: table.name,
      column: column.name,
      examples: examples[at] ?? [],
      distinct: numbers[2 + 2 * at] ?? 0,
      rows: total,
      nulls: total - filled,
      sampled: !sample.complete,
    };
  });
}

/** Equally common values come in their own order, so that prompts do not change from run to run. */
function commonValues(column: Column, at: number, sample: TableSample): string {
  const name = quoteIdentifier(column.name);
  const telling = `${name} <> '' AND typeof(${name}) <> 'blob' AND length(${name}) <= ${exampleLength}`;
  return `SELECT * FROM (SELECT ${at}, ${name} FROM ${sample.rows([column.name])} WHERE ${telling} GROUP BY ${name} ORDER BY count(*) DESC, ${name} LIMIT ${examplesPerColumn})`;
}
