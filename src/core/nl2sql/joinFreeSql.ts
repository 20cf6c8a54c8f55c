/**
 * SQL without FROM and JOIN (I1; IRNet's SemQL leaves them out in the same way, https://arxiv.org/abs/1905.08205): columns are written as
 * `table.column`, rows of a table are counted by `COUNT(table.*)`, and each SELECT is joined over the tables that it names. `USING` behind the result
 * list names what no column does: a table (`SELECT student.name USING pet`), or the key to join along where there are several
 * (`SELECT airport.city USING flight.origin`). A SELECT that has a FROM is ordinary SQL and stays as it is. Nothing is guessed: where
 * the graph leaves two ways, the statement is refused with them.
 */
import { type JoinTree } from '../graph/types.js';
import { type Table } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { isTree, joinFreeTree, type NoTree } from './joinFreeTree.js';
import { relationCondition } from './schemaText.js';
import { type ColumnUse, readScopes, type SelectScope } from './selectScopes.js';
import { type ColumnRef, type DatabaseKnowledge } from './types.js';

export type JoinFreeRefusal =
  | NoTree
  /** A name that is no `table.column` of the schema, or a bare one that is not the only of its kind. */
  | { readonly kind: 'unknownName'; readonly name: string }
  /** A `*` alone, where several tables or none are named. */
  | { readonly kind: 'bareStar' };

export type CompiledJoinFree = { readonly sql: string } | { readonly refusal: JoinFreeRefusal };

/** The SQL of a join-free statement, without a semicolon; ordinary SQL comes back as it is. A text that is no statement is left for SQLite to refuse. */
export function compileJoinFree(ir: string, knowledge: DatabaseKnowledge): CompiledJoinFree {
  const text = ir.replace(/[\s;]+$/, '');
  const tokens = significantTokens(text);
  const edits: TextEdit[] = [];
  for (const scope of readScopes(tokens)) {
    if (scope.fromStart >= 0) continue;
    const compiled = compileScope(scope, tokens, knowledge);
    if (!Array.isArray(compiled)) return { refusal: compiled };
    edits.push(...compiled);
  }
  return { sql: applyEdits(text, edits) };
}

/** A column of the statement and where it lives. */
interface Placed {
  readonly use: ColumnUse;
  readonly home: ColumnRef;
}

function compileScope(scope: SelectScope, tokens: readonly Token[], knowledge: DatabaseKnowledge): TextEdit[] | JoinFreeRefusal {
  const usingAt = usingIndex(scope, tokens);
  const placed: Placed[] = [];
  const named: Table[] = [];
  for (const use of scope.columns) {
    const isUsing = use.start > usingAt && use.start < scope.listEnd;
    if (!isUsing && isResultName(use, scope)) continue;
    const table = isUsing && use.qualifier === undefined ? findTable(knowledge, use.name) : undefined;
    const home = table ? undefined : placeColumn(use, knowledge);
    if (table) named.push(table);
    else if (home) placed.push({ use, home });
    else return { kind: 'unknownName', name: use.qualifier === undefined ? use.name : `${use.qualifier}.${use.name}` };
  }
  const stars: string[] = [];
  for (const { qualifier } of scope.stars.filter((star) => star.qualifier !== undefined)) {
    const table = findTable(knowledge, qualifier ?? '');
    if (!table) return { kind: 'unknownName', name: `${qualifier ?? ''}.*` };
    stars.push(table.name);
  }
  const keys = placed.filter(({ use }) => use.start > usingAt && use.start < scope.listEnd);
  const tables = [...placed.map(({ home }) => home.table), ...stars, ...named.map((table) => table.name)];
  const first = tables[0];
  if (first === undefined) return scope.stars.length > 0 ? { kind: 'bareStar' } : [];
  const tree = joinFreeTree(
    distinct(tables),
    keys.map(({ home }) => home),
    knowledge.relations,
  );
  if (!isTree(tree)) return tree;
  if (scope.star >= 0 && tree.tables.length > 1) return { kind: 'bareStar' };
  const columns = placed.filter((entry) => !keys.includes(entry));
  return [fromEdit(scope, tokens, usingAt, tree), ...columnEdits(scope, tokens, columns, tree), ...countEdits(scope, tokens)];
}

/** Index of the word USING behind the result list; `listEnd` when there is none. */
function usingIndex(scope: SelectScope, tokens: readonly Token[]): number {
  let depth = 0;
  for (let at = scope.start; at < scope.listEnd; at++) {
    const text = tokens[at]?.text.toUpperCase();
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth === 0 && text === 'USING' && tokens[at]?.kind === 'keyword') return at;
  }
  return scope.listEnd;
}

/** Names of result columns; ORDER BY behind a compound knows nothing else. */
function isResultName(use: ColumnUse, scope: SelectScope): boolean {
  if (use.clause === 'order' && scope.before) return true;
  return use.qualifier === undefined && use.clause !== 'select' && scope.aliases.some((alias) => sameName(alias, use.name));
}

function placeColumn(use: ColumnUse, knowledge: DatabaseKnowledge): ColumnRef | undefined {
  const homes = knowledge.schema.tables
    .filter((table) => use.qualifier === undefined || sameName(table.name, use.qualifier))
    .flatMap((table): ColumnRef[] => {
      const column = table.columns.find((candidate) => sameName(candidate.name, use.name));
      return column ? [{ table: table.name, column: column.name }] : [];
    });
  return homes.length === 1 ? homes[0] : undefined;
}

function findTable(knowledge: DatabaseKnowledge, name: string): Table | undefined {
  return knowledge.schema.tables.find((table) => sameName(table.name, name));
}

/** FROM with its joins, in place of USING or behind the result list. */
function fromEdit(scope: SelectScope, tokens: readonly Token[], usingAt: number, tree: JoinTree): TextEdit {
  const joins = tree.steps.map((step) => ` JOIN ${quoteIdentifier(step.to)} ON ${relationCondition(step.relation)}`);
  const text = ` FROM ${quoteIdentifier(tree.tables[0] ?? '')}${joins.join('')}`;
  const start = tokens[usingAt - 1]?.end ?? 0;
  return { start, end: tokens[scope.listEnd - 1]?.end ?? start, text };
}

/** One table needs no qualifiers, unless a result column has taken the name. */
function columnEdits(scope: SelectScope, tokens: readonly Token[], columns: readonly Placed[], tree: JoinTree): TextEdit[] {
  return columns.map(({ use, home }) => {
    const isClear = tree.tables.length === 1 && !scope.aliases.some((alias) => sameName(alias, home.column));
    const column = quoteIdentifier(home.column);
    const start = tokens[use.start]?.start ?? 0;
    return { start, end: tokens[use.end - 1]?.end ?? start, text: isClear ? column : `${quoteIdentifier(home.table)}.${column}` };
  });
}

/** Rows of a join are counted without saying whose. */
function countEdits(scope: SelectScope, tokens: readonly Token[]): TextEdit[] {
  return scope.stars.flatMap(({ qualifier, start, end }) => {
    const token = tokens[start];
    const isCounted = tokens[start - 1]?.text === '(';
    return qualifier === undefined || !isCounted || !token
      ? []
      : [{ start: token.start, end: tokens[end - 1]?.end ?? token.end, text: '*' }];
  });
}

function distinct(tables: readonly string[]): readonly string[] {
  return [...new Set(tables)];
}
