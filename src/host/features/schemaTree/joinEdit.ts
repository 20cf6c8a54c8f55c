/**
 * Where a join path goes into a SQL text: behind the FROM of the statement at the cursor when that reads one of its tables, under the
 * names that the statement gives them; else it becomes a statement of its own. It changes nothing itself.
 */
import { orderJoinTree } from '../../../core/graph/joinTree.js';
import { foldName } from '../../../core/graph/tableKeys.js';
import { type Relation } from '../../../core/graph/types.js';
import { readScopes, type SelectScope } from '../../../core/nl2sql/selectScopes.js';
import { joinClauses, selectAlong } from '../../../core/presentation/joinSql.js';
import { splitStatements, type StatementText } from '../../../core/sql/splitStatements.js';

export interface JoinPath {
  /** Table at which the path begins. */
  readonly root: string;
  /** Tables in joining order, the root first. */
  readonly tables: readonly string[];
  readonly relations: readonly Relation[];
}

export type JoinEdit =
  /** Put `text` at the offset. */
  | { readonly kind: 'insert'; readonly offset: number; readonly text: string }
  /** No statement at the cursor reads a table of the path. */
  | { readonly kind: 'statement'; readonly sql: string }
  /** The statement has all of the tables. */
  | { readonly kind: 'present' };

export function joinEdit(text: string, offset: number, path: JoinPath): JoinEdit {
  const statement = statementAt(text, offset);
  const scope = statement && scopeFor(statement, path);
  const names = new Map(scope?.sources.flatMap(({ table, name }) => (table === undefined ? [] : [[foldName(table), name] as const])));
  // From the end that the statement has, so that the other end is what is new.
  const start = [path.root, ...[...path.tables].reverse()].find((table) => names.has(foldName(table)));
  if (!statement || !scope || start === undefined) return { kind: 'statement', sql: selectAlong(orderJoinTree(path.root, path.relations)) };
  const tree = orderJoinTree(start, path.relations);
  const fresh = { ...tree, steps: tree.steps.filter(({ to }) => !names.has(foldName(to))) };
  if (fresh.steps.length === 0) return { kind: 'present' };
  const clauses = joinClauses(fresh, (table) => names.get(foldName(table)) ?? table);
  const end = statement.tokens[scope.fromEnd - 1]?.end ?? statement.end;
  const indent = indentAt(text, statement.tokens[scope.fromStart]?.start ?? statement.start);
  return { kind: 'insert', offset: end, text: clauses.map((clause) => `\n${indent}${clause}`).join('') };
}

/** The statement that the cursor is in or right behind. */
function statementAt(text: string, offset: number): StatementText | undefined {
  return splitStatements(text).findLast((statement) => {
    if (statement.start > offset) return false;
    return offset <= statement.end || /^[ \t]*\n?[ \t]*$/.test(text.slice(statement.end, offset));
  });
}

/** The SELECT that reads most tables of the path; the first of equals. */
function scopeFor({ tokens }: StatementText, path: JoinPath): SelectScope | undefined {
  const wanted = new Set(path.tables.map(foldName));
  const count = (scope: SelectScope): number =>
    scope.sources.filter(({ table }) => table !== undefined && wanted.has(foldName(table))).length;
  const scopes = readScopes(tokens).filter((scope) => scope.fromStart >= 0 && count(scope) > 0);
  return scopes.sort((a, b) => count(b) - count(a))[0];
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
