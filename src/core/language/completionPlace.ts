/** What could stand at a cursor: a table, a column, a word that continues the clause. Judged by the tokens before it and by its scope. */
import { type Token } from '../sql/tokenize.js';
import { endsOperand } from './readExpression.js';
import { scopeAt } from './script.js';
import { type Clause, type Name, type Scope, type Source, type Statement } from './syntax.js';
import { nameOf } from './TokenReader.js';

export type CompletionPlace =
  | { readonly kind: 'nothing' }
  /** A statement begins. */
  | { readonly kind: 'statement' }
  /** Behind `qualifier.` */
  | { readonly kind: 'member'; readonly qualifier: Name; readonly isTable: boolean }
  /** `join` is true behind JOIN; `role` says what the table is for. */
  | { readonly kind: 'table'; readonly role: 'read' | 'join' | 'write' | 'define' }
  /** Behind a table of FROM; `last` needs a condition when it was joined without one. */
  | { readonly kind: 'afterTable'; readonly last: Source | undefined }
  /** Behind ON: a whole condition, or an expression. */
  | { readonly kind: 'condition'; readonly last: Source | undefined }
  /** Inside USING (…) or the column list of INSERT: names only. */
  | { readonly kind: 'names'; readonly of: 'using' | 'target'; readonly isFirst: boolean }
  /** A column or any other expression begins. */
  | { readonly kind: 'operand'; readonly clause: Clause; readonly isFirst: boolean }
  /** An expression could be complete here. */
  | { readonly kind: 'operator'; readonly clause: Clause }
  | { readonly kind: 'type' | 'collation' | 'pragma' | 'object' };

const tableWords: ReadonlySet<string> = new Set(['FROM', 'JOIN', ',', '(']);
const joinStarts: ReadonlySet<string> = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'NATURAL', 'OUTER']);
const nothing: CompletionPlace = { kind: 'nothing' };

/** @param before tokens of the statement in front of the cursor, without the word that is being typed. */
export function completionPlace(statement: Statement, before: readonly Token[], offset: number): CompletionPlace {
  const last = before.at(-1);
  const word = last?.text.toUpperCase() ?? '';
  if (!last || word === 'EXPLAIN' || word === 'PLAN') return { kind: 'statement' };
  const scope = scopeAt(statement, offset);
  if (word === '.') return memberPlace(before, scope, offset);
  if (word === 'COLLATE') return { kind: 'collation' };
  if (word === 'PRAGMA') return { kind: 'pragma' };
  if (word === 'AS') return isInCast(statement, last) ? { kind: 'type' } : { kind: isBodyNext(before) ? 'statement' : 'nothing' };
  if (!scope) return outsidePlace(statement, before);
  const clause = clauseAt(scope, offset);
  if (clause === 'from') return fromPlace(scope, statement, before);
  if (clause === 'using')
    return word === '(' || word === ',' ? { kind: 'names', of: 'using', isFirst: word === '(' } : afterTable(scope, last);
  if (clause === 'into') return word === '(' || word === ',' ? { kind: 'names', of: 'target', isFirst: word === '(' } : nothing;
  if (clause === undefined) return { kind: 'statement' };
  return expressionPlace(scope, clause, before, offset);
}

/** The clause that was entered last in front of the offset. */
export function clauseAt(scope: Scope, offset: number): Clause | undefined {
  return scope.clauses.findLast(({ end }) => end <= offset)?.clause;
}

function memberPlace(before: readonly Token[], scope: Scope | undefined, offset: number): CompletionPlace {
  const qualifier = before.at(-2);
  if (qualifier?.kind !== 'identifier') return nothing;
  const ahead = before.at(-3)?.text.toUpperCase() ?? '';
  const isTable =
    (scope ? clauseAt(scope, offset) === 'from' : true) && (tableWords.has(ahead) || ['INTO', 'UPDATE', 'TABLE'].includes(ahead));
  return { kind: 'member', qualifier: nameOf(qualifier), isTable };
}

function isInCast(statement: Statement, as: Token): boolean {
  const call = statement.calls.findLast(({ open, close }) => open < as.start && as.start < close);
  return call?.name.name.toUpperCase() === 'CAST';
}

/** `CREATE VIEW v AS`, not an alias. */
function isBodyNext(before: readonly Token[]): boolean {
  return before[0]?.text.toUpperCase() === 'CREATE' && !before.some(({ text }) => text.toUpperCase() === 'SELECT');
}

/** No query around the cursor. */
function outsidePlace(statement: Statement, before: readonly Token[]): CompletionPlace {
  const words = before.map(({ text }) => text.toUpperCase());
  const last = words.at(-1) ?? '';
  if (statement.verb === 'CREATE' && last === 'ON') return { kind: 'table', role: 'write' };
  if (['CREATE', 'DROP', 'ALTER'].includes(last)) return { kind: 'object' };
  if (
    ['DROP', 'ALTER', 'ANALYZE', 'REINDEX', 'PRAGMA'].includes(words[0] ?? '') &&
    ['TABLE', 'VIEW', 'ANALYZE', '(', 'EXISTS'].includes(last)
  )
    return { kind: 'table', role: 'define' };
  return last === ')' && words[0] === 'WITH' ? { kind: 'statement' } : nothing;
}

function fromPlace(scope: Scope, statement: Statement, before: readonly Token[]): CompletionPlace {
  const last = before.at(-1);
  const word = last?.text.toUpperCase() ?? '';
  if (scope.kind !== 'select' && (word === 'INTO' || word === 'UPDATE' || (scope.kind === 'row' && word === 'ON')))
    return { kind: 'table', role: 'write' };
  if (scope.kind === 'delete' && word === 'FROM') return { kind: 'table', role: 'write' };
  if (word === 'JOIN') return { kind: 'table', role: 'join' };
  if (tableWords.has(word)) return { kind: 'table', role: 'read' };
  if (joinStarts.has(word)) return { kind: 'operator', clause: 'from' };
  return statement.tokens.length === 0 || !last ? nothing : afterTable(scope, last);
}

function afterTable(scope: Scope, last: Token): CompletionPlace {
  return { kind: 'afterTable', last: scope.sources.findLast(({ start }) => start < last.end) };
}

function expressionPlace(scope: Scope, clause: Clause, before: readonly Token[], offset: number): CompletionPlace {
  const last = before.at(-1);
  const word = last?.text.toUpperCase() ?? '';
  if (clause === 'on' && word === 'ON') return { kind: 'condition', last: scope.sources.findLast(({ start }) => start < offset) };
  if (last && endsOperand(last)) {
    // `*` ends an operand only where it means all columns; a name behind IN is no operand, but rare.
    return { kind: 'operator', clause };
  }
  if (word === '*' && ['SELECT', 'DISTINCT', ',', '.', '('].includes(before.at(-2)?.text.toUpperCase() ?? ''))
    return { kind: 'operator', clause };
  if (word === 'OVER') return nothing;
  return { kind: 'operand', clause, isFirst: scope.clauses.some(({ end }) => end === last?.end) || word === 'BY' || word === ',' };
}
