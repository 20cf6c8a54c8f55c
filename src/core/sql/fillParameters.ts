/**
 * Puts values in the places of a statement's parameters, as literals: the statement can then stand inside others, and integers and bytes
 * stay exact. A parameter without a value is NULL, as in SQLite.
 */
import { JoineryError } from '../shared/errors.js';
import { quoteString } from './quote.js';
import { tokenize } from './tokenize.js';

/** Names may be given with or without their mark; `?` and `?2` are found by position, from 1. Throws `sql.failed` for values that SQLite has not. */
export function fillParameters(sql: string, values: Readonly<Record<string, unknown>>): string {
  let last = 0;
  const positions = new Map<string, number>();
  return tokenize(sql)
    .map(({ kind, text }) => {
      if (kind !== 'parameter') return text;
      const position = text === '?' ? last + 1 : /^\?\d+$/.test(text) ? Number(text.slice(1)) : (positions.get(text) ?? last + 1);
      if (!text.startsWith('?')) positions.set(text, position);
      last = Math.max(last, position);
      // A blank on both sides keeps what was apart apart: `LIMIT:n`.
      return ` ${literalOf(values[text] ?? values[text.slice(1)] ?? values[`?${position}`] ?? values[String(position)], text)} `;
    })
    .join('');
}

/** Any value that SQLite can hold, as SQL writes it. */
export function literalOf(value: unknown, name = ''): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberLiteral(value);
  if (value instanceof Uint8Array) return blobLiteral(value);
  throw new JoineryError('sql.failed', { message: `the parameter ${name} has no value that SQLite can hold` });
}

/** A zero character cannot stand in a statement. */
function textLiteral(text: string): string {
  if (!text.includes('\u0000')) return quoteString(text);
  return `(${text.split('\u0000').map(quoteString).join(' || char(0) || ')})`;
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return 'NULL';
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function blobLiteral(bytes: Uint8Array): string {
  return `x'${hexOf(bytes)}'`;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
