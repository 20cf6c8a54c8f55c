/**
 * Qualifies unqualified columns that several joined tables have with the first of these tables: the grammar lets models
 * write them bare, SQLite refuses them. Nothing else is changed; names that no joined table has stay as they are.
 */
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type Token, tokenize } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { type ColumnUse, readScopes, type SelectScope } from './selectScopes.js';

interface Edit {
  readonly at: number;
  readonly text: string;
}

/** The statement with qualifiers put in; the same text when nothing is ambiguous or it is not understood. */
export function qualifyAmbiguous(sql: string, schema: DatabaseSchema): string {
  const tokens = tokenize(sql).filter(({ text }) => !/^(?:\s|--|\/\*)/.test(text));
  const edits = readScopes(tokens).flatMap((scope) => scopeEdits(scope, tokens, schema));
  let result = sql;
  for (const { at, text } of edits.sort((a, b) => b.at - a.at)) result = result.slice(0, at) + text + result.slice(at);
  return result;
}

function scopeEdits(scope: SelectScope, tokens: readonly Token[], schema: DatabaseSchema): readonly Edit[] {
  return scope.columns.flatMap((use): readonly Edit[] => {
    const token = tokens[use.start];
    const owner = use.qualifier === undefined ? firstOfSeveral(use, scope, schema) : undefined;
    return token === undefined || owner === undefined ? [] : [{ at: token.start, text: `${quoteIdentifier(owner)}.` }];
  });
}

/** What the first of several joined tables that have the column is called; undefined when the name is clear. */
function firstOfSeveral(use: ColumnUse, scope: SelectScope, schema: DatabaseSchema): string | undefined {
  // ORDER BY looks at names of result columns before it looks at tables.
  if (use.clause === 'order' && scope.aliases.some((alias) => sameName(alias, use.name))) return undefined;
  const owners = scope.sources.filter(({ table }) => table !== undefined && hasColumn(schema, table, use.name));
  return owners.length > 1 ? owners[0]?.name : undefined;
}

function hasColumn(schema: DatabaseSchema, table: string, column: string): boolean {
  const stored: Table | undefined = schema.tables.find(({ name }) => sameName(name, table));
  return stored?.columns.some(({ name }) => sameName(name, column)) ?? false;
}
