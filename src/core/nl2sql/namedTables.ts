/** Tables that a statement reads, in stored spelling, and tables that a question names. */
import { type DatabaseSchema } from '../schema/types.js';
import { significantTokens } from '../sql/tokenize.js';
import { readScopes } from './selectScopes.js';
import { type LinkedQuestion } from './types.js';

export function namedTables(sql: string, schema: DatabaseSchema): string[] {
  const tokens = significantTokens(sql);
  const written = new Set(readScopes(tokens).flatMap((scope) => scope.sources.flatMap((source) => source.table?.toLowerCase() ?? [])));
  return schema.tables.filter((table) => written.has(table.name.toLowerCase())).map((table) => table.name);
}

/** A name of which the question has at least this share of the words counts as a mention. */
const partialMention = 0.5;

/** Exact mentions first, then partial ones. */
export function mentionedTables(linked: LinkedQuestion): string[] {
  const exact = linked.links.filter((link) => link.kind === 'tableExact');
  const partial = linked.links.filter((link) => link.kind === 'tablePartial' && link.score >= partialMention);
  return [...new Set([...exact, ...partial].flatMap((link) => link.table ?? []))];
}
