/**
 * Takes FROM and JOIN out of a statement (see `joinFreeSql`), or says why it cannot be said without them. What is written compiles back to the
 * very joins of the statement, with the tables that these leave out (see `impliedRelations`): tables and keys that its columns do not imply are named behind USING, no more of them than needed.
 */
import { joinTreeId } from '../graph/joinTree.js';
import { type Relation } from '../graph/types.js';
import { type Table } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { isTree, joinFreeTree } from './joinFreeTree.js';
import { readJoinConditions } from './readJoinConditions.js';
import { type ColumnUse, readScopes, type SelectScope, type StarUse } from './selectScopes.js';
import { type ColumnRef, type DatabaseKnowledge } from './types.js';

/** Why a statement is outside the language. */
export type OutsideJoinFree =
  | 'with'
  | 'derivedTable'
  | 'unknownTable'
  | 'selfJoin'
  | 'otherJoin'
  | 'noRelation'
  | 'correlated'
  | 'unknownName'
  /** The tree that the graph supplies is another one, even with all tables and keys named. */
  | 'otherTree';

export type JoinFree = { readonly ir: string } | { readonly outside: OutsideJoinFree };

/** @param sql a statement whose texts stand in single quotes: a name that is no column is outside the language. */
export function toJoinFree(sql: string, knowledge: DatabaseKnowledge): JoinFree {
  const tokens = significantTokens(sql);
  if (tokens.some((token) => token.kind === 'keyword' && /^(?:WITH|VALUES|OVER|WINDOW)$/i.test(token.text))) return { outside: 'with' };
  const edits: TextEdit[] = [];
  for (const scope of readScopes(tokens)) {
    const free = freeScope(scope, tokens, knowledge);
    if (typeof free === 'string') return { outside: free };
    edits.push(...free);
  }
  return { ir: applyEdits(sql, edits) };
}

/** A source under the name that columns are qualified with. */
interface Joined {
  readonly name: string;
  readonly table: Table;
}

function freeScope(scope: SelectScope, tokens: readonly Token[], knowledge: DatabaseKnowledge): TextEdit[] | OutsideJoinFree {
  const sources = joinedTables(scope, knowledge);
  if (typeof sources === 'string') return sources;
  const relations = readJoinConditions(scope, tokens, sources, knowledge.relations);
  if (typeof relations === 'string') return relations;
  const homes = new Map<ColumnUse, ColumnRef>();
  for (const use of scope.columns.filter((candidate) => candidate.start < scope.fromStart || candidate.start >= scope.fromEnd)) {
    const home = homeOf(use, scope, sources, knowledge);
    if (typeof home === 'string') return home;
    if (home) homes.set(use, home);
  }
  const columns = [...homes].filter(([use]) => !(use.clause === 'order' && scope.before)).map(([, home]) => home.table);
  const counted = countedTable(sources, columns, relations);
  const stars = scope.stars.map((star) => starText(star, tokens, sources, counted));
  if (stars.some((star) => star === undefined)) return 'unknownName';
  const shown = [...columns, ...stars.flatMap((star) => star?.tables ?? [])];
  const using = namesNeeded(sources, shown, relations, knowledge.relations);
  if (using === undefined) return 'otherTree';
  const texts = stars.map((star) => star?.edit).filter((edit) => edit !== undefined);
  return [...texts, ...columnEdits(homes, tokens), ...fromEdit(scope, tokens, using)];
}

function joinedTables(scope: SelectScope, knowledge: DatabaseKnowledge): readonly Joined[] | OutsideJoinFree {
  const joined: Joined[] = [];
  for (const { table: name, name: qualifier } of scope.sources) {
    if (name === undefined) return 'derivedTable';
    const table = knowledge.schema.tables.find((candidate) => sameName(candidate.name, name));
    if (!table) return 'unknownTable';
    if (joined.some((other) => other.table === table)) return 'selfJoin';
    joined.push({ name: qualifier, table });
  }
  return joined;
}

/** Undefined for the name of a result column, which stays. */
function homeOf(
  use: ColumnUse,
  scope: SelectScope,
  sources: readonly Joined[],
  knowledge: DatabaseKnowledge,
): ColumnRef | OutsideJoinFree | undefined {
  const isAlias = use.qualifier === undefined && scope.aliases.some((alias) => sameName(alias, use.name));
  const isOrder = use.clause === 'order';
  if ((isAlias && isOrder) || (isOrder && scope.before && use.qualifier === undefined)) return undefined;
  const own = columnsNamed(use, sources);
  if (own.length === 1) return own[0];
  if (isAlias && use.clause !== 'select') return undefined;
  for (let before = isOrder ? scope.before : undefined; before; before = before.before) {
    const earlier = joinedTables(before, knowledge);
    const [home] = typeof earlier === 'string' ? [] : columnsNamed(use, earlier);
    if (home) return home;
  }
  for (let outer = scope.parent; outer; outer = outer.parent) {
    const around = joinedTables(outer, knowledge);
    if (typeof around === 'string' || columnsNamed(use, around).length > 0) return 'correlated';
  }
  return 'unknownName';
}

