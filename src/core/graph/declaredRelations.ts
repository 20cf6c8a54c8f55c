/** Foreign keys of a schema as relations. Declarations whose parent does not exist are left out: nothing can be joined along them. */
import { type DatabaseSchema, type ForeignKey, type Table } from '../schema/types.js';
import { relationId } from './relationId.js';
import { findColumn, foldName, isUnique } from './tableKeys.js';
import { type Relation } from './types.js';

/** In the order of the schema; the same equalities declared twice give one relation. */
export function declaredRelations(schema: DatabaseSchema): readonly Relation[] {
  const tables = new Map(schema.tables.map((table) => [foldName(table.name), table]));
  const found = new Map<string, Relation>();
  for (const table of schema.tables) {
    for (const key of table.foreignKeys) {
      const relation = toRelation(table, key, tables.get(foldName(key.parentTable)));
      if (relation && !found.has(relation.id)) found.set(relation.id, relation);
    }
  }
  return [...found.values()];
}

function toRelation(child: Table, key: ForeignKey, parent: Table | undefined): Relation | undefined {
  if (!parent || !key.parentExists || key.columns.length === 0 || key.columns.length !== key.parentColumns.length) return undefined;
  const childColumns = storedNames(child, key.columns);
  const parentColumns = storedNames(parent, key.parentColumns);
  if (!childColumns || !parentColumns) return undefined;
  return {
    id: relationId(child.name, childColumns, parent.name, parentColumns),
    child: child.name,
    childColumns,
    parent: parent.name,
    parentColumns,
    origin: 'declared',
    confidence: 1,
    cardinality: isUnique(child, childColumns) ? '1:1' : 'N:1',
  };
}

/** SQLite itself takes a key whose parent column is missing; such a key cannot be joined along. */
function storedNames(table: Table, names: readonly string[]): readonly string[] | undefined {
  const found = names.flatMap((name) => findColumn(table, name)?.name ?? []);
  return found.length === names.length ? found : undefined;
}
