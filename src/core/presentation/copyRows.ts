/**
 * Rows as text for other programs: TSV, CSV, JSON, Markdown and INSERT statements. NULL is told apart from the empty text wherever the
 * format can; integers keep all digits, bytes are written in hexadecimal. Reads nothing and guesses nothing about the table's types.
 */
import { type SqlValue } from '../schema/types.js';
import { hexOf, literalOf } from '../sql/fillParameters.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type ExactRow } from '../sql/resultTypes.js';

export interface CopiedRows {
  /** Names of the columns, in the order of the values. */
  readonly columns: readonly string[];
  readonly rows: readonly ExactRow[];
}

/** A spreadsheet keeps line breaks inside quotes; NULL is nothing, the empty text is two quotes. */
export function toCsv({ columns, rows }: CopiedRows, header: boolean): string {
  const lines = rows.map((row) => csvLine(row));
  return [...(header ? [csvHeader(columns)] : []), ...lines].join('\r\n');
}

export function csvHeader(columns: readonly string[]): string {
  return columns.map(csvText).join(',');
}

export function csvLine({ values, types }: ExactRow): string {
  return values.map((value, at) => (value === null ? '' : csvText(plainText(value, types.charAt(at))))).join(',');
}

function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** For pasting into cells: a tab or a line break inside a value needs quotes, NULL is nothing. */
export function toTsv({ columns, rows }: CopiedRows, header: boolean): string {
  const cell = (text: string): string => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ values, types }) => values.map((value, at) => cell(value === null ? '' : plainText(value, types.charAt(at)))));
  return [...(header ? [columns.map(cell)] : []), ...lines].map((line) => line.join('\t')).join('\n');
}

/** An array of objects; equal column names get a number. Integers keep their digits, bytes are `{"$hex": "…"}`. */
export function toJson({ columns, rows }: CopiedRows): string {
  const names = uniqueNames(columns);
  return rows.length === 0 ? '[]' : `[\n${rows.map((row) => `  ${jsonObject(names, row)}`).join(',\n')}\n]`;
}

export function jsonObject(names: readonly string[], { values, types }: ExactRow): string {
  return `{${values.map((value, at) => `${JSON.stringify(names[at] ?? '')}: ${jsonValue(value, types.charAt(at))}`).join(', ')}}`;
}

export function jsonValue(value: SqlValue, type: string): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `{"$hex": "${hexOf(value)}"}`;
  if (typeof value === 'string') return JSON.stringify(value);
  // JSON has no infinity; a text is better than a wrong number.
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(plainText(value, type));
  return plainText(value, type);
}

export function toMarkdown({ columns, rows }: CopiedRows): string {
  const cell = (text: string): string => text.replace(/[\\|]/g, '\\$&').replace(/\r\n?|\n/g, '<br>');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map(({ values, types }) =>
    line(values.map((value, at) => (value === null ? 'NULL' : cell(plainText(value, types.charAt(at)))))),
  );
  return [line(columns.map(cell)), line(columns.map((_, at) => (isNumeric(rows, at) ? '---:' : '---'))), ...body].join('\n');
}

/** One statement per row. Equal names are numbered; a result that is no table needs a name from the caller. */
export function toInsert({ columns, rows }: CopiedRows, table: string): string {
  const names = uniqueNames(columns).map(quoteIdentifier).join(', ');
  return rows
    .map(({ values, types }) => {
      const literals = values.map((value, at) => (types.charAt(at) === 'r' ? realLiteral(Number(value)) : literalOf(value)));
      return `INSERT INTO ${quoteIdentifier(table)} (${names}) VALUES (${literals.join(', ')});`;
    })
    .join('\n');
}

/** The value as SQLite's shell would print it; bytes in hexadecimal digits. */
export function plainText(value: Exclude<SqlValue, null>, type: string): string {
  if (value instanceof Uint8Array) return hexOf(value);
  return type === 'r' ? realText(Number(value)) : String(value);
}

/** A real number always shows that it is one. */
export function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Equal names get `_2`, `_3`, …; compared without case, as the readers of such files do. */
export function uniqueNames(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${name}_${number}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

function realLiteral(value: number): string {
  return Number.isFinite(value) ? realText(value) : literalOf(value);
}

function isNumeric(rows: readonly ExactRow[], at: number): boolean {
  return (
    rows.length > 0 && rows.every(({ types }) => 'nir'.includes(types.charAt(at))) && rows.some(({ types }) => types.charAt(at) !== 'n')
  );
}
