/** Counts how many of a reference's distinct values exist in the key it is thought to refer to, on bounded samples of the child. */
import { type Inclusion } from '../../core/graph/checkInclusion.js';
import { type Relation } from '../../core/graph/types.js';
import { type DatabaseSchema } from '../../core/schema/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isJoineryError } from '../../core/shared/errors.js';
import { quoteIdentifier } from '../../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { openDatabase } from '../../sqlite/openDatabase.js';
import { sampleTable, sliceTimeoutMs, type TableSample } from './sampleTable.js';

/** Distinct values of the child that are looked up. */
const lookedUp = 2_000;

/** Undefined when the parent is empty or counting takes too long, so that the guess keeps the confidence of its name. */
export async function measureInclusion(
  database: ReadOnlyDatabase,
  relation: Relation,
  child: TableSample,
  token: CancellationToken,
): Promise<Inclusion | undefined> {
  const columns = relation.childColumns.map(quoteIdentifier);
  const filled = columns.map((column) => `${column} IS NOT NULL AND ${column} <> ''`).join(' AND ');
  const values = `SELECT DISTINCT ${columns.join(', ')} FROM ${child.rows(relation.childColumns)} WHERE ${filled} LIMIT ${lookedUp + 1}`;
  const keys = relation.parentColumns.map(quoteIdentifier);
  const parent = quoteIdentifier(relation.parent);
  const equal = keys.map((key, at) => `p.${key} = c.${columns[at] ?? ''}`).join(' AND ');
  // IN reads a key without an index once; EXISTS would read it again for every value. Composite keys are always declared.
  const exists =
    keys.length === 1
      ? `c.${columns[0] ?? ''} IN (SELECT ${keys[0] ?? ''} FROM ${parent})`
      : `EXISTS (SELECT 1 FROM ${parent} AS p WHERE ${equal})`;
  try {
    const result = await database.run(`SELECT count(*), total(${exists}), EXISTS (SELECT 1 FROM ${parent}) FROM (${values}) AS c`, {
      timeoutMs: sliceTimeoutMs,
      maxRows: 1,
      token,
    });
    const [distinct, included, hasParent] = (result.rows[0] ?? []).map(Number);
    if (distinct === undefined || included === undefined || hasParent !== 1) return undefined;
    return { distinct, share: distinct === 0 ? 0 : included / distinct, sampled: !child.complete || distinct > lookedUp };
  } catch (error) {
    if (!isJoineryError(error) || error.code !== 'sql.timeout') throw error;
    return undefined;
  }
}

/** The same for one relation, on a connection of its own: what is stopped for taking too long must not take a user's statement with it. */
export async function measureAlone(
  path: string,
  schema: DatabaseSchema,
  relation: Relation,
  token: CancellationToken,
): Promise<Inclusion | undefined> {
  const child = schema.tables.find((table) => table.name === relation.child);
  if (!child) return undefined;
  const database = await openDatabase(path);
  try {
    return await measureInclusion(database, relation, await sampleTable(database, child, token), token);
  } catch (error) {
    if (!isJoineryError(error) || error.code !== 'sql.timeout') throw error;
    return undefined;
  } finally {
    await database.close();
  }
}
