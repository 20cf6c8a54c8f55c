/**
 * The short grammar for questions about one table (SQLNet's sketch): result columns with at most one aggregate each, a
 * row of conditions, an order, a limit. No groups, no joins, no subqueries.
 */
import { type ExpressionContext } from './grammarExpressions.js';
import { type NumberRules, type StringRules } from './grammarLiterals.js';
import { type GrammarRules } from './grammarText.js';

/** Defines `sketch` and what only it needs. */
export function sketchRules({ rules, strings, columnStrings, numbers }: ExpressionContext): void {
  rules.rule('limit', '" LIMIT " count');
  rules.rule('sketch-item', 'column', '"COUNT(*)"', '("COUNT(" | "SUM(" | "AVG(" | "MIN(" | "MAX(") "DISTINCT "? column ")"');
  rules.rule(
    'sketch-test',
    `column ${test(rules, numbers, strings, '')}`,
    ...columnStrings.map((own) => `${own.column} ${test(rules, numbers, own.strings, `-${String(own.id)}`)}`),
  );
  rules.rule(
    'sketch',
    `${rules.mark('scope-open')} "SELECT " "DISTINCT "? ("*" | sketch-item (", " sketch-item){0,5}) " FROM " tables ` +
      '(" WHERE " sketch-test ((" AND " | " OR ") sketch-test){0,4})? ' +
      `(" ORDER BY " column (" ASC" | " DESC")?)? limit? ${rules.mark('scope-close')}`,
  );
}

function test(rules: GrammarRules, numbers: NumberRules, strings: StringRules, suffix: string): string {
  const side = `(${[numbers.rows, 'column', strings.text].filter((text) => text !== '').join(' | ')})`;
  return rules.rule(
    `sketch-tail${suffix}`,
    `(" = " | " != " | " < " | " <= " | " > " | " >= ") ${side}`,
    `" BETWEEN " ${side} " AND " ${side}`,
    strings.pattern === '' ? '' : `" NOT"? " LIKE " ${strings.pattern}`,
    '" IS NULL"',
    '" IS NOT NULL"',
  );
}
