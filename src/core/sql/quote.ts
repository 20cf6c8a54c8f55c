/** Quoting and unquoting of names and strings as SQLite writes them. */
import { reservedWords } from '../grammar/reservedWords.js';

/** A name as SQL writes it: bare when SQLite takes it bare, else in double quotes. */
export function quoteIdentifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reservedWords.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The name behind any of SQLite's four ways to write one. */
export function unquoteIdentifier(text: string): string {
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replaceAll('""', '"');
  if (/^`.*`$/s.test(text)) return text.slice(1, -1).replaceAll('``', '`');
  return /^\[.*\]$/s.test(text) ? text.slice(1, -1) : text;
}

/** The text of a string literal. */
export function unquoteString(text: string): string {
  return text.replace(/^'|'$/g, '').replaceAll("''", "'");
}
