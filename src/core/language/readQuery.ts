/** Reads SELECT and VALUES with their clauses, common tables and sources. What is missing is left out; what is too much is stepped over. */
import { clauseWords, type ExpressionEnd, type OpenScope, readExpression, type ReadingContext } from './readExpression.js';
import { type Clause, type CommonTable, type Name, type Query, type ResultColumn, type Scope, type Source } from './syntax.js';
import { type TokenReader } from './TokenReader.js';

const joinWords: ReadonlySet<string> = new Set(['NATURAL', 'LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'OUTER', 'JOIN', ',']);
const setWords: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const toComma: ExpressionEnd = { words: new Set([',', 'AS']), endsAtAlias: true };
const toJoin: ExpressionEnd = { words: new Set([...joinWords, 'ON', 'USING']), endsAtAlias: false };
/** ON CONFLICT follows the query of an INSERT. */
const toClause: ExpressionEnd = { words: new Set(['ON']), endsAtAlias: false };

const clauses: ReadonlyMap<string, Clause> = new Map<string, Clause>([
  ['WHERE', 'where'],
  ['GROUP', 'group'],
  ['HAVING', 'having'],
  ['ORDER', 'order'],
  ['LIMIT', 'limit'],
]);

export function openScope(context: ReadingContext, kind: Scope['kind'], commonTables: readonly CommonTable[], parent?: Scope): OpenScope {
  const start = context.reader.offset;
  const scope: OpenScope = {
    kind,
    ...(parent ? { parent } : {}),
    start,
    end: Infinity,
    commonTables,
    sources: [],
    results: [],
    references: [],
    clauses: [],
    windows: [],
  };
  context.scopes.push(scope);
  return scope;
}

/** Notes that a clause begins with the token here, and steps over its first word. */
export function enterClause({ reader }: ReadingContext, scope: OpenScope, clause: Clause): void {
  const start = reader.offset;
  reader.at++;
  scope.clauses.push({ clause, start, end: reader.end });
}

/** WITH and what follows it, up to the parenthesis or the semicolon that ends the query. */
export function readQuery(context: ReadingContext, parent: Scope | undefined, outer: readonly CommonTable[]): Query {
  const { reader } = context;
  const start = reader.offset;
  const visible = [...readCommonTables(context, parent, outer), ...outer];
  const scopes: OpenScope[] = [];
  while (reader.word() === 'SELECT' || reader.word() === 'VALUES') {
    scopes.push(reader.word() === 'SELECT' ? readSelect(context, parent, visible) : readValues(context, parent, visible));
    if (!setWords.has(reader.word())) break;
    reader.at++;
    reader.take('ALL');
  }
  return { scopes, start, end: reader.end };
}

/** The common tables of WITH, those named last first; none when there is no WITH here. */
export function readCommonTables(context: ReadingContext, parent: Scope | undefined, outer: readonly CommonTable[]): CommonTable[] {
  const { reader } = context;
  const found: CommonTable[] = [];
  if (!reader.take('WITH')) return found;
  const isRecursive = reader.take('RECURSIVE');
  for (let name = reader.takeName(); name; name = reader.takeName()) {
    const columns = readNames(reader);
    reader.take('AS');
    reader.take('NOT');
    reader.take('MATERIALIZED');
    const query: { scopes: readonly Scope[]; start: number; end: number } = { scopes: [], start: reader.offset, end: reader.offset };
    const table: CommonTable = { name, columns, query };
    if (reader.take('(')) {
      // SQLite lets a common table name itself with or without RECURSIVE.
      Object.assign(query, readQuery(context, parent, [table, ...found, ...outer]));
      skipTo(reader, ')');
      reader.take(')');
    }
    found.unshift(table);
    if (!reader.take(',')) break;
  }
  return isRecursive || found.length > 0 ? found : [];
}

/** Steps to the closing parenthesis at this depth, over whatever was not understood. */
function skipTo(reader: TokenReader, word: string): void {
  while (!reader.isAtEnd && reader.word() !== word && reader.word() !== ';') {
    if (reader.word() === '(') reader.skipGroup();
    else reader.at++;
  }
}

/** Names in parentheses; empty when none stand here. */
export function readNames(reader: TokenReader): Name[] {
  const names: Name[] = [];
  if (!reader.take('(')) return names;
  while (!reader.isAtEnd && reader.word() !== ')' && reader.word() !== ';') {
    const name = reader.takeName();
    if (name) names.push(name);
    else reader.at++;
  }
  reader.take(')');
  return names;
}

function readValues(context: ReadingContext, parent: Scope | undefined, visible: readonly CommonTable[]): OpenScope {
  const scope = openScope(context, 'values', visible, parent);
  enterClause(context, scope, 'values');
  readExpression(context, scope, 'values', toClause);
  readTail(context, scope);
  scope.end = endOfScope(context);
  return scope;
}

function readSelect(context: ReadingContext, parent: Scope | undefined, visible: readonly CommonTable[]): OpenScope {
  const { reader } = context;
  const scope = openScope(context, 'select', visible, parent);
  enterClause(context, scope, 'select');
  if (!reader.take('DISTINCT')) reader.take('ALL');
  readResults(context, scope);
  if (reader.word() === 'FROM') {
    enterClause(context, scope, 'from');
    readSources(context, scope);
  }
  readTail(context, scope);
  scope.end = endOfScope(context);
  return scope;
}

/** A scope reaches to the word that ends it, white space included: a cursor in front of that word still belongs to it. */
export function endOfScope({ reader }: ReadingContext): number {
  return reader.token?.start ?? Infinity;
}

/** Result columns, of a SELECT or of RETURNING. */
export function readResults(context: ReadingContext, scope: OpenScope, clause: Clause = 'select'): void {
  const { reader } = context;
  while (!reader.isAtEnd && reader.word() !== ')' && reader.word() !== ';' && !isClause(reader)) {
    const start = reader.offset;
    const result = readStar(reader) ?? readResult(context, scope, clause);
    if (reader.end > start) scope.results.push({ ...result, start, end: reader.end });
    if (!reader.take(',') && reader.offset === start) reader.at++;
  }
}

function isClause(reader: TokenReader): boolean {
  return reader.token?.kind === 'keyword' && clauseWords.has(reader.word());
}

function readStar(reader: TokenReader): Omit<ResultColumn, 'start' | 'end'> | undefined {
  if (reader.take('*')) return { isStar: true };
  if (!reader.isIdentifier() || reader.word(1) !== '.' || reader.word(2) !== '*') return undefined;
  const qualifier = reader.takeName();
  reader.at += 2;
  return { isStar: true, ...(qualifier ? { qualifier } : {}) };
}

function readResult(context: ReadingContext, scope: OpenScope, clause: Clause): Omit<ResultColumn, 'start' | 'end'> {
  const { reader } = context;
  const [start, known] = [reader.offset, scope.references.length];
  readExpression(context, scope, clause, toComma);
  const [only] = scope.references.slice(known);
  const reference = only?.start === start && only.end === reader.end ? only : undefined;
  reader.take('AS');
  const alias = reader.takeName();
  return { isStar: false, ...(reference ? { reference } : {}), ...(alias ? { alias } : {}) };
}

/** The tables of FROM, or of UPDATE … FROM, with their conditions. */
export function readSources(context: ReadingContext, scope: OpenScope): void {
  const { reader } = context;
  let join = '';
  while (!reader.isAtEnd) {
    const words: string[] = [];
    while (joinWords.has(reader.word())) {
      words.push(reader.word());
      reader.at++;
    }
    join = words.join(' ') || join;
    if (reader.word() === '(' && !/^(?:SELECT|WITH|VALUES)$/.test(reader.word(1))) {
      reader.at++;
      readSources(context, scope);
      reader.take(')');
    } else if (!readSource(context, scope, join)) {
      if (!joinWords.has(reader.word()) && !readCondition(context, scope)) return;
      continue;
    }
    readCondition(context, scope);
    if (!joinWords.has(reader.word())) return;
  }
}

function readSource(context: ReadingContext, scope: OpenScope, join: string): boolean {
  const { reader } = context;
  const start = reader.offset;
  const body = reader.word() === '(' ? readSubquery(context, scope) : readTable(context, scope);
  if (!body) return false;
  reader.take('AS');
  const alias = reader.takeName();
  if (reader.takeAll('INDEXED', 'BY')) reader.takeName();
  else reader.takeAll('NOT', 'INDEXED');
  const hasCondition = reader.word() === 'ON' || reader.word() === 'USING';
  scope.sources.push({ ...body, ...(alias ? { alias } : {}), join, hasCondition, using: [], start, end: reader.end });
  return true;
}

type SourceBody = Pick<Source, 'database' | 'table' | 'query' | 'isCall'>;

function readSubquery(context: ReadingContext, scope: OpenScope): SourceBody {
  const { reader } = context;
  reader.at++;
  // A subquery in FROM does not see its neighbours, but what is around the whole SELECT.
  const query = context.readQuery(scope.parent, scope.commonTables);
  skipTo(reader, ')');
  reader.take(')');
  return { query, isCall: false };
}

function readTable(context: ReadingContext, scope: OpenScope): SourceBody | undefined {
  const { reader } = context;
  const first = reader.takeName();
  if (!first) return undefined;
  const second = reader.take('.') ? reader.takeNameBehindDot() : undefined;
  const names = second ? { database: first, table: second } : { table: first };
  if (reader.word() !== '(') return { ...names, isCall: false };
  reader.at++;
  while (!reader.isAtEnd && reader.word() !== ')' && reader.word() !== ';' && !isClause(reader)) {
    const at = reader.at;
    readExpression(context, scope, 'from', toClause);
    if (reader.at === at) reader.at++;
  }
  reader.take(')');
  return { ...names, isCall: true };
}

/** ON or USING behind a source. False when none stands here. */
function readCondition(context: ReadingContext, scope: OpenScope): boolean {
  const { reader } = context;
  if (reader.word() === 'USING') {
    enterClause(context, scope, 'using');
    const using = readNames(reader);
    const last = scope.sources.at(-1);
    if (last) scope.sources[scope.sources.length - 1] = { ...last, using };
  } else if (reader.word() === 'ON') {
    enterClause(context, scope, 'on');
    readExpression(context, scope, 'on', toJoin);
  } else return false;
  // A further join goes on with FROM.
  if (joinWords.has(reader.word())) scope.clauses.push({ clause: 'from', start: reader.offset, end: reader.offset });
  return true;
}

/** WHERE, GROUP BY … LIMIT in whatever order they stand. */
export function readTail(context: ReadingContext, scope: OpenScope): void {
  const { reader } = context;
  while (!reader.isAtEnd) {
    const word = reader.word();
    const clause = clauses.get(word);
    if (word === 'WINDOW') readWindows(context, scope);
    else if (clause) {
      enterClause(context, scope, clause);
      reader.take('BY');
      readExpression(context, scope, clause, toClause);
    } else if (word === 'FROM' && scope.sources.length === 0) {
      enterClause(context, scope, 'from');
      readSources(context, scope);
    } else return;
  }
}

function readWindows(context: ReadingContext, scope: OpenScope): void {
  const { reader } = context;
  enterClause(context, scope, 'window');
  for (let name = reader.takeName(); name; name = reader.takeName()) {
    scope.windows.push(name);
    reader.take('AS');
    readExpression(context, scope, 'window', toComma);
    if (!reader.take(',')) return;
  }
}
