/**
 * Reads over expressions and notes the columns and calls in them. It builds no tree: which operator binds how matters to nobody here.
 * An expression that is never finished ends where a clause begins.
 */
import { type Token } from '../sql/tokenize.js';
import { type Clause, type ClauseStart, type ColumnReference, type CommonTable, type FunctionCall, type Name, type Query, type ResultColumn, type Scope, type Source } from './syntax.js'; // prettier-ignore
import { nameOf, type TokenReader } from './TokenReader.js';

/** A scope while it is being read. */
export interface OpenScope extends Scope {
  end: number;
  readonly sources: Source[];
  readonly results: ResultColumn[];
  readonly references: ColumnReference[];
  readonly clauses: ClauseStart[];
  readonly windows: Name[];
}

export interface ReadingContext {
  readonly reader: TokenReader;
  readonly scopes: OpenScope[];
  readonly calls: FunctionCall[];
  /** Reads a query that begins here, up to the parenthesis that closes it. */
  readQuery(parent: Scope | undefined, outer: readonly CommonTable[]): Query;
}

/** Words that end an expression wherever they stand outside of parentheses. */
export const clauseWords: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE GROUP HAVING WINDOW ORDER LIMIT UNION INTERSECT EXCEPT RETURNING VALUES SET'.split(' '),
);
/** Inside parentheses a query cannot begin without its SELECT: one of these means that a parenthesis was never closed. */
const brokenOut: ReadonlySet<string> = new Set('SELECT GROUP HAVING LIMIT UNION INTERSECT EXCEPT RETURNING SET JOIN'.split(' '));
const queryWords: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES']);
const callableKeywords: ReadonlySet<string> = new Set(['REPLACE', 'GLOB', 'LIKE', 'MATCH', 'REGEXP']);

export interface ExpressionEnd {
  /** Words that end the expression, besides those of clauses. */
  readonly words: ReadonlySet<string>;
  /** True where a bare name behind an operand is an alias. */
  readonly endsAtAlias: boolean;
}

/** Reads up to a word of `end`, a clause, an unmatched parenthesis, a semicolon or the end. The notes go to `scope`. */
export function readExpression(context: ReadingContext, scope: OpenScope, clause: Clause, end: ExpressionEnd): void {
  const { reader } = context;
  while (!reader.isAtEnd) {
    const word = reader.word();
    const isKeyword = reader.token?.kind === 'keyword';
    if (word === ')' || word === ';' || end.words.has(word)) return;
    if (isKeyword && clauseWords.has(word) && !isDistinctFrom(reader)) return;
    if (word === '(') readGroup(context, scope, clause);
    else if (isCall(reader)) readCall(context, scope, clause);
    else if (reader.isIdentifier()) {
      if (end.endsAtAlias && endsOperand(reader.tokens[reader.at - 1])) return;
      readName(reader, scope, clause);
    } else reader.at++;
  }
}

function isDistinctFrom(reader: TokenReader): boolean {
  return reader.word() === 'FROM' && reader.word(-1) === 'DISTINCT' && ['IS', 'NOT'].includes(reader.word(-2));
}

/** A parenthesis: a query, or expressions. */
function readGroup(context: ReadingContext, scope: OpenScope, clause: Clause): void {
  const { reader } = context;
  reader.at++;
  if (queryWords.has(reader.word())) context.readQuery(scope, scope.commonTables);
  else readInside(context, scope, clause);
  reader.take(')');
}

/** What stands between parentheses; returns the offsets of its commas. */
function readInside(context: ReadingContext, scope: OpenScope, clause: Clause, isCast = false): number[] {
  const { reader } = context;
  const commas: number[] = [];
  while (!reader.isAtEnd && reader.word() !== ')' && reader.word() !== ';') {
    const word = reader.word();
    const isKeyword = reader.token?.kind === 'keyword';
    if (isKeyword && (brokenOut.has(word) || (word === 'FROM' && !isDistinctFrom(reader)))) break;
    if (word === ',') commas.push(reader.offset);
    if (word === '(') readGroup(context, scope, clause);
    else if (isCast && word === 'AS') skipType(reader);
    else if (isCall(reader)) readCall(context, scope, clause);
    else if (reader.isIdentifier()) readName(reader, scope, clause);
    else reader.at++;
  }
  return commas;
}

function skipType(reader: TokenReader): void {
  while (!reader.isAtEnd && reader.word() !== ')') {
    if (reader.word() === '(') reader.skipGroup();
    else reader.at++;
  }
}

function isCall(reader: TokenReader): boolean {
  if (reader.word(1) !== '(') return false;
  const { token } = reader;
  if (token?.kind === 'identifier') return reader.word(-1) !== '.';
  return (
    token?.kind === 'keyword' &&
    (callableKeywords.has(reader.word()) || reader.word() === 'CAST') &&
    !endsOperand(reader.tokens[reader.at - 1])
  );
}

function readCall(context: ReadingContext, scope: OpenScope, clause: Clause): void {
  const { reader } = context;
  const token = reader.token;
  if (!token) return;
  const place = context.calls.length;
  const open = reader.tokens[reader.at + 1]?.start ?? token.end;
  reader.at += 2;
  let commas: readonly number[] = [];
  if (queryWords.has(reader.word())) context.readQuery(scope, scope.commonTables);
  else commas = readInside(context, scope, clause, token.text.toUpperCase() === 'CAST');
  const close = reader.take(')') ? reader.end : Infinity;
  // FILTER (WHERE …) behind an aggregate is no call. Outer calls stand before the calls in their arguments.
  if (!/^filter$/i.test(token.text)) context.calls.splice(place, 0, { name: nameOf(token), open, close, commas });
}

/** A column, or a name that is none: of a window, a collation, or a table behind IN. */
function readName(reader: TokenReader, scope: OpenScope, clause: Clause): void {
  const before = reader.word(-1);
  const first = reader.takeName();
  if (!first) return;
  if (before === 'COLLATE' || before === 'OVER' || (before === 'IN' && reader.word() !== '.')) return;
  if (/^(?:true|false)$/i.test(first.name) && !first.doubleQuoted) return;
  if (!reader.take('.')) {
    scope.references.push({ name: first, clause, start: first.start, end: first.end });
    return;
  }
  if (reader.take('*')) return;
  const second = reader.takeNameBehindDot();
  if (second && reader.take('.')) {
    // database.table.column
    const third = reader.takeNameBehindDot();
    scope.references.push({ qualifier: second, ...(third ? { name: third } : {}), clause, start: first.start, end: reader.end });
    return;
  }
  scope.references.push({ qualifier: first, ...(second ? { name: second } : {}), clause, start: first.start, end: reader.end });
}

const operandWords: ReadonlySet<string> = new Set([
  'END',
  'NULL',
  'ISNULL',
  'NOTNULL',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
]);

/** Whether an expression could be complete behind this token. */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'keyword') return operandWords.has(token.text.toUpperCase());
  return token.text === ')' || (token.kind !== 'operator' && token.kind !== 'whitespace' && token.kind !== 'comment');
}
