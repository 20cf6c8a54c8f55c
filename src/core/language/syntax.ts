/**
 * What our reader makes of one statement, finished or not: queries, their scopes, and the names in them with their places. It says
 * what stands where, not what the names mean (`resolveNames`), and nothing about whether SQLite would accept it.
 */
import { type Token } from '../sql/tokenize.js';

/** A name as written, without its quotes. */
export interface Name {
  readonly name: string;
  /** Offsets of the token, quotes included, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Written in double quotes: SQLite takes it for a text when no column has it. */
  readonly doubleQuoted: boolean;
}

export type Clause =
  | 'select'
  | 'from'
  | 'on'
  | 'using'
  | 'where'
  | 'group'
  | 'having'
  | 'window'
  | 'order'
  | 'limit'
  | 'set'
  | 'into'
  | 'values'
  | 'conflict'
  | 'returning';

export interface ClauseStart {
  readonly clause: Clause;
  /** Offset of its first word. */
  readonly start: number;
  /** Offset behind its first word; a clause is entered there. */
  readonly end: number;
}

export interface ColumnReference {
  readonly qualifier?: Name;
  /** Absent while nothing stands behind the dot yet. */
  readonly name?: Name;
  readonly clause: Clause;
  readonly start: number;
  readonly end: number;
}

export interface FunctionCall {
  readonly name: Name;
  /** Offsets of the parenthesis and behind its partner; `close` is the end of the text when there is none. */
  readonly open: number;
  readonly close: number;
  /** Offsets of the commas between arguments. */
  readonly commas: readonly number[];
}

export interface ResultColumn {
  readonly alias?: Name;
  /** The whole expression, when it is nothing but a column. */
  readonly reference?: ColumnReference;
  /** `*`, or `qualifier.*`. */
  readonly isStar: boolean;
  readonly qualifier?: Name;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  /** `main`, `temp` or the name of an attached database. */
  readonly database?: Name;
  /** Absent for a subquery. */
  readonly table?: Name;
  readonly alias?: Name;
  readonly query?: Query;
  /** A table-valued function such as json_each(…). */
  readonly isCall: boolean;
  /** `JOIN`, `LEFT JOIN`, `,` …; empty for the first. */
  readonly join: string;
  readonly hasCondition: boolean;
  /** Column names of USING. */
  readonly using: readonly Name[];
  readonly start: number;
  readonly end: number;
}

export interface CommonTable {
  readonly name: Name;
  /** Names in parentheses behind the name; empty when there are none. */
  readonly columns: readonly Name[];
  readonly query: Query;
}

/** One SELECT, VALUES, INSERT, UPDATE or DELETE with what it can see. */
export interface Scope {
  readonly kind: 'select' | 'values' | 'insert' | 'update' | 'delete' | 'row';
  /** The scope around it, whose columns it may use. */
  readonly parent?: Scope;
  readonly start: number;
  /** Exclusive; a cursor at `end` still belongs to the scope. */
  readonly end: number;
  /** Common tables that can be named here, innermost first. */
  readonly commonTables: readonly CommonTable[];
  readonly sources: readonly Source[];
  readonly results: readonly ResultColumn[];
  readonly references: readonly ColumnReference[];
  readonly clauses: readonly ClauseStart[];
  /** Names given by WINDOW. */
  readonly windows: readonly Name[];
}

export interface Query {
  readonly scopes: readonly Scope[];
  readonly start: number;
  readonly end: number;
}

export interface Statement {
  /** First word in upper case (behind EXPLAIN and WITH), such as `SELECT` or `CREATE`; empty for an empty statement. */
  readonly verb: string;
  /** Second word of CREATE, DROP and ALTER: `TABLE`, `VIEW` … */
  readonly object: string;
  /** The table, view, index or trigger that is made, changed or written to. */
  readonly target?: Name;
  /** Columns that CREATE TABLE declares. */
  readonly columns: readonly Name[];
  readonly commonTables: readonly CommonTable[];
  /** Every scope in the order of the text, outer ones before inner ones. */
  readonly scopes: readonly Scope[];
  readonly calls: readonly FunctionCall[];
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly end: number;
}
