/** Rules for whole SELECTs, compounds and subqueries at each depth. Values, conditions and tables are defined elsewhere. */
import { condition, deepestSubquery, termlike, value } from './grammarExpressions.js';
import { type GrammarRules } from './grammarText.js';

const setOperators = '(" UNION ALL " | " UNION " | " INTERSECT " | " EXCEPT ")';

/**
 * Defines `query-<depth>` for the top and `scalar-<depth>`, `exists-<depth>` below it.
 * @param from what stands between the result list and WHERE.
 */
export function queryRules(rules: GrammarRules, depth: number, from = '" FROM " tables'): void {
  const d = String(depth);
  const item = rules.mark('item');
  const open = rules.mark('scope-open');
  const close = rules.mark('scope-close');
  rules.rule(`item-${d}`, `${item} ${value('item', depth)} (" AS " alias)?`);
  rules.rule(`star-${d}`, `${rules.mark('item-star')} ("*" | table-star)`);
  rules.rule(`items-${d}`, `(item-${d} | star-${d}) (", " (item-${d} | star-${d}))*`);
  rules.rule(`single-${d}`, `${item} ${value('item', depth)}`);
  rules.rule(`where-${d}`, `" WHERE " ${condition('where', depth)}`);
  rules.rule(`grouping-${d}`, `" GROUP BY " ${list(termlike('group', depth))} (" HAVING " ${condition('grouped', depth)})?`);
  rules.rule(`grouped-order-${d}`, ordering(termlike('grouped', depth)));
  rules.rule(`plain-order-${d}`, ordering(termlike('order', depth)));
  for (const items of depth === 0 ? ['items'] : ['items', 'single']) {
    const core = rules.rule(`core-${items}-${d}`, `"SELECT " "DISTINCT "? ${items}-${d} ${from} where-${d}?`);
    rules.rule(`compound-${items}-${d}`, `(${setOperators} ${rules.mark('scope-next')} ${core} grouping-${d}?){1,3} limit?`);
    rules.rule(
      `select-${items}-${d}`,
      `${open} ${core} (grouping-${d} (grouped-order-${d}? limit? | compound-${items}-${d}) | plain-order-${d}? limit? | compound-${items}-${d}) ${close}`,
    );
  }
  if (depth === 0) return;
  rules.rule(`scalar-${d}`, `select-single-${d}`);
  const any = `"SELECT " ("1" | "*") ${from} where-${d}? grouping-${d}?`;
  rules.rule(`exists-${d}`, `${open} ${any} ${close}`, `select-single-${d}`);
}

/**
 * Defines `derived`: an aggregate over a SELECT in FROM. Only a few names are offered for the inner result column: with free
 * names every column that a model makes up would be taken for one.
 */
export function derivedRules(rules: GrammarRules): void {
  const open = rules.mark('scope-open');
  const close = rules.mark('scope-close');
  const counted = ['count', 'cnt', 'num'].map((name) => {
    const items = `(item-1 ", "){0,3} ${rules.mark('item')} aggregate-1 " AS ${name} FROM "`;
    const inner = rules.rule(`counted-${name}`, `${open} "SELECT " ${items} tables where-1? grouping-1 ${close}`);
    return `("AVG(" | "MAX(" | "MIN(") "${name}) FROM (" ${inner}`;
  });
  rules.rule('derived', `"SELECT " ("COUNT(*) FROM (" select-items-1 | ${counted.join(' | ')}) ")" (" AS " ("t" | "sub" | "subquery"))?`);
}

/** Functions over groups. A model that begins one in small letters must not be held to a column of that beginning (`count` and `country`). */
const aggregates = ['COUNT(', 'SUM(', 'AVG(', 'MIN(', 'MAX('];

/**
 * Defines names for result columns and LIMIT, and the calls of aggregates.
 * @param countRows how rows are counted.
 */
export function sharedQueryRules(rules: GrammarRules, countRows: readonly string[] = ['"COUNT(*)"', '"count(*)"']): void {
  rules.rule('aggregate-call', ...aggregates.flatMap((call) => [`"${call}"`, `"${call.toLowerCase()}"`]));
  rules.rule('count-rows', ...countRows);
  rules.rule('limit', '" LIMIT " count (" OFFSET " count)?');
  const body = '[A-Za-z_] [A-Za-z0-9_]{0,30}';
  rules.rule('alias', `${rules.mark('alias-begin')} ${body} ${rules.mark('alias-end')}`);
  rules.rule('alias-use', body);
  rules.rule('alias-use-plain', body);
}

export const depths: readonly number[] = Array.from({ length: deepestSubquery + 1 }, (_, depth) => depth);

function ordering(term: string): string {
  return `" ORDER BY " ${term} (" ASC" | " DESC")? (", " ${term} (" ASC" | " DESC")?){0,4}`;
}

function list(term: string): string {
  return `${term} (", " ${term}){0,7}`;
}
