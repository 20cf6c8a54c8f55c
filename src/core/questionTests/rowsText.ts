/** Rows as text of one line each, so that two results can be compared line by line. Exact: what differs looks different. */
import { quoteString } from '../sql/quote.js';
import { type SqlValue } from '../schema/types.js';
import { type Row } from './types.js';

/** Rows beyond this are counted, not shown. */
const mostRows = 500;

/** @param sorted true where order does not matter: equal rows then stand on equal lines. */
export function rowsText(columns: readonly string[] | undefined, rows: readonly Row[], sorted: boolean): string {
  const lines = rows.map((row) => row.map(valueText).join(' | '));
  if (sorted) lines.sort();
  const shown = lines.slice(0, mostRows);
  const more = lines.length > shown.length ? [`… ${lines.length - shown.length} more rows`] : [];
  return [...(columns ? [columns.join(' | ')] : []), ...shown, ...more, `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`].join(
    '\n',
  );
}

export function valueText(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteString(value).replace(/\r/g, '\\r').replace(/\n/g, '\\n');
  if (value instanceof Uint8Array) return `x'${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')}'`;
  return String(value);
}
