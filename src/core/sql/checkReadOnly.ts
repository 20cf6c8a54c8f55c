/**
 * The guard in front of every statement: one SELECT, WITH, VALUES or EXPLAIN, and none of the functions that reach outside the database.
 * It reads tokens only; whether names exist is SQLite's business, and the connection that cannot write stands behind it. Nothing is
 * refused for a word alone where SQLite takes it for a name, such as a column called `replace`.
 */
import { JoineryError } from '../shared/errors.js';
import { unquoteIdentifier } from './quote.js';
import { splitStatements } from './splitStatements.js';
import { type Token } from './tokenize.js';

export interface ReadingStatement {
  /** Without comments around it and without the semicolon; for EXPLAIN without the words in front. */
  readonly text: string;
  readonly explain?: 'program' | 'queryPlan';
}

const reading = new Set(['SELECT', 'VALUES', 'WITH']);
/** Reserved words: no name and no reading statement has them bare. */
const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INTO']);
/** Functions and tables that load code, touch files or hand out pointers; some exist only in builds with extensions. */
const outside = /^(?:load_extension|readfile|writefile|edit|fts3_tokenizer|fsdir|lsdir|zipfile|shell|eval|sqlite_dbpage)$/i;
/** UTF-16 units; SQLite's own default is 1,000,000 bytes, and the statement is run inside a longer one. */
const longest = 500_000;

/** Throws `sql.empty`, `sql.multiple`, `sql.notReadOnly`, or `sql.syntax` for what SQLite would not read to its end. */
export function checkReadOnly(sql: string): ReadingStatement {
  if (sql.length > longest) throw new JoineryError('sql.syntax', { message: `a statement of ${sql.length} characters is too long` });
  if (sql.includes('\u0000')) throw new JoineryError('sql.syntax', { message: 'the statement holds a zero character' });
  const statements = splitStatements(sql);
  const [statement] = statements;
  if (!statement) throw new JoineryError('sql.empty');
  if (statements.length > 1) throw new JoineryError('sql.multiple', { count: statements.length });
  const { tokens } = statement;
  const skipped = explainWords(tokens);
  const verb = tokens[skipped];
  if (!verb || verb.kind !== 'keyword' || !reading.has(verb.text.toUpperCase())) throw refusal(verb ?? tokens[0]);
  const bad = tokens.find((token, at) => isWriting(token, tokens[at + 1])) ?? findOutside(tokens);
  if (bad) throw refusal(bad);
  const text = sql.slice(verb.start, statement.end);
  return skipped === 0 ? { text } : { text, explain: skipped === 1 ? 'program' : 'queryPlan' };
}

/** How many words the EXPLAIN takes. */
function explainWords(tokens: readonly Token[]): 0 | 1 | 3 {
  const [first, second, third] = tokens.slice(0, 3).map((token) => token.text.toUpperCase());
  if (first !== 'EXPLAIN') return 0;
  return second === 'QUERY' && third === 'PLAN' ? 3 : 1;
}

function isWriting(token: Token, next: Token | undefined): boolean {
  if (token.kind !== 'keyword') return false;
  const word = token.text.toUpperCase();
  return writing.has(word) || (word === 'REPLACE' && next?.text.toUpperCase() === 'INTO');
}

/** The first function or table that reaches outside the database. */
export function findOutside(tokens: readonly Token[]): Token | undefined {
  return tokens.find((token, at) => isOutside(token, tokens[at + 1]));
}

function isOutside(token: Token, next: Token | undefined): boolean {
  if (token.kind !== 'identifier') return false;
  const name = unquoteIdentifier(token.text);
  return outside.test(name) && (next?.text === '(' || name.toLowerCase() === 'sqlite_dbpage');
}

function refusal(token: Token | undefined): JoineryError {
  return new JoineryError('sql.notReadOnly', { statement: token?.text.toUpperCase().slice(0, 40) ?? '' });
}
