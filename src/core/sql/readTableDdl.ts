/**
 * What SQLite tells nobody but keeps in the text of CREATE TABLE: CHECK constraints, which foreign keys are deferred, the module of a
 * virtual table. It reads stored statements, which SQLite has accepted; of other texts it finds what it finds.
 */
import { significantTokens, type Token } from './tokenize.js';

export interface TableDdl {
  /** Expressions of CHECK constraints as written, without the parentheses, in order. */
  readonly checks: readonly string[];
  /** One entry per foreign key in the order of the text: whether it is checked at the end of the transaction only. */
  readonly deferred: readonly boolean[];
}

export function readTableDdl(ddl: string): TableDdl {
  const checks: string[] = [];
  const deferred: boolean[] = [];
  const tokens = meaningful(ddl);
  let depth = 0;
  tokens.forEach((token, at) => {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth !== 1 || token.kind !== 'keyword') return;
    const word = token.text.toUpperCase();
    if (word === 'REFERENCES') deferred.push(isDeferred(tokens, at + 1));
    if (word === 'CHECK') checks.push(insideParentheses(ddl, tokens, at + 1));
  });
  return { checks, deferred };
}

/** The module of CREATE VIRTUAL TABLE, such as `fts5`; undefined for other statements. */
export function readVirtualModule(ddl: string): string | undefined {
  const tokens = meaningful(ddl);
  if (tokens[1]?.text.toUpperCase() !== 'VIRTUAL') return undefined;
  const using = tokens.findIndex((token) => token.kind === 'keyword' && token.text.toUpperCase() === 'USING');
  return using < 0 ? undefined : tokens[using + 1]?.text;
}

function meaningful(sql: string): Token[] {
  return significantTokens(sql);
}

/** Looks for DEFERRABLE INITIALLY DEFERRED before the next constraint of the kind or the end of the column. */
function isDeferred(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const word = tokens[at]?.text.toUpperCase() ?? '';
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (depth < 0 || (depth === 0 && (word === ',' || word === 'REFERENCES'))) return false;
    if (word !== 'DEFERRABLE' || tokens[at - 1]?.text.toUpperCase() === 'NOT') continue;
    return tokens[at + 1]?.text.toUpperCase() === 'INITIALLY' && tokens[at + 2]?.text.toUpperCase() === 'DEFERRED';
  }
  return false;
}

function insideParentheses(ddl: string, tokens: readonly Token[], open: number): string {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.text === '(') depth++;
    if (token?.text === ')') depth--;
    if (token && depth === 0) return ddl.slice(tokens[open]?.end ?? 0, token.start).trim();
  }
  return '';
}
