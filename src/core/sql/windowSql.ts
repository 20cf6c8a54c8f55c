/**
 * The statements that read parts of a result: a window of rows as a grid shows them or without loss, the number of rows, and the copy of
 * all rows into a temporary table. The user's statement stands inside unchanged; names of its columns are replaced by positions, because
 * they may be equal or empty.
 */
import { quoteString } from './quote.js';
import { type Filter, type ResultView } from './resultTypes.js';

/** Where rows come from: a guarded statement of so many columns, or the snapshot made of one. */
export type RowSource =
  | { readonly kind: 'statement'; readonly text: string; readonly columns: number; readonly view: ResultView }
  | { readonly kind: 'snapshot'; readonly columns: number };

export interface RowWindow {
  /** Rows to skip, from 0. */
  readonly from: number;
  readonly rows: number;
}

export const snapshotTable = 'temp."joinery snapshot"';
/** Letters of types per column of letters: SQLite bounds the depth of an expression. */
export const lettersPerColumn = 50;
const blobStart = 32;

/** Rows for a grid. Texts of more than four times `characters` bytes come as `length:start`, blobs as `length:hex`, big integers as text. */
export function previewSql(source: RowSource, window: RowWindow, characters: number): string {
  const value = (name: string): string =>
    `CASE typeof(${name}) WHEN 'text' THEN CASE WHEN ${isLong(name, characters)} THEN length(${name}) || ':' || substr(${name}, 1, ${characters}) ELSE ${name} END ` +
    `WHEN 'blob' THEN length(${name}) || ':' || hex(substr(${name}, 1, ${blobStart})) WHEN 'integer' THEN ${exactInteger(name)} ELSE ${name} END`;
  const letter = (name: string): string =>
    `CASE typeof(${name}) WHEN 'text' THEN CASE WHEN ${isLong(name, characters)} THEN 'T' ELSE 't' END ELSE substr(typeof(${name}), 1, 1) END`;
  return select(source, window, allColumns(source.columns), value, letter);
}

/** Rows without loss, of the columns with these positions, in this order. */
export function exactSql(source: RowSource, window: RowWindow, columns: readonly number[] = allColumns(source.columns)): string {
  const value = (name: string): string => `CASE typeof(${name}) WHEN 'integer' THEN ${exactInteger(name)} ELSE ${name} END`;
  return select(source, window, columns, value, (name) => `substr(typeof(${name}), 1, 1)`);
}

/** One row: the number of rows. */
export function countSql(source: RowSource & { readonly kind: 'statement' }): string {
  return `${withResult(source)} SELECT count(*) AS c0 FROM "joinery result"${where(source)}`;
}

/**
 * Makes the empty snapshot and fills it. Its columns have no affinity, so that values stay as they are. Without a LIMIT, for with one SQLite
 * sorts in a tree instead of by merging, which takes twenty times as long for a million rows.
 */
export function snapshotSql(source: RowSource & { readonly kind: 'statement' }): readonly [create: string, fill: string] {
  const names = nameList(source.columns);
  return [
    `CREATE TEMP TABLE "joinery snapshot"(${names})`,
    `INSERT INTO ${snapshotTable}(${names}) ${withResult(source)} SELECT * FROM "joinery result"${where(source)}${order(source)}`,
  ];
}

function select(
  source: RowSource,
  window: RowWindow,
  columns: readonly number[],
  value: (name: string) => string,
  letter: (name: string) => string,
): string {
  const values = columns.map((column, at) => `${value(`c${column}`)} AS v${at}`);
  const letters: string[] = [];
  for (let at = 0; at < columns.length; at += lettersPerColumn) {
    const part = columns.slice(at, at + lettersPerColumn).map((column) => letter(`c${column}`));
    letters.push(`${part.join(' || ')} AS k${letters.length}`);
  }
  return `${from(source)} SELECT ${[...values, ...letters].join(', ')} FROM (${windowOf(source, window)})`;
}

function from(source: RowSource): string {
  return source.kind === 'statement' ? withResult(source) : '';
}

/** LIMIT stands inside, so that the work on values is done for the rows of the window only. */
function windowOf(source: RowSource, { from: skipped, rows }: RowWindow): string {
  if (source.kind === 'snapshot')
    return `SELECT * FROM ${snapshotTable} WHERE rowid > ${skipped} AND rowid <= ${skipped + rows} ORDER BY rowid LIMIT ${rows}`;
  return `SELECT * FROM "joinery result"${where(source)}${order(source)} LIMIT ${rows} OFFSET ${skipped}`;
}

function withResult({ text, columns }: RowSource & { readonly kind: 'statement' }): string {
  return `WITH "joinery result"(${nameList(columns)}) AS (${text}\n)`;
}

function where({ view, columns }: RowSource & { readonly kind: 'statement' }): string {
  const conditions = view.filters.map((filter) => condition(filter, columns));
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function order({ view }: RowSource & { readonly kind: 'statement' }): string {
  if (view.sort.length === 0) return '';
  return ` ORDER BY ${view.sort.map(({ column, descending }) => `c${column}${descending ? ' DESC' : ''}`).join(', ')}`;
}

function condition(filter: Filter, columns: number): string {
  if (filter.column >= 0) return `(${test(`c${filter.column}`, filter)})`;
  // Groups keep the expression flat enough for hundreds of columns.
  const tests = allColumns(columns).map((column) => test(`c${column}`, filter));
  const groups: string[] = [];
  for (let at = 0; at < tests.length; at += 50) groups.push(`(${tests.slice(at, at + 50).join(' OR ')})`);
  return `(${groups.join(' OR ')})`;
}

function test(name: string, { operator, value }: Filter): string {
  switch (operator) {
    case 'contains':
      return `${name} LIKE ${quoteString(`%${likeText(value)}%`)} ESCAPE '\\'`;
    case 'startsWith':
      return `${name} LIKE ${quoteString(`${likeText(value)}%`)} ESCAPE '\\'`;
    case 'equals':
      return isNumber(value) ? `${name} = ${value} OR ${name} = ${quoteString(value)}` : `${name} = ${quoteString(value)}`;
    case 'differs':
      return isNumber(value) ? `${name} IS NOT ${value} AND ${name} IS NOT ${quoteString(value)}` : `${name} IS NOT ${quoteString(value)}`;
    case 'less':
      return `${name} < ${literal(value)}`;
    case 'atMost':
      return `${name} <= ${literal(value)}`;
    case 'greater':
      return `${name} > ${literal(value)}`;
    case 'atLeast':
      return `${name} >= ${literal(value)}`;
    case 'isNull':
      return `${name} IS NULL`;
    case 'isNotNull':
      return `${name} IS NOT NULL`;
  }
}

function literal(value: string): string {
  return isNumber(value) ? value : quoteString(value);
}

function isNumber(value: string): boolean {
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value);
}

function likeText(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&');
}

/** The bytes count: `length` of a text ends at its first zero character. */
function isLong(name: string, characters: number): string {
  return `length(CAST(${name} AS BLOB)) > ${4 * characters}`;
}

function exactInteger(name: string): string {
  return `CASE WHEN ${name} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER} THEN ${name} ELSE CAST(${name} AS TEXT) END`;
}

function allColumns(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function nameList(count: number): string {
  return allColumns(count)
    .map((at) => `c${at}`)
    .join(', ');
}
