/**
 * A count of a set, where a statement takes a set from a count: `SELECT COUNT(*) FROM customers EXCEPT SELECT customer_id FROM orders` compares a
 * number with keys and gives all customers. Counted is what the two SELECTs leave, by the column that the second one shows.
 */
import { type Relation } from '../graph/types.js';
import { type Table } from '../schema/types.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { readScopes, type SelectScope } from './selectScopes.js';
import { type DatabaseKnowledge } from './types.js';

/** @param fixed characters at the beginning that the user wrote and that stay as they are. */
export function countCompounds(sql: string, { schema, relations }: DatabaseKnowledge, fixed = 0): string {
  const tokens = significantTokens(sql);
  const tops = readScopes(tokens).filter(({ parent }) => parent === undefined);
  const [first, second] = tops;
  if (fixed > 0 || !first || !second || tops.length > 2 || first.start !== 0 || first.groups) return sql;
  if (!/^(?:EXCEPT|INTERSECT)$/i.test(tokens[second.start - 1]?.text ?? '') || hasTail(tokens, second)) return sql;
  const shown = plainColumn(tokens, second);
  const counted = countedColumn(tokens, first);
  const table = schema.tables.find(({ name }) => first.sources.length === 1 && sameName(name, first.sources[0]?.table ?? ''));
  if (shown === undefined || counted === undefined || !table) return sql;
  const key = counted === '*' ? keyFor(table, shown, relations) : counted;
  const rest = tokens[first.listEnd]?.start;
  return key === undefined || rest === undefined ? sql : `SELECT COUNT(*) FROM (SELECT ${key} ${sql.slice(rest).replace(/\s*;\s*$/, '')})`;
}

/** ORDER BY or LIMIT behind the compound, or anywhere in its end. */
function hasTail(tokens: readonly Token[], { fromEnd }: SelectScope): boolean {
  return tokens.slice(fromEnd).some(({ text }) => /^(?:ORDER|LIMIT)$/i.test(text));
}

/** Name of the one column that a SELECT shows as it is. */
function plainColumn(tokens: readonly Token[], { start, listEnd, columns }: SelectScope): string | undefined {
  const from = start + (/^DISTINCT$/i.test(tokens[start + 1]?.text ?? '') ? 2 : 1);
  return columns.find((use) => use.start === from && use.end === listEnd)?.name;
}

/** What stands in `COUNT(…)` when a SELECT shows nothing else: `*`, or a column as written. */
function countedColumn(tokens: readonly Token[], { start, listEnd }: SelectScope): string | undefined {
  const list = tokens.slice(start + 1, listEnd).map(({ text }) => text);
  return /^COUNT\((?:DISTINCT )?(\*|[^()+\-*/|]+)\)$/i.exec(list.join('').replace(/^COUNT\(DISTINCT/i, 'COUNT(DISTINCT '))?.[1];
}

/** The table's own column of that name, else its key where a column of that name refers to the table. */
function keyFor(table: Table, shown: string, relations: readonly Relation[]): string | undefined {
  const own = table.columns.find(({ name }) => sameName(name, shown))?.name;
  const leadsHere = ({ parent, childColumns: [column = '', ...more] }: Relation): boolean =>
    parent === table.name && more.length === 0 && sameName(column, shown);
  const key = own ?? (table.primaryKey.length === 1 && relations.some(leadsHere) ? table.primaryKey[0] : undefined);
  return key === undefined ? undefined : quoteIdentifier(key);
}
