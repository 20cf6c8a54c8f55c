/**
 * The background work on one database, in slices: each reads bounded rows in bounded time and hands control back. It counts
 * inclusion for guessed relations first, because joins need them, then reads values. A slice that fails is left out and logged.
 */
import { checkInclusion, type Inclusion } from '../../core/graph/checkInclusion.js';
import { type ColumnValues } from '../../core/graph/ValueIndex.js';
import { type Relation } from '../../core/graph/types.js';
import { type DatabaseSchema, type Table } from '../../core/schema/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { measureInclusion } from './measureInclusion.js';
import { holdsText, readColumnValues } from './readColumnValues.js';
import { sampleTable, type TableSample } from './sampleTable.js';

export interface IndexInput {
  readonly database: ReadOnlyDatabase;
  readonly schema: DatabaseSchema;
  readonly candidates: readonly Relation[];
  readonly token: CancellationToken;
  readonly log: Logger;
  /** Called once with the guesses that data support, before values are read. */
  readonly onRelations: (relations: readonly Relation[]) => void;
}

export interface IndexResult {
  /** Guesses that data support. */
  readonly inferred: readonly Relation[];
  readonly values: readonly ColumnValues[];
}

/** Throws only when cancelled. */
export async function indexDatabase(input: IndexInput): Promise<IndexResult> {
  const samples = new Map<string, TableSample>();
  const sampleOf = async (table: Table): Promise<TableSample> => {
    const known = samples.get(table.name);
    if (known) return known;
    const sample = await sampleTable(input.database, table, input.token);
    samples.set(table.name, sample);
    return sample;
  };
  const inferred = await countInclusions(input, sampleOf);
  input.onRelations(inferred);
  const columns: ColumnValues[] = [];
  for (const table of input.schema.tables) {
    if (table.kind !== 'table') continue;
    for (const column of table.columns.filter(holdsText)) {
      const values = await slice(input, `${table.name}.${column.name}`, async () =>
        readColumnValues(input.database, table, column, await sampleOf(table), input.token),
      );
      if (values) columns.push(values);
    }
  }
  return { inferred, values: columns };
}

async function countInclusions(input: IndexInput, sampleOf: (table: Table) => Promise<TableSample>): Promise<readonly Relation[]> {
  const tables = new Map(input.schema.tables.map((table) => [table.name, table]));
  const inclusions = new Map<string, Inclusion>();
  for (const candidate of input.candidates) {
    const child = tables.get(candidate.child);
    if (!child) continue;
    const inclusion = await slice(input, candidate.id, async () =>
      measureInclusion(input.database, candidate, await sampleOf(child), input.token),
    );
    if (inclusion) inclusions.set(candidate.id, inclusion);
  }
  return checkInclusion(input.candidates, inclusions);
}

async function slice<T>(input: IndexInput, what: string, work: () => Promise<T>): Promise<T | undefined> {
  throwIfCancelled(input.token);
  try {
    return await work();
  } catch (error) {
    if (isCancelled(error) || input.token.isCancellationRequested) throw error;
    input.log.log('warn', '[catalogue]', `left out of the index: ${what}`, error);
    return undefined;
  }
}
