/**
 * The parameters of statements, each once, as SQLite numbers them (https://www.sqlite.org/lang_expr.html#varparam), and the reading of what
 * a person types for one.
 */
import { type SqlValue } from '../schema/types.js';
import { unquoteString } from './quote.js';
import { tokenize } from './tokenize.js';

export interface Parameter {
  /** As written: `:name`, `@name`, `$name`, `?2`; a bare `?` gets the number that SQLite gives it. */
  readonly name: string;
  /** Number from 1. */
  readonly position: number;
}

/** In the order of their numbers, for one statement. */
export function findParameters(sql: string): Parameter[] {
  const named = new Map<string, number>();
  const found = new Map<number, string>();
  let last = 0;
  for (const { kind, text } of tokenize(sql)) {
    if (kind !== 'parameter') continue;
    const position = text === '?' ? last + 1 : text.startsWith('?') ? Number(text.slice(1)) : (named.get(text) ?? last + 1);
    if (!text.startsWith('?')) named.set(text, position);
    last = Math.max(last, position);
    // A name says more than a number when one place has both.
    if (!text.startsWith('?') || !found.has(position)) found.set(position, text.startsWith('?') ? `?${position}` : text);
  }
  return [...found].sort(([a], [b]) => a - b).map(([position, name]) => ({ name, position }));
}

const integer = /^[+-]?\d+$/;
const real = /^[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?$/;

/**
 * What was typed as a value: NULL, a number, a blob as `x'0f'`, a text in single quotes; anything else is a text as it stands. Integers that
 * a double cannot hold come as bigint; those beyond 64 bits are reals, as in SQLite.
 */
export function parameterValue(typed: string): SqlValue {
  const text = typed.trim();
  if (/^null$/i.test(text)) return null;
  if (/^'(?:[^']|'')*'$/.test(text)) return unquoteString(text);
  const blob = /^x'((?:[0-9a-f]{2})*)'$/i.exec(text);
  if (blob) return Uint8Array.from((blob[1] ?? '').match(/../g) ?? [], (digits) => parseInt(digits, 16));
  if (integer.test(text)) return integerValue(text);
  return real.test(text) ? Number(text) : typed;
}

function integerValue(text: string): SqlValue {
  const value = BigInt(text.replace('+', ''));
  if (value < -(2n ** 63n) || value >= 2n ** 63n) return Number(text);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
