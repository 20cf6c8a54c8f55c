/**
 * A database's schema as plain readonly values, exactly as SQLite reports it. Nothing is inferred here: guessed
 * relations live in `core/graph`. Names keep their stored spelling; SQLite compares them without case (ASCII).
 */

/** SQLite's five column affinities, https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export type Affinity = 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB' | 'NUMERIC';

/** One SQLite value without loss: integers beyond 2^53 are bigint, blobs are bytes. */
export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Column {
  readonly name: string;
  /** Declared type as written, '' when there is none. */
  readonly type: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  /** 1-based position in the primary key, 0 when not part of it. */
  readonly primaryKey: number;
  /** Default as SQL text. */
  readonly defaultValue?: string;
  readonly generated?: 'virtual' | 'stored';
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly parentTable: string;
  /** Parent columns with the implicit primary key already filled in; empty when the parent does not exist. */
  readonly parentColumns: readonly string[];
  readonly onUpdate: string;
  readonly onDelete: string;
  readonly deferred: boolean;
  /** False when the parent table or one of its columns does not exist: SQLite allows such declarations. */
  readonly parentExists: boolean;
}

export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly origin: 'created' | 'unique' | 'primaryKey';
  readonly partial: boolean;
  /** Column names; null for an expression. */
  readonly columns: readonly (string | null)[];
  /** CREATE statement as stored; an index that a constraint of its table made has none. */
  readonly ddl?: string;
}

export interface Trigger {
  readonly name: string;
  readonly ddl: string;
}

export type TableKind = 'table' | 'view' | 'virtual';

export interface Table {
  readonly name: string;
  readonly kind: TableKind;
  readonly columns: readonly Column[];
  /** Column names in key order; empty when there is none. */
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  /** CHECK constraints as SQL text without the keyword. */
  readonly checks: readonly string[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  /** Module of a virtual table, such as `fts5`. */
  readonly module?: string;
  /** CREATE statement as stored. */
  readonly ddl: string;
}

/** Something about a database that could not be read, with the table it concerns. */
export interface SchemaProblem {
  readonly table?: string;
  readonly code: 'view.invalid' | 'table.unreadable' | 'table.tooManyColumns' | 'name.notUtf8' | 'virtual.unavailable';
  readonly detail: string;
}

export interface DatabaseSchema {
  /** Stable id of the database inside the product: its absolute path for files. */
  readonly id: string;
  /** Short name for people, unique inside a catalogue. */
  readonly name: string;
  readonly tables: readonly Table[];
  readonly problems: readonly SchemaProblem[];
  /** Hash of the DDL text of everything in sqlite_schema: equal hash, equal schema. */
  readonly schemaHash: string;
}

/** A few facts of a column's data, read in bounded samples. */
export interface ColumnProfile {
  readonly table: string;
  readonly column: string;
  /** Up to two representative values for prompts and hovers, as stored. */
  readonly examples: readonly SqlValue[];
  /** Distinct values seen and rows looked at; both are bounded. */
  readonly distinct: number;
  readonly rows: number;
  readonly nulls: number;
  /** True when not every row was read. */
  readonly sampled: boolean;
}
