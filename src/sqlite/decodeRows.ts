/** Rows as the window statements give them (`v0`, `v1`, … and letters in `k0`, …) become cells or exact rows. Pure. */
import { realText } from '../core/presentation/copyRows.js';
import { type SqlValue } from '../core/schema/types.js';
import { type Cell, type ExactRow } from '../core/sql/resultTypes.js';
import { lettersPerColumn } from '../core/sql/windowSql.js';
import { type RawRow } from './rawConnection.js';

export function decodePreview(row: RawRow, columns: number): Cell[] {
  const letters = lettersOf(row, columns);
  return Array.from({ length: columns }, (_, at) => cellOf(row[`v${at}`], letters.charAt(at)));
}

export function decodeExact(row: RawRow, columns: number): ExactRow {
  const types = lettersOf(row, columns);
  const values = Array.from({ length: columns }, (_, at): SqlValue => {
    const value = row[`v${at}`];
    if (value instanceof Uint8Array) return new Uint8Array(value);
    if (types.charAt(at) === 'i' && typeof value === 'string') return BigInt(value);
    return value as SqlValue;
  });
  return { values, types };
}

function lettersOf(row: RawRow, columns: number): string {
  let letters = '';
  for (let at = 0; at * lettersPerColumn < columns; at++) letters += String(row[`k${at}`]);
  return letters;
}

function cellOf(value: unknown, letter: string): Cell {
  switch (letter) {
    case 'n':
      return null;
    case 'i':
      return typeof value === 'number' ? value : { kind: 'integer', text: String(value) };
    case 'r':
      return { kind: 'real', text: realText(Number(value)) };
    case 'T':
    case 'b': {
      const text = String(value);
      const colon = text.indexOf(':');
      const length = Number(text.slice(0, colon));
      const start = text.slice(colon + 1);
      return letter === 'b' ? { kind: 'blob', start: start.toLowerCase(), length } : { kind: 'text', start, length };
    }
    default:
      return String(value);
  }
}