function columnsNamed(use: ColumnUse, sources: readonly Joined[]): ColumnRef[] {
  return sources
    .filter(({ name }) => use.qualifier === undefined || sameName(name, use.qualifier))
    .flatMap(({ table }) => {
      const column = table.columns.find((candidate) => sameName(candidate.name, use.name));
      return column ? [{ table: table.name, column: column.name }] : [];
    });
}

/** Whose rows COUNT(*) counts: a table that nothing else names, else the one whose rows no join multiplies, else the first. */
function countedTable(sources: readonly Joined[], named: readonly string[], relations: readonly Relation[]): string | undefined {
  const names = sources.map(({ table }) => table.name);
  const ends = names.filter((name) => relations.filter((relation) => relation.child === name || relation.parent === name).length < 2);
  const children = names.filter((name) => !relations.some((relation) => relation.parent === name));
  return ends.find((name) => !named.includes(name)) ?? (children.length === 1 ? children[0] : names[0]);
}

interface StarText {
  readonly tables: readonly string[];
  readonly edit: TextEdit;
}

function starText(star: StarUse, tokens: readonly Token[], sources: readonly Joined[], counted: string | undefined): StarText | undefined {
  const isCounted = tokens[star.start - 1]?.text === '(';
  const of = sources.filter(({ name }) => star.qualifier === undefined || sameName(name, star.qualifier)).map(({ table }) => table.name);
  const tables = isCounted && star.qualifier === undefined ? of.filter((name) => name === counted) : of;
  const token = tokens[star.start];
  if (tables.length === 0 || !token) return undefined;
  const text = tables.map((name) => `${quoteIdentifier(name)}.*`).join(', ');
  return { tables, edit: { start: token.start, end: tokens[star.end - 1]?.end ?? token.end, text } };
}

/** What USING must name so that the graph joins as the statement does: nothing, tables, or tables and keys. Undefined when nothing helps. */
function namesNeeded(
  sources: readonly Joined[],
  shown: readonly string[],
  relations: readonly Relation[],
  all: readonly Relation[],
): readonly string[] | undefined {
  const wanted = relations
    .map(({ id }) => id)
    .sort()
    .join('\n');
  // A join that leaves tables out is along their relations all the same.
  const joined = relations.flatMap(({ child, parent }) => [child, parent]);
  const names = [...new Set([...sources.map(({ table }) => table.name), ...joined])];
  const isEnough = (tables: readonly string[], keys: readonly ColumnRef[]): boolean => {
    if (names.length === 0) return true;
    const given = [...new Set([...shown, ...tables, ...keys.map((key) => key.table)])];
    if (given.length === 0) return false;
    const tree = joinFreeTree(given, keys, all);
    return isTree(tree) && tree.tables.length === names.length && joinTreeId(tree) === wanted;
  };
  const hidden = names.filter((name) => !shown.includes(name));
  const leaves = hidden.filter((name) => relations.filter(({ child, parent }) => child === name || parent === name).length < 2);
  const keyed = relations.map((relation) => relation.childColumns.map((column) => ({ table: relation.child, column })));
  const choices: (readonly [readonly string[], readonly ColumnRef[]])[] = [
    [[], []],
    [leaves, []],
    [hidden, []],
    ...keyed.flatMap((keys): (readonly [readonly string[], readonly ColumnRef[]])[] => [
      [[], keys],
      [leaves, keys],
      [hidden, keys],
    ]),
    [hidden, keyed.flat()],
  ];
  const chosen = choices.find(([tables, keys]) => isEnough(tables, keys));
  return chosen && [...chosen[0].map(quoteIdentifier), ...chosen[1].map(columnText)];
}

function columnText({ table, column }: ColumnRef): string {
  return `${quoteIdentifier(table)}.${quoteIdentifier(column)}`;
}

function columnEdits(homes: ReadonlyMap<ColumnUse, ColumnRef>, tokens: readonly Token[]): TextEdit[] {
  return [...homes].map(([use, home]) => {
    const start = tokens[use.start]?.start ?? 0;
    return { start, end: tokens[use.end - 1]?.end ?? start, text: columnText(home) };
  });
}

function fromEdit(scope: SelectScope, tokens: readonly Token[], using: readonly string[]): TextEdit[] {
  const before = tokens[scope.fromStart - 1];
  if (scope.fromStart < 0 || !before) return [];
  const text = using.length === 0 ? '' : ` USING ${using.join(', ')}`;
  return [{ start: before.end, end: tokens[scope.fromEnd - 1]?.end ?? before.end, text }];
}
