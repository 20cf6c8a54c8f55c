/** What a database offers to somebody who writes SQL: its tables by any spelling, and the graph of its relations. Made once per state. */
import { buildJoinGraph, type JoinGraph } from '../graph/joinGraph.js';
import { foldName } from '../graph/tableKeys.js';
import { type Relation } from '../graph/types.js';
import { type Column, type DatabaseSchema, type Table } from '../schema/types.js';

export interface SchemaKnowledge {
  readonly schema: DatabaseSchema;
  readonly relations: readonly Relation[];
}

export interface LanguageSchema extends SchemaKnowledge {
  readonly graph: JoinGraph;
  /** By any spelling; SQLite's own schema tables are found too, but are not among `schema.tables`. */
  table(name: string): Table | undefined;
  /** Relations between two tables, either of which may be the child; a table's relations to itself when both are equal. */
  relationsBetween(a: string, b: string): readonly Relation[];
}

const systemColumns = ['type', 'name', 'tbl_name', 'rootpage', 'sql'];
const systemTables: readonly Table[] = ['sqlite_schema', 'sqlite_master', 'sqlite_temp_schema', 'sqlite_temp_master'].map((name) => ({
  name,
  kind: 'table',
  columns: systemColumns.map((column): Column => ({
    name: column,
    type: column === 'rootpage' ? 'INT' : 'TEXT',
    affinity: column === 'rootpage' ? 'INTEGER' : 'TEXT',
    notNull: false,
    primaryKey: 0,
  })),
  primaryKey: [],
  foreignKeys: [],
  indexes: [],
  triggers: [],
  checks: [],
  withoutRowid: false,
  strict: false,
  ddl: '',
}));

export function languageSchema({ schema, relations }: SchemaKnowledge): LanguageSchema {
  const tables = new Map([...systemTables, ...schema.tables].map((table) => [foldName(table.name), table]));
  const pairs = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = pairKey(relation.child, relation.parent);
    const known = pairs.get(key);
    if (known) known.push(relation);
    else pairs.set(key, [relation]);
  }
  let graph: JoinGraph | undefined;
  return {
    schema,
    relations,
    get graph() {
      graph ??= buildJoinGraph(relations);
      return graph;
    },
    table: (name) => tables.get(foldName(name)),
    relationsBetween: (a, b) => pairs.get(pairKey(a, b)) ?? [],
  };
}

function pairKey(a: string, b: string): string {
  return [foldName(a), foldName(b)].sort().join('\u0000');
}
