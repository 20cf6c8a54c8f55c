/**
 * The short grammar for questions about one table (SQLNet's sketch): result columns with at most one aggregate each, a
 * row of conditions, groups, an order, a limit, two such SELECTs joined by a set operation, and one aggregate of the table to
 * compare with. No joins, no arithmetic, no deeper nesting.
 */
import { type ExpressionContext } from './grammarExpressions.js';
import { type NumberRules, type StringRules } from './grammarLiterals.js';
import { type GrammarRules } from './grammarText.js';

/** Defines `sketch` and what only it needs; `alias` and `limit` are defined elsewhere. */
export function sketchRules({ rules, strings, columnStrings, numbers }: ExpressionContext): void {
  const item = rules.mark('item');
  const aggregate = rules.mark('aggregate');
  const open = rules.mark('scope-open');
  const close = rules.mark('scope-close');
  rules.rule('sketch-aggregate', `count-rows ${aggregate}`, `aggregate-call "DISTINCT "? column ")" ${aggregate}`);
  rules.rule('sketch-item', `${item} (column | sketch-aggregate) (" AS " alias)?`);
  rules.rule('sketch-items', `${rules.mark('item-star')} "*"`, 'sketch-item (", " sketch-item){0,5}');
  rules.rule(
    'sketch-test',
    `column ${test(rules, numbers, strings, '')}`,
    ...columnStrings.map((own) => `${own.column} ${test(rules, numbers, own.strings, `-${String(own.id)}`)}`),
  );
  rules.rule('sketch-where', '" WHERE " sketch-test ((" AND " | " OR ") sketch-test){0,4}');
  rules.rule('sketch-scalar', `${open} "SELECT " ${item} sketch-aggregate " FROM " tables sketch-where? ${close}`);
  rules.rule('sketch-core', '"SELECT " "DISTINCT "? sketch-items " FROM " tables sketch-where?');
  const having =
    numbers.other === '' ? '' : ` (" HAVING " (sketch-aggregate | alias-use) (" = " | " < " | " <= " | " > " | " >= ") ${numbers.other})?`;
  rules.rule('sketch-groups', `" GROUP BY " column (", " column){0,2}${having}`);
  const compound = `(" UNION " | " INTERSECT " | " EXCEPT ") ${rules.mark('scope-next')} sketch-core sketch-groups?`;
  const grouped = `sketch-groups (${ordering('(column | sketch-aggregate | alias-use)')}? limit? | ${compound})`;
  rules.rule('sketch', `${open} sketch-core (${grouped} | ${ordering('(column | alias-use)')}? limit? | ${compound}) ${close}`);
}

function ordering(term: string): string {
  return `(" ORDER BY " ${term} (" ASC" | " DESC")? (", " ${term} (" ASC" | " DESC")?)?)`;
}

function test(rules: GrammarRules, numbers: NumberRules, strings: StringRules, suffix: string): string {
  const values = [numbers.rows, strings.text].filter((text) => text !== '');
  const side = `(${[...values, 'column'].join(' | ')})`;
  const entry = `(${values.join(' | ')})`;
  return rules.rule(
    `sketch-tail${suffix}`,
    `(" = " | " != " | " < " | " <= " | " > " | " >= ") (${side} | "(" sketch-scalar ")")`,
    `" BETWEEN " ${side} " AND " ${side}`,
    values.length === 0 ? '' : `" NOT"? " IN (" ${entry} (", " ${entry}){0,9} ")"`,
    strings.pattern === '' ? '' : `" NOT"? " LIKE " ${strings.pattern}`,
    '" IS NULL"',
    '" IS NOT NULL"',
  );
}
