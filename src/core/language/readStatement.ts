/**
 * Reads one statement, finished or not, into scopes. SQLite's own grammar is larger; what is not known here is stepped over, and only
 * the queries inside it are read.
 */
import { type Token } from '../sql/tokenize.js';
import { type ExpressionEnd, type OpenScope, readExpression, type ReadingContext } from './readExpression.js';
import { endOfScope, enterClause, openScope, readCommonTables, readNames, readQuery, readResults, readSources, readTail } from './readQuery.js'; // prettier-ignore
import { type CommonTable, type FunctionCall, type Name, type Scope, type Source, type Statement } from './syntax.js';
import { TokenReader } from './TokenReader.js';

const freeEnd: ExpressionEnd = { words: new Set(), endsAtAlias: false };
/** Words that can only begin a statement of their own: a semicolon is missing in front of them. */
const verbs: ReadonlySet<string> = new Set('SELECT WITH VALUES INSERT REPLACE UPDATE DELETE CREATE ALTER DROP'.split(' '));

interface Frame extends ReadingContext {
  commonTables: readonly CommonTable[];
  target: Name | undefined;
  columns: Name[];
}

/** @param tokens of one statement, without white space and comments. */
export function readStatement(tokens: readonly Token[]): Statement {
  const reader = new TokenReader(tokens);
  const scopes: OpenScope[] = [];
  const calls: FunctionCall[] = [];
  const context: Frame = {
    reader,
    scopes,
    calls,
    commonTables: [],
    target: undefined,
    columns: [],
    readQuery: (parent, outer) => readQuery(context, parent, outer),
  };
  if (reader.take('EXPLAIN')) reader.takeAll('QUERY', 'PLAN');
  context.commonTables = readCommonTables(context, undefined, []);
  const [verb, object] = [reader.word(), objectWord(reader)];
  readBody(context, undefined);
  readRest(context);
  const { commonTables, target, columns } = context;
  const [start, end] = [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0];
  return { verb, object, ...(target ? { target } : {}), columns, commonTables, scopes, calls, tokens, start, end };
}

/** `TABLE` of `CREATE TEMP TABLE`. */
function objectWord(reader: TokenReader): string {
  if (!['CREATE', 'DROP', 'ALTER'].includes(reader.word())) return '';
  const objects = ['TABLE', 'VIEW', 'INDEX', 'TRIGGER'];
  return [1, 2, 3].map((ahead) => reader.word(ahead)).find((word) => objects.includes(word)) ?? '';
}

/** One statement that begins here; `parent` holds NEW and OLD inside a trigger. */
function readBody(context: Frame, parent: Scope | undefined): void {
  const { reader } = context;
  switch (reader.word()) {
    case 'SELECT':
    case 'VALUES':
      readQuery(context, parent, context.commonTables);
      return;
    case 'INSERT':
    case 'REPLACE':
      return readInsert(context, parent);
    case 'UPDATE':
      return readUpdate(context, parent);
    case 'DELETE':
      return readDelete(context, parent);
    case 'CREATE':
    case 'DROP':
    case 'ALTER':
      return readDefinition(context);
  }
}

/** Whatever was not understood: queries that begin further on are still read, such as those of a missing semicolon. */
function readRest(context: Frame): void {
  const { reader } = context;
  while (!reader.isAtEnd) {
    if (verbs.has(reader.word()) && reader.token?.kind === 'keyword') {
      const at = reader.at;
      const own = readCommonTables(context, undefined, []);
      const commonTables = context.commonTables;
      context.commonTables = own;
      readBody(context, undefined);
      context.commonTables = [...own, ...commonTables];
      if (reader.at === at) reader.at++;
    } else reader.at++;
  }
}

/** A table that is written to: `main.orders AS o`. */
function readTarget(context: Frame, scope: OpenScope): void {
  const { reader } = context;
  const start = reader.offset;
  const first = reader.takeName();
  if (!first) return;
  const second = reader.take('.') ? reader.takeNameBehindDot() : undefined;
  const names = second ? { database: first, table: second } : { table: first };
  const alias = reader.take('AS') || scope.kind !== 'insert' ? reader.takeName() : undefined;
  if (reader.takeAll('INDEXED', 'BY')) reader.takeName();
  else reader.takeAll('NOT', 'INDEXED');
  context.target ??= names.table;
  scope.sources.push({
    ...names,
    ...(alias ? { alias } : {}),
    isCall: false,
    join: '',
    hasCondition: false,
    using: [],
    start,
    end: reader.end,
  });
}

function readInsert(context: Frame, parent: Scope | undefined): void {
  const { reader } = context;
  const scope = openScope(context, 'insert', context.commonTables, parent);
  reader.at++;
  if (reader.take('OR')) reader.at++;
  if (reader.word() === 'INTO') enterClause(context, scope, 'from');
  readTarget(context, scope);
  if (reader.word() === '(') {
    scope.clauses.push({ clause: 'into', start: reader.offset, end: reader.offset + 1 });
    for (const name of readNames(reader)) scope.references.push({ name, clause: 'into', start: name.start, end: name.end });
    if (reader.word(-1) === ')') scope.clauses.push({ clause: 'from', start: reader.end, end: reader.end });
  }
  if (['SELECT', 'WITH', 'VALUES'].includes(reader.word())) readQuery(context, parent, context.commonTables);
  else reader.takeAll('DEFAULT', 'VALUES');
  while (reader.word() === 'ON') readConflict(context, scope, parent);
  readReturning(context, scope);
  scope.end = endOfScope(context);
}

