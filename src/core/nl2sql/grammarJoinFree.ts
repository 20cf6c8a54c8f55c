/**
 * The grammar of statements without FROM and JOIN (see joinFreeSql.ts): every column with its table, USING for tables and keys that no column
 * names. Which tables join is for the compiler to say, so no column is tied to another.
 */
import { type ColumnStrings, expressionRules } from './grammarExpressions.js';
import { numberRules, stringRules } from './grammarLiterals.js';
import { type GrammarTable } from './grammarNames.js';
import { depths, queryRules, sharedQueryRules } from './grammarQueries.js';
import { gbnfLiteral, GrammarRules } from './grammarText.js';
import { type GrammarInput } from './types.js';

/** @param given tables of the input; copies are left out, for nothing is joined twice. */
export function joinFreeGrammar(input: GrammarInput, given: readonly GrammarTable[]): string {
  const tables = given.filter(({ copy }) => !copy);
  const rules = new GrammarRules();
  rules.rule('root', 'select-items-0 ";"?');
  for (const table of tables) rules.rule(`columns-of-${String(table.id)}`, ...table.columns.map(({ text }) => gbnfLiteral(text)));
  rules.rule('column', ...tables.map((table) => `${gbnfLiteral(`${table.qualifier}.`)} columns-of-${String(table.id)}`));
  rules.rule('table-star', ...tables.map((table) => gbnfLiteral(`${table.qualifier}.*`)));
  rules.rule('named', 'column', ...tables.map((table) => gbnfLiteral(table.qualifier)));
  rules.rule('using', '" USING " named (", " named){0,5}');
  const numbers = numberRules(rules, input);
  const strings = stringRules(rules, input);
  const columnStrings = ownStrings(rules, input, tables);
  sharedQueryRules(rules, ['("COUNT(" | "count(") table-star ")"']);
  // FROM would end here: the matcher counts the result columns of compounds at its end.
  const from = `${rules.mark(`from-${String(tables[0]?.id ?? 0)}`)} ${rules.mark('from-end')} using?`;
  for (const depth of depths) {
    expressionRules({ rules, bare: new Map(), strings, columnStrings, numbers }, depth);
    queryRules(rules, depth, from);
  }
  return rules.text();
}

function ownStrings(rules: GrammarRules, input: GrammarInput, tables: readonly GrammarTable[]): readonly ColumnStrings[] {
  const known = tables.flatMap((table) =>
    table.columns.flatMap(({ name, text }) => {
      const literals = input.literalsByColumn?.get(`${table.name}.${name}`) ?? [];
      return literals.length === 0 ? [] : [{ column: gbnfLiteral(`${table.qualifier}.${text}`), literals }];
    }),
  );
  return known.map(({ column, literals }, id) => ({ id, column, strings: stringRules(rules, input, literals, `-${String(id)}`) }));
}
