/** One assertion of a question file: a map with one entry. What is wrong comes back as a sentence for the person who writes the file. */
import { type SqlValue } from '../schema/types.js';
import { type Assertion } from './types.js';

const kinds = ['rowCount', 'columns', 'contains', 'notNull', 'unique', 'uses', 'avoids', 'matches'];

export function readAssertion(json: unknown, valueOf: (cell: unknown) => SqlValue): Assertion | string {
  const entries = typeof json === 'object' && json !== null && !Array.isArray(json) ? Object.entries(json) : [];
  const [entry] = entries;
  if (!entry || entries.length !== 1) return `an assertion is a map with one of ${kinds.join(', ')}`;
  const [kind, value] = entry as [string, unknown];
  switch (kind) {
    case 'rowCount':
      return rowCount(value);
    case 'columns': {
      const names = textsOf(value);
      return names ? { kind, names } : '"columns" must be a list of names';
    }
    case 'contains':
      return { kind, row: (Array.isArray(value) ? value : [value]).map(valueOf) };
    case 'notNull':
    case 'unique':
      return typeof value === 'string' ? { kind, column: value } : `"${kind}" must name a column`;
    case 'uses':
    case 'avoids': {
      const tables = textsOf(value);
      return tables ? { kind, tables } : `"${kind}" must name tables`;
    }
    case 'matches':
      return pattern(value);
    default:
      return `"${kind}" is no assertion; there are ${kinds.join(', ')}`;
  }
}

function rowCount(value: unknown): Assertion | string {
  const exact = countOf(value);
  if (exact !== undefined) return { kind: 'rowCount', least: exact, most: exact };
  const range: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  const [least, most] = [countOf(range['min']), countOf(range['max'])];
  if (least === undefined && most === undefined) return '"rowCount" must be a number, or have "min" or "max"';
  return { kind: 'rowCount', least: least ?? 0, most: most ?? Infinity };
}

function countOf(value: unknown): number | undefined {
  const count = typeof value === 'bigint' ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((text) => typeof text === 'string') ? list : undefined;
}

function pattern(value: unknown): Assertion | string {
  if (typeof value !== 'string') return '"matches" must be a regular expression';
  try {
    new RegExp(value, 'i');
    return { kind: 'matches', pattern: value };
  } catch {
    return `"matches" is no regular expression: ${value}`;
  }
}
