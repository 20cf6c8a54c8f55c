/** What statements did to a database, as values: the result of a preview. */

/** Values are the texts of SQL literals, cut when long. */
export interface ChangedRow {
  readonly kind: 'inserted' | 'deleted' | 'updated';
  readonly key: readonly string[];
  /** Values of the columns of the table; absent for an inserted row. */
  readonly before?: readonly string[];
  /** Absent for a deleted row. */
  readonly after?: readonly string[];
}

export interface TableChanges {
  readonly table: string;
  readonly keyColumns: readonly string[];
  readonly columns: readonly string[];
  readonly inserted: number;
  readonly deleted: number;
  readonly updated: number;
  /** Some of them: deleted, then updated, then inserted. */
  readonly rows: readonly ChangedRow[];
  /** True when the rows of the table could not be told apart, so that nothing is said about them. */
  readonly unknown?: true;
}

export interface SchemaChange {
  readonly type: string;
  readonly name: string;
  /** DDL; absent for what was created. */
  readonly before?: string;
  /** Absent for what was dropped. */
  readonly after?: string;
}

export interface StatementEffect {
  readonly sql: string;
  /** Rows inserted, updated or deleted, by triggers and foreign keys too. */
  readonly changes: number;
}

export interface WritePreview {
  /** Absolute path of the real file. */
  readonly database: string;
  readonly statements: readonly StatementEffect[];
  readonly schema: readonly SchemaChange[];
  /** Tables with changed rows. */
  readonly tables: readonly TableChanges[];
  /** Milliseconds for the statements on the copy. */
  readonly elapsedMs: number;
}
