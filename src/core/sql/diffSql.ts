/**
 * SELECTs that compare a table of two attached databases, `old` and `main`, row by row. Rows are matched by their key, whatever its
 * collation; the rest is compared exactly, type and case included. Every shown value is the text of a SQL literal.
 */
import { quoteIdentifier } from './quote.js';

export interface ComparedTable {
  readonly name: string;
  /** Expressions that tell the rows apart on both sides: key columns, or the rowid under a name that no column hides. */
  readonly key: readonly { readonly name: string; readonly isRowid: boolean }[];
  /** Columns that both sides have. */
  readonly columns: readonly string[];
}

export interface DiffSql {
  /** One row: inserted, deleted, updated. */
  readonly counts: string;
  /** Columns `k0…` and `n0…`. */
  readonly inserted: string;
  /** Columns `k0…` and `o0…`. */
  readonly deleted: string;
  /** Columns `k0…`, `o0…` and `n0…`. */
  readonly updated: string;
}

/** Characters of a text, and bytes of a blob, that are shown. */
const shownCharacters = 120;
const shownBytes = 24;

/** At most `rows` rows of each kind are given. */
export function diffSql({ name, key, columns }: ComparedTable, rows: number): DiffSql {
  const table = quoteIdentifier(name);
  const matches = key.map((part) => `a.${nameOf(part)} ${part.isRowid ? '=' : 'IS'} b.${nameOf(part)}`).join(' AND ');
  const missing = (side: 'a' | 'b', other: 'a' | 'b'): string =>
    `${from(side, table)} WHERE NOT EXISTS (SELECT 1 ${from(other, table)} WHERE ${matches})`;
  const changed = `${from('b', table)} JOIN ${schemaOf('a')}.${table} AS a ON ${matches} WHERE ${differs(columns)}`;
  const keys = (side: 'a' | 'b'): string => key.map((part, at) => `${shown(`${side}.${nameOf(part)}`)} AS k${at}`).join(', ');
  const values = (side: 'a' | 'b', mark: 'n' | 'o'): string =>
    columns.map((column, at) => `${shown(`${side}.${quoteIdentifier(column)}`)} AS ${mark}${at}`).join(', ');
  const counts = [missing('a', 'b'), missing('b', 'a'), changed].map((rest) => `(SELECT count(*) ${rest})`);
  return {
    counts: `SELECT ${counts[0]} AS inserted, ${counts[1]} AS deleted, ${counts[2]} AS updated`,
    inserted: `SELECT ${keys('a')}, ${values('a', 'n')} ${missing('a', 'b')} LIMIT ${rows}`,
    deleted: `SELECT ${keys('b')}, ${values('b', 'o')} ${missing('b', 'a')} LIMIT ${rows}`,
    updated: `SELECT ${keys('b')}, ${values('b', 'o')}, ${values('a', 'n')} ${changed} LIMIT ${rows}`,
  };
}

function schemaOf(side: 'a' | 'b'): string {
  return side === 'a' ? 'main' : 'old';
}

function from(side: 'a' | 'b', table: string): string {
  return `FROM ${schemaOf(side)}.${table} AS ${side}`;
}

function nameOf({ name, isRowid }: ComparedTable['key'][number]): string {
  return isRowid ? name : quoteIdentifier(name);
}

/** Row values, because a chain of ANDs over many columns is deeper than SQLite allows. */
function differs(columns: readonly string[]): string {
  const row = (side: 'a' | 'b'): string =>
    columns
      .map((column) => `${side}.${quoteIdentifier(column)}`)
      .map((column) => `${column} COLLATE BINARY, typeof(${column})`)
      .join(', ');
  return `(${row('a')}) IS NOT (${row('b')})`;
}

/** Long values are cut, with what is left out after the literal. */
function shown(value: string): string {
  return (
    `CASE typeof(${value}) ` +
    `WHEN 'text' THEN quote(substr(${value}, 1, ${shownCharacters})) || ${rest(value, shownCharacters)} ` +
    `WHEN 'blob' THEN quote(substr(${value}, 1, ${shownBytes})) || ${rest(value, shownBytes)} ` +
    `ELSE quote(${value}) END`
  );
}

function rest(value: string, shownLength: number): string {
  return `CASE WHEN length(${value}) > ${shownLength} THEN '… (' || length(${value}) || ')' ELSE '' END`;
}
