/** What the schema graph shows of databases: tables with their columns and the relations between them. No DDL and no values. */
import { type Relation } from '../graph/types.js';
import { type DatabaseSchema, type TableKind } from '../schema/types.js';

export interface GraphColumn {
  readonly name: string;
  readonly type: string;
  readonly primary: boolean;
  /** Refers to another table, by a declared or an inferred relation. */
  readonly foreign: boolean;
  readonly notNull: boolean;
}

export interface GraphTable {
  readonly name: string;
  readonly kind: TableKind;
  readonly columns: readonly GraphColumn[];
}

export interface GraphDatabase {
  /** Absolute path. */
  readonly path: string;
  /** What people call it. */
  readonly label: string;
  readonly tables: readonly GraphTable[];
  /** Both ends are names of `tables`. */
  readonly relations: readonly Relation[];
}

/** Relations whose ends are not there, such as keys that refer to missing tables, are left out. */
export function graphDatabase(path: string, label: string, schema: DatabaseSchema, relations: readonly Relation[]): GraphDatabase {
  const names = new Set(schema.tables.map(({ name }) => name));
  const shown = relations.filter(({ child, parent }) => names.has(child) && names.has(parent));
  const foreign = new Set(shown.flatMap(({ child, childColumns }) => childColumns.map((column) => `${child}\0${column}`)));
  const tables = schema.tables.map(({ name, kind, columns }): GraphTable => ({
    name,
    kind,
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      primary: column.primaryKey > 0,
      foreign: foreign.has(`${name}\0${column.name}`),
      notNull: column.notNull,
    })),
  }));
  return { path, label, tables, relations: shown };
}
