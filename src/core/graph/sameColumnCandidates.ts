/**
 * Guesses between tables that nothing else leads from and to, as after an import of CSV files: a column of the same name whose values
 * the data show to be distinct there stands for the key that nobody declared. Where tables are related already, equal names say less.
 */
import { type ColumnProfile, type DatabaseSchema, type Table } from '../schema/types.js';
import { connectedComponents } from './connectedComponents.js';
import { inferredRelation } from './inferredRelation.js';
import { buildJoinGraph } from './joinGraph.js';
import { compareTypes } from './keyIndex.js';
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

const confidence = 0.45;
/** A few rows differ in any column. */
const leastRows = 5;
const leastDistinct = 3;
/** A name in more tables than this, such as `id`, stands for each table's own rows. */
const mostTables = 8;

interface Holder {
  readonly table: Table;
  readonly column: string;
  readonly profile: ColumnProfile;
}

/** Only data can confirm them: each needs to be counted. */
export function sameColumnCandidates(
  schema: DatabaseSchema,
  explained: readonly Relation[],
  profiles: readonly ColumnProfile[],
): readonly Relation[] {
  const group = new Map<string, number>();
  const names = schema.tables.map(({ name }) => name);
  connectedComponents(buildJoinGraph(explained), names).forEach((tables, number) => {
    for (const table of tables) group.set(table, number);
  });
  return [...holdersByName(schema, profiles).values()]
    .filter((holders) => holders.length <= mostTables)
    .flatMap((holders) =>
      holders.filter(isDistinct).flatMap((parent) =>
        holders.flatMap((child) => {
          if (group.get(child.table.name) === group.get(parent.table.name) || !repeatsWithin(child, parent)) return [];
          return [inferredRelation(child.table, [child.column], parent.table, [parent.column], confidence, 'sameColumn')];
        }),
      ),
    );
}

function holdersByName(schema: DatabaseSchema, profiles: readonly ColumnProfile[]): ReadonlyMap<string, readonly Holder[]> {
  const tables = new Map(schema.tables.map((table) => [table.name, table]));
  const found = new Map<string, Holder[]>();
  for (const profile of profiles) {
    const table = tables.get(profile.table);
    if (table?.kind !== 'table') continue;
    const name = foldName(profile.column);
    found.set(name, [...(found.get(name) ?? []), { table, column: profile.column, profile }]);
  }
  return found;
}

function isDistinct({ profile }: Holder): boolean {
  return !profile.sampled && profile.nulls === 0 && profile.rows >= leastRows && profile.distinct === profile.rows;
}

function repeatsWithin(child: Holder, parent: Holder): boolean {
  const { distinct, rows, nulls } = child.profile;
  if (distinct < leastDistinct || distinct >= rows - nulls || distinct > parent.profile.rows) return false;
  const columns = [child, parent].map(({ table, column }) => table.columns.find(({ name }) => name === column));
  return columns[0] !== undefined && columns[1] !== undefined && compareTypes(columns[0], columns[1]) === 'same';
}
