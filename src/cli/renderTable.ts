/** Rows as a table of text for a terminal. Shows what it is given: limits on rows are the caller's. */
import { type SqlValue } from '../core/schema/types.js';
import { type Style } from './io.js';
import { printable } from './printable.js';

/** Columns of a cell. */
const cellLimit = 40;

export function renderValue(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  return printable(String(value));
}

/** Columns of a character in a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\u200d|\ufe0f/u.test(character)) continue;
    width += /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}

function cut(text: string, limit: number): string {
  if (displayWidth(text) <= limit) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) > limit - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export interface TableText {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Cells are cut at `limit` columns. Header, rule and rows; numbers to the right. Headers are there also without rows; equal names are kept. */
export function renderTable(table: TableText, style: Style, limit = cellLimit): string {
  const headers = table.columns.map((name) => cut(printable(name), limit));
  const cells = table.rows.map((row) => row.map((value) => cut(renderValue(value), limit)));
  const widths = headers.map((header, column) => Math.max(displayWidth(header), ...cells.map((row) => displayWidth(row[column] ?? ''))));
  const toRight = headers.map((_, column) => table.rows.length > 0 && table.rows.every((row) => isNumeric(row[column] ?? null)));
  const line = (row: readonly string[], alignRight: readonly boolean[]): string =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, alignRight[column] ?? false))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [style.bold(line(headers, toRight)), style.dim(rule), ...cells.map((row) => line(row, toRight))].join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}

function isNumeric(value: SqlValue): boolean {
  return value === null || typeof value === 'number' || typeof value === 'bigint';
}
