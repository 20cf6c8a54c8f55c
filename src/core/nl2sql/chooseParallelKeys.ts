/**
 * Of parallel keys between two tables the one that the question names: "debates they are on the negative side of" joins along `Negative`,
 * whatever key the model took, unless the question names that one, too. Nothing is changed where a table is joined twice.
 */
import { type Relation } from '../graph/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { type ColumnUse, equalColumns, readScopes, type SelectScope } from './selectScopes.js';
import { nameWords, splitWords } from './words.js';

/** Letters that an abbreviated word of a name has at least: `dest` is named by "destination", `to` by nothing. */
const leastLetters = 4;

/** @param fixed characters at the beginning that the user wrote and that stay as they are. */
export function chooseParallelKeys(sql: string, question: string, relations: readonly Relation[], fixed: number): string {
  const groups = parallelGroups(relations);
  if (groups.length === 0) return sql;
  const said = splitWords(question).flatMap(({ text, stem }) => [stem, ...nameWords(text)]);
  const tokens = significantTokens(sql);
  const edits = readScopes(tokens).flatMap((scope) => joinsOf(scope, tokens).flatMap((join) => swap(join, scope, groups, said, tokens)));
  return edits.some((edit) => edit.start < fixed) ? sql : applyEdits(sql, edits);
}

/** Relations of one column each that lead from the same child to the same key. */
function parallelGroups(relations: readonly Relation[]): (readonly Relation[])[] {
  const groups = new Map<string, Relation[]>();
  for (const relation of relations) {
    if (relation.childColumns.length !== 1 || sameName(relation.child, relation.parent)) continue;
    const key = [relation.child, relation.parent, relation.parentColumns[0]].join('\u0000').toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), relation]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** An equality of two qualified columns behind ON. */
type Join = readonly [ColumnUse, ColumnUse];

function joinsOf(scope: SelectScope, tokens: readonly Token[]): Join[] {
  return equalColumns(scope, tokens).filter((pair) => pair.every((use) => use.clause === 'on' && use.qualifier !== undefined));
}

function swap(
  join: Join,
  scope: SelectScope,
  groups: readonly (readonly Relation[])[],
  said: readonly string[],
  tokens: readonly Token[],
): TextEdit[] {
  for (const group of groups) {
    const taken = group.find((relation) => isAlong(relation, join, scope));
    if (!taken || !isJoinedOnce(taken, scope)) continue;
    const named = group.filter((relation) => isNamed(relation, group, said));
    const [wanted] = named;
    if (!wanted || named.length > 1 || wanted === taken) return [];
    const qualifier = join.find((use) => sourceOf(use, scope) === taken.child.toLowerCase())?.qualifier ?? '';
    return isUsed(columnOf(wanted), qualifier, scope) ? [] : rename(scope, qualifier, columnOf(taken), columnOf(wanted), tokens);
  }
  return [];
}

function isAlong(relation: Relation, join: Join, scope: SelectScope): boolean {
  const is = (use: ColumnUse, table: string, column: string): boolean =>
    sourceOf(use, scope) === table.toLowerCase() && sameName(use.name, column);
  const [child, parent] = [columnOf(relation), relation.parentColumns[0] ?? ''];
  return [join, [...join].reverse()].some(([a, b]) => a && b && is(a, relation.child, child) && is(b, relation.parent, parent));
}

function isJoinedOnce({ child, parent }: Relation, scope: SelectScope): boolean {
  return [child, parent].every((table) => scope.sources.filter((source) => sameName(source.table ?? '', table)).length === 1);
}

/** Whether the question has a word of the key's column that the others do not have. */
function isNamed(relation: Relation, group: readonly Relation[], said: readonly string[]): boolean {
  const others = group.filter((other) => other !== relation).flatMap((other) => nameWords(columnOf(other)));
  return nameWords(columnOf(relation))
    .filter((word) => !others.includes(word))
    .some((word) => said.some((spoken) => spoken === word || (word.length >= leastLetters && spoken.startsWith(word))));
}

/** A statement that shows one key and joins along the other has told them apart: the friends of somebody. */
function isUsed(column: string, qualifier: string, scope: SelectScope): boolean {
  return scope.columns.some((use) => sameName(use.name, column) && (use.qualifier === undefined || sameName(use.qualifier, qualifier)));
}

function sourceOf(use: ColumnUse, scope: SelectScope): string | undefined {
  return scope.sources.find((source) => sameName(source.name, use.qualifier ?? ''))?.table?.toLowerCase();
}

function rename(scope: SelectScope, qualifier: string, from: string, to: string, tokens: readonly Token[]): TextEdit[] {
  return scope.columns.flatMap((use): TextEdit[] => {
    const last = tokens[use.end - 1];
    if (!last || use.qualifier === undefined || !sameName(use.qualifier, qualifier) || !sameName(use.name, from)) return [];
    return [{ start: last.start, end: last.end, text: quoteIdentifier(to) }];
  });
}

function columnOf(relation: Relation): string {
  return relation.childColumns[0] ?? '';
}
