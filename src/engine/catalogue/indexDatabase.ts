/**
 * The background work on one database, in slices: each reads bounded rows in bounded time and hands control back. Facts about
 * columns and inclusion of guessed relations come first, because prompts and joins need them, then values. A slice that fails is
 * left out and logged.
 */
import { checkInclusion, type Inclusion } from '../../core/graph/checkInclusion.js';
import { overlapCandidates } from '../../core/graph/overlapCandidates.js';
import { sameColumnCandidates } from '../../core/graph/sameColumnCandidates.js';
import { type Relation } from '../../core/graph/types.js';
import { type ColumnValues } from '../../core/graph/ValueIndex.js';
import { type ColumnProfile, type DatabaseSchema, type Table } from '../../core/schema/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { measureInclusion } from './measureInclusion.js';
import { holdsText, readColumnValues } from './readColumnValues.js';
import { readProfiles } from './readProfiles.js';
import { sampleTable, type TableSample } from './sampleTable.js';

export interface IndexInput {
  readonly database: ReadOnlyDatabase;
  readonly schema: DatabaseSchema;
  readonly declared: readonly Relation[];
  /** Guesses by name, not yet checked. */
  readonly candidates: readonly Relation[];
  readonly token: CancellationToken;
  readonly log: Logger;
  readonly onProfiles: (profiles: readonly ColumnProfile[]) => void;
  /** Called with the guesses that data support, before values are read. */
  readonly onInferred: (relations: readonly Relation[]) => void;
}

export interface IndexResult {
  readonly profiles: readonly ColumnProfile[];
  /** Guesses that data support. */
  readonly inferred: readonly Relation[];
  readonly values: readonly ColumnValues[];
}

type SampleOf = (table: Table) => Promise<TableSample>;

/** Throws only when cancelled. */
export async function indexDatabase(input: IndexInput): Promise<IndexResult> {
  const samples = new Map<string, TableSample>();
  const sampleOf: SampleOf = async (table) => {
    const known = samples.get(table.name);
    if (known) return known;
    const sample = await sampleTable(input.database, table, input.token);
    samples.set(table.name, sample);
    return sample;
  };
  // Views may cost anything and hold nothing of their own; virtual tables hold texts, not names of things.
  const tables = input.schema.tables.filter((table) => table.kind === 'table');
  const profiles: ColumnProfile[] = [];
  for (const table of tables) {
    const found = await slice(input, table.name, async () => readProfiles(input.database, table, await sampleOf(table), input.token));
    profiles.push(...(found ?? []));
  }
  input.onProfiles(profiles);
  const inferred = await inferFromData(input, profiles, sampleOf);
  input.onInferred(inferred);
  const values: ColumnValues[] = [];
  for (const table of tables) {
    for (const column of table.columns.filter(holdsText)) {
      const found = await slice(input, `${table.name}.${column.name}`, async () =>
        readColumnValues(input.database, table, column, await sampleOf(table), input.token),
      );
      if (found) values.push(found);
    }
  }
  return { profiles, inferred, values };
}

/** Equal names count only between tables that no guess relates once data have judged the others. */
async function inferFromData(input: IndexInput, profiles: readonly ColumnProfile[], sampleOf: SampleOf): Promise<readonly Relation[]> {
  const overlaps = overlapCandidates(input.schema, [...input.declared, ...input.candidates], profiles);
  const kept = await judgeByData(input, [...input.candidates, ...overlaps], sampleOf);
  const byColumn = sameColumnCandidates(input.schema, [...input.declared, ...kept], profiles);
  return [...kept, ...(await judgeByData(input, byColumn, sampleOf))];
}

async function judgeByData(input: IndexInput, candidates: readonly Relation[], sampleOf: SampleOf): Promise<readonly Relation[]> {
  const tables = new Map(input.schema.tables.map((table) => [table.name, table]));
  const inclusions = new Map<string, Inclusion>();
  for (const candidate of candidates) {
    const child = tables.get(candidate.child);
    if (!child) continue;
    const inclusion = await slice(input, candidate.id, async () =>
      measureInclusion(input.database, candidate, await sampleOf(child), input.token),
    );
    if (inclusion) inclusions.set(candidate.id, inclusion);
  }
  return checkInclusion(candidates, inclusions);
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
