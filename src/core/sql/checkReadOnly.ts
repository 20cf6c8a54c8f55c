/** Refuses whatever is not one reading statement, before SQLite sees it. */
import { JoineryError } from '../shared/errors.js';
import { tokenize } from './tokenize.js';

const starts = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN']);
const forbidden = /^(?:INSERT|UPDATE|DELETE|PRAGMA|ATTACH|DETACH|VACUUM|CREATE|DROP|ALTER|REINDEX)$/i;
const forbiddenFunctions = /^(?:load_extension|writefile|edit|fts3_tokenizer)$/i;

/** Throws `sql.empty`, `sql.multiple` or `sql.notReadOnly`. */
export function checkReadOnly(sql: string): void {
  const tokens = tokenize(sql).filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment');
  const first = tokens[0];
  if (!first) throw new JoineryError('sql.empty');
  const end = tokens.findIndex((token) => token.text === ';');
  if (end >= 0 && end < tokens.length - 1) throw new JoineryError('sql.multiple');
  if (!starts.has(first.text.toUpperCase())) throw new JoineryError('sql.notReadOnly', { statement: first.text.toUpperCase() });
  const bad = tokens.find((token, at) => (token.kind === 'keyword' && forbidden.test(token.text)) || (forbiddenFunctions.test(token.text) && tokens[at + 1]?.text === '('));
  if (bad) throw new JoineryError('sql.notReadOnly', { statement: bad.text.toUpperCase() });
}
