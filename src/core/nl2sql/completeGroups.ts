/**
 * Supplies the GROUP BY that a mixed result list implies ("type and number of transactions"), and takes out a count that nobody asked for.
 * SQLite would run the first as one arbitrary row. Lists with MIN or MAX stay: there SQLite picks the matching row on purpose.
 */
import { significantTokens, type Token } from '../sql/tokenize.js';
import { readCues } from './readCues.js';
import { readScopes } from './selectScopes.js';

export function completeGroups(sql: string, question: string): string {
  const tokens = significantTokens(sql);
  const scopes = readScopes(tokens);
  const scope = scopes[0];
  if (scopes.length !== 1 || !scope || scope.fromStart < 2) return sql;
  const first = /^(?:DISTINCT|ALL)$/i.test(tokens[1]?.text ?? '') ? 2 : 1;
  const items = splitItems(tokens.slice(first, scope.fromStart));
  const counts = items.filter(isAggregate);
  const plain = items.filter((item) => !isAggregate(item));
  if (counts.length === 0 || plain.length === 0) return sql;
  if (!scope.groups) return counts.some(isExtreme) || plain.some(hasOperator) ? sql : insertGroup(sql, tokens, scope.fromEnd, plain);
  const only = counts.length === 1 ? counts[0] : undefined;
  return only && isUnaskedCount(only, sql, question) ? removeItem(sql, items, only) : sql;
}

type Item = readonly Token[];

function splitItems(tokens: readonly Token[]): Item[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && token.text === ',') items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.filter((item) => item.length > 0);
}

function isAggregate(item: Item): boolean {
  return item.some((token, at) => /^(?:COUNT|SUM|AVG|MIN|MAX|TOTAL|GROUP_CONCAT)$/i.test(token.text) && item[at + 1]?.text === '(');
}

function isExtreme(item: Item): boolean {
  return /^(?:MIN|MAX)$/i.test(item[0]?.text ?? '');
}

/** Only plain columns can be repeated in GROUP BY as they stand. */
function hasOperator(item: Item): boolean {
  return (
    !(item.length === 1 || (item.length === 3 && item[1]?.text === '.')) ||
    item.some((token) => token.text === '*' || token.kind === 'number' || token.kind === 'string')
  );
}

function insertGroup(sql: string, tokens: readonly Token[], fromEnd: number, plain: readonly Item[]): string {
  const next = tokens.slice(fromEnd).find((token) => /^(?:HAVING|ORDER|LIMIT)$/i.test(token.text));
  const at = next ? next.start - 1 : (tokens.at(-1)?.end ?? sql.length);
  const columns = plain.map((item) => item.map((token) => token.text).join('')).join(', ');
  return `${sql.slice(0, at)} GROUP BY ${columns}${sql.slice(at)}`;
}

/** "the most common type" wants the type: the count that finds it belongs into ORDER BY alone. */
function isUnaskedCount(item: Item, sql: string, question: string): boolean {
  return (
    /^COUNT$/i.test(item[0]?.text ?? '') &&
    item[1]?.text === '(' &&
    item.at(-1)?.text === ')' &&
    /ORDER BY COUNT\([^)]*\)(?: DESC| ASC)? LIMIT/i.test(sql) &&
    !readCues(question).includes('count') &&
    !/\btimes\b|\bfrequen|\bcounts?\b/i.test(question)
  );
}

function removeItem(sql: string, items: readonly Item[], gone: Item): string {
  const at = items.indexOf(gone);
  const start = at === 0 ? (gone[0]?.start ?? 0) : (items[at - 1]?.at(-1)?.end ?? 0);
  const end = at === 0 ? (items[1]?.[0]?.start ?? 0) : (gone.at(-1)?.end ?? 0);
  return sql.slice(0, start) + sql.slice(end);
}
