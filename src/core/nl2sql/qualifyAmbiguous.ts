/**
 * Qualifies unqualified columns that several joined tables have with the first of these tables: the grammar lets models
 * write them bare, SQLite refuses them. Nothing else is changed; names that no joined table has stay as they are. For statements whose
 * FROM is not completed: completing does the same on its way.
 */
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { type ColumnUse, readScopes, type SelectScope } from './selectScopes.js';

/** Joins that make one column of two: then the bare name is right. */
const mergingWords: ReadonlySet<string> = new Set(['USING', 'NATURAL']);

/**
 * The statement with qualifiers put in; the same text when nothing is ambiguous or it is not understood. The first `fixed` characters are
 * left as they are.
 */
export function qualifyAmbiguous(sql: string, schema: DatabaseSchema, fixed = 0): string {
  const tokens = significantTokens(sql);
  if (tokens.some(({ kind, text }) => kind === 'keyword' && mergingWords.has(text.toUpperCase()))) return sql;
  const edits = readScopes(tokens).flatMap((scope) => scopeEdits(scope, tokens, schema));
  return applyEdits(
    sql,
    edits.filter(({ start }) => start >= fixed),
  );
}

function scopeEdits(scope: SelectScope, tokens: readonly Token[], schema: DatabaseSchema): readonly TextEdit[] {
  return scope.columns.flatMap((use): readonly TextEdit[] => {
    const token = tokens[use.start];
    const owner = use.qualifier === undefined ? firstOfSeveral(use, scope, schema) : undefined;
    return token === undefined || owner === undefined ? [] : [{ start: token.start, end: token.start, text: `${quoteIdentifier(owner)}.` }];
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
