/** SQLite's complaints about a statement as errors of the product. Messages are SQLite's own, without the code in front. */
import { JoineryError } from '../core/shared/errors.js';
import { type RawError } from './rawConnection.js';

/** SQLite's own limit, https://www.sqlite.org/limits.html#max_column */
export const mostColumns = 2000;

const syntax = /^near "|syntax error|^incomplete input|^unrecognized token|^parser stack overflow/;
const unknown = /^no such [a-z -]+: (?<name>.+)$|^cannot join using column (?<joined>.+) - column not present/;

export function explainStatementFault(error: RawError): JoineryError {
  const message = error.message.replace(/^SQLITE_\w+: /, '');
  if (error.code === 'SQLITE_TOOBIG') return new JoineryError('sql.rowTooLarge', { message }, error);
  if (syntax.test(message)) return new JoineryError('sql.syntax', { message }, error);
  if (message.startsWith('too many columns in')) return new JoineryError('sql.tooManyColumns', { message }, error);
  const name = unknown.exec(message)?.groups;
  if (name) return new JoineryError('sql.unknownName', { message, name: name['name'] ?? name['joined'] ?? '' }, error);
  return new JoineryError('sql.failed', { message }, error);
}