/** ON CONFLICT (…) DO UPDATE SET …: the row that could not be inserted is called `excluded`. */
function readConflict(context: Frame, scope: OpenScope, parent: Scope | undefined): void {
  const { reader } = context;
  const inner = openScope(context, 'update', context.commonTables, parent);
  const target = scope.sources[0];
  if (target)
    inner.sources.push(target, { ...target, alias: { name: 'excluded', start: target.start, end: target.start, doubleQuoted: false } });
  enterClause(context, inner, 'conflict');
  readUntil(context, inner, 'conflict', ['DO', 'ON', 'RETURNING']);
  reader.take('DO');
  reader.take('NOTHING');
  reader.take('UPDATE');
  if (reader.word() === 'SET') readSet(context, inner);
  readTail(context, inner);
  inner.end = endOfScope(context);
}

function readUntil(context: Frame, scope: OpenScope, clause: 'conflict' | 'set', words: readonly string[]): void {
  const { reader } = context;
  const end: ExpressionEnd = { words: new Set(words), endsAtAlias: false };
  while (!reader.isAtEnd && !words.includes(reader.word()) && reader.word() !== ';' && reader.word() !== ')') {
    const at = reader.at;
    readExpression(context, scope, clause, end);
    if (reader.at !== at) continue;
    if (reader.word() !== 'WHERE') return;
    reader.at++;
  }
}

function readSet(context: Frame, scope: OpenScope): void {
  enterClause(context, scope, 'set');
  readExpression(context, scope, 'set', freeEnd);
}

function readUpdate(context: Frame, parent: Scope | undefined): void {
  const { reader } = context;
  const scope = openScope(context, 'update', context.commonTables, parent);
  enterClause(context, scope, 'from');
  if (reader.take('OR')) reader.at++;
  readTarget(context, scope);
  if (reader.word() === 'SET') readSet(context, scope);
  if (reader.word() === 'FROM') {
    enterClause(context, scope, 'from');
    readSources(context, scope);
  }
  readTail(context, scope);
  readReturning(context, scope);
  scope.end = endOfScope(context);
}

function readDelete(context: Frame, parent: Scope | undefined): void {
  const { reader } = context;
  const scope = openScope(context, 'delete', context.commonTables, parent);
  reader.at++;
  if (reader.word() === 'FROM') enterClause(context, scope, 'from');
  readTarget(context, scope);
  readTail(context, scope);
  readReturning(context, scope);
  scope.end = endOfScope(context);
}

function readReturning(context: Frame, scope: OpenScope): void {
  if (context.reader.word() !== 'RETURNING') return;
  enterClause(context, scope, 'returning');
  readResults(context, scope, 'returning');
}

function readDefinition(context: Frame): void {
  const { reader } = context;
  const verb = reader.word();
  reader.at++;
  const skipped = ['TEMP', 'TEMPORARY', 'UNIQUE', 'VIRTUAL', 'TABLE', 'VIEW', 'INDEX', 'TRIGGER', 'IF', 'NOT', 'EXISTS'];
  while (skipped.includes(reader.word())) reader.at++;
  const first = reader.takeName();
  const second = reader.take('.') ? reader.takeNameBehindDot() : undefined;
  context.target = second ?? first;
  if (verb !== 'CREATE') return;
  if (reader.word() === '(') context.columns = readColumnNames(reader);
  if (reader.take('AS') && ['SELECT', 'WITH', 'VALUES'].includes(reader.word())) readQuery(context, undefined, []);
  else readOnTable(context);
}

/** The first name behind the parenthesis and behind each comma of it; constraints begin with a keyword. */
function readColumnNames(reader: TokenReader): Name[] {
  const names: Name[] = [];
  let depth = 0;
  while (!reader.isAtEnd) {
    const word = reader.word();
    reader.at++;
    if (word === '(') depth++;
    if (word === ')' && --depth === 0) break;
    if (depth !== 1 || (word !== '(' && word !== ',')) continue;
    const name = reader.takeName();
    if (name) names.push(name);
  }
  return names;
}

/** `ON table` of an index or a trigger: expressions and statements behind it see the columns of the table. */
function readOnTable(context: Frame): void {
  const { reader } = context;
  while (!reader.isAtEnd && reader.word() !== 'ON' && reader.word() !== ';') reader.at++;
  if (!reader.take('ON')) return;
  const scope = openScope(context, 'row', []);
  scope.clauses.push({ clause: 'from', start: scope.start, end: scope.start });
  const start = reader.offset;
  const table = reader.takeName();
  if (!table) return;
  const row = (alias?: string): Source => ({
    table,
    ...(alias === undefined ? {} : { alias: { name: alias, start, end: start, doubleQuoted: false } }),
    isCall: false,
    join: '',
    hasCondition: false,
    using: [],
    start,
    end: reader.end,
  });
  if (reader.word() === '(') {
    scope.sources.push(row());
    scope.clauses.push({ clause: 'into', start: reader.offset, end: reader.offset + 1 });
    readExpression(context, scope, 'into', freeEnd);
    readTail(context, scope);
  } else {
    scope.sources.push(row('NEW'), row('OLD'));
    scope.clauses.push({ clause: 'where', start: reader.end, end: reader.end });
    readUntil(context, scope, 'set', ['BEGIN']);
    reader.take('BEGIN');
    while (!reader.isAtEnd && reader.word() !== 'END') {
      const at = reader.at;
      readBody(context, scope);
      reader.take(';');
      if (reader.at === at) reader.at++;
    }
  }
  scope.end = Infinity;
}
