/** A value without loss as the small cell that a grid shows. */
import { hexOf } from '../sql/fillParameters.js';
import { type ExactRow, type PlainCell } from '../sql/resultTypes.js';
import { realText } from './copyRows.js';

const mostCharacters = 500;
const blobStart = 32;

export function exactCell({ values, types }: ExactRow, at: number): PlainCell {
  const value = values[at] ?? null;
  if (value === null) return null;
  if (typeof value === 'bigint') return { kind: 'integer', text: String(value) };
  if (typeof value === 'number') return types.charAt(at) === 'r' ? { kind: 'real', text: realText(value) } : value;
  if (value instanceof Uint8Array) return { kind: 'blob', start: hexOf(value.subarray(0, blobStart)), length: value.length };
  return value.length > mostCharacters ? { kind: 'text', start: value.slice(0, mostCharacters), length: value.length } : value;
}
