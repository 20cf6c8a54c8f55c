/**
 * A count over the rows of one entity table is always 1 when the table is grouped by its own key: "the customer with the most orders"
 * needs the table that is counted. Where a statement does that, or orders by a count without a group, the table that the question
 * speaks of is joined and the group supplied. Statements that count anything else stay as they are.
 */
import { type JoinTree } from '../graph/types.js';
import { type DatabaseKnowledge } from './types.js';
import { type Table } from '../schema/types.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { relationCondition } from './schemaText.js';
import { readScopes, type SelectScope } from './selectScopes.js';

export interface CountInput {
  readonly knowledge: DatabaseKnowledge;
  readonly joinTrees: (tables: readonly string[]) => readonly JoinTree[];
  /** Tables that the question names. */
  readonly mentioned: readonly string[];
}

export function completeCounts(sql: string, input: CountInput): string {
  const tokens = significantTokens(sql);
  const scopes = readScopes(tokens);
  const scope = scopes[0];
  // One plain SELECT over one table without alias: anything else says by itself what it counts.
  if (scopes.length !== 1 || !scope || scope.sources.length !== 1 || scope.sources[0]?.hasAlias) return sql;
  const table = input.knowledge.schema.tables.find((candidate) => candidate.name.toLowerCase() === scope.sources[0]?.table?.toLowerCase());
  if (!table || !countsRows(tokens) || !countIsTrivial(scope, tokens, table, input.knowledge)) return sql;
  const path = pathToMentioned(table.name, input);
  if (!path) return sql;
  const joins = path.steps.map((step) => ` JOIN ${quoteIdentifier(step.to)} ON ${relationCondition(step.relation)}`).join('');
  return insertJoinAndGroup(sql, tokens, scope, table, joins);
}

function countsRows(tokens: readonly Token[]): boolean {
  return tokens.some((token, at) => /^COUNT$/i.test(token.text) && tokens[at + 1]?.text === '(' && tokens[at + 2]?.text === '*');
}

function countIsTrivial(scope: SelectScope, tokens: readonly Token[], table: Table, knowledge: DatabaseKnowledge): boolean {
  const grouped = scope.columns.filter((column) => column.clause === 'group');
  if (scope.groups) return grouped.some((column) => isUnique(table, column.name, knowledge));
  // Without a group a count next to a plain column, or in ORDER BY, can only be meant per row of the entity.
  const orderAt = tokens.findIndex((token, at) => /^ORDER$/i.test(token.text) && /^BY$/i.test(tokens[at + 1]?.text ?? ''));
  const ordersByCount = orderAt >= 0 && countsRows(tokens.slice(orderAt));
  return scope.columns.some((column) => column.clause === 'select') && (ordersByCount || countsRows(tokens));
}

function isUnique(table: Table, column: string, knowledge: DatabaseKnowledge): boolean {
  const lower = column.toLowerCase();
  if (table.primaryKey.length === 1 && table.primaryKey[0]?.toLowerCase() === lower) return true;
  if (
    table.indexes.some((index) => index.unique && !index.partial && index.columns.length === 1 && index.columns[0]?.toLowerCase() === lower)
  )
    return true;
  const profile = knowledge.profiles.find((candidate) => candidate.table === table.name && candidate.column.toLowerCase() === lower);
  return profile !== undefined && profile.rows > 1 && profile.distinct === profile.rows;
}

function pathToMentioned(table: string, input: CountInput): JoinTree | undefined {
  const paths = input.mentioned
    .filter((other) => other !== table)
    .flatMap((other) => input.joinTrees([table, other]).slice(0, 1))
    .filter((tree) => tree.steps.length > 0 && tree.steps[0]?.from === table);
  return paths.sort((a, b) => a.cost - b.cost)[0];
}

function insertJoinAndGroup(sql: string, tokens: readonly Token[], scope: SelectScope, table: Table, joins: string): string {
  const key = table.primaryKey[0];
  const last = tokens[scope.fromEnd - 1];
  if (!last) return sql;
  const withJoins = (text: string): string => text.slice(0, last.end) + joins + text.slice(last.end);
  if (scope.groups) return withJoins(sql);
  if (key === undefined) return sql;
  const next = tokens.slice(scope.fromEnd).find((token) => /^(?:HAVING|ORDER|LIMIT)$/i.test(token.text));
  const group = ` GROUP BY ${quoteIdentifier(table.name)}.${quoteIdentifier(key)}`;
  const at = next ? next.start - 1 : (tokens.at(-1)?.end ?? sql.length);
  return withJoins(sql.slice(0, at) + group + sql.slice(at));
}
