/**
 * The grammar of one question (scoped GBNF, see core/grammar/types.ts): SQLite SELECT statements over the live schema in
 * one surface style, with marks that tie columns to FROM. What a statement means is not judged here.
 *
 * Style: one line, single spaces, keywords in capitals, names in stored spelling and in double quotes only where SQLite
 * needs them, full table names as qualifiers, a second copy of a table as `name AS name_2`.
 */
import { JoineryError } from '../shared/errors.js';
import { type ColumnStrings, expressionRules } from './grammarExpressions.js';
import { joinFreeGrammar } from './grammarJoinFree.js';
import { numberRules, stringRules } from './grammarLiterals.js';
import { type GrammarTable, grammarTables, nameRule } from './grammarNames.js';
import { depths, derivedRules, queryRules, sharedQueryRules } from './grammarQueries.js';
import { withShortcuts } from './grammarShortcuts.js';
import { sketchRules } from './grammarSketch.js';
import {
  alternatives,
  type BareColumn,
  bareColumns,
  columnRules,
  freeJoins,
  lockedJoins,
  needMark,
  sourceRules,
} from './grammarSources.js';
import { canUseSlots, initialsOf, ownerMarks, slotColumnRules, slotSources } from './grammarSlots.js';
import { GrammarRules } from './grammarText.js';
import { type GrammarInput } from './types.js';

/** Scoped GBNF for the input. Tables that the schema lacks are left out; throws `internal` when none is left. */
export function buildGrammar(input: GrammarInput): string {
  const tables = grammarTables(input);
  if (tables.length === 0) throw new JoineryError('internal', { reason: 'a grammar needs a table' });
  if (input.target === 'ir') return joinFreeGrammar(input, tables);
  const rules = new GrammarRules();
  const complete = input.completeFrom === true ? `${rules.mark('complete-from')} ` : '';
  const plan = input.target === 'think' ? `${planRule(rules)} ` : '';
  rules.rule('root', `${complete}${plan}${input.sketch ? 'sketch' : '(select-items-0 | derived)'} ";"?`);
  const bare = bareColumns(rules, tables);
  const slots = canUseSlots(tables);
  columnRules(rules, tables, bare, slots);
  const owners = slots ? ownerMarks(rules, tables) : new Map<string, string>();
  const initials = initialsOf(slots ? tables : []);
  if (slots) slotColumnRules(rules, tables, owners, initials);
  const numbers = numberRules(rules, input);
  const strings = stringRules(rules, input);
  const columnStrings = ownStrings(rules, input, tables, bare, owners);
  if (input.sketch) {
    sourceRules(rules, tables, '', slots ? slotSources(rules, tables, initials, []) : '');
    sharedQueryRules(rules);
    sketchRules({ rules, bare, strings, columnStrings, numbers });
    return rules.text();
  }
  const relations = input.lockJoins ? withShortcuts(input.relations) : undefined;
  const joins = relations === undefined ? freeJoins(rules, tables) : lockedJoins(rules, tables, relations);
  sourceRules(rules, tables, joins, slots ? slotSources(rules, tables, initials, relations) : '');
  sharedQueryRules(rules);
  for (const depth of depths) {
    expressionRules({ rules, bare, strings, columnStrings, numbers }, depth);
    queryRules(rules, depth);
  }
  derivedRules(rules);
  return rules.text();
}

/** Lines of a plan, and the fence that the statement stands in. Its words are free; a semicolon would end the answer. */
function planRule(rules: GrammarRules): string {
  return rules.rule('plan', '([^`;\\n]+ "\\n")+ "```sql\\n"');
}

/** Columns with strings of their own; `literalsByColumn` is keyed `table.column` in stored spelling. */
function ownStrings(
  rules: GrammarRules,
  input: GrammarInput,
  tables: readonly GrammarTable[],
  bare: ReadonlyMap<string, BareColumn>,
  owners: ReadonlyMap<string, string>,
): readonly ColumnStrings[] {
  const found = new Map<string, { column: string; literals: string[] }>();
  const add = (column: string, literals: readonly string[]): void => {
    const entry = found.get(column) ?? { column, literals: [] };
    entry.literals.push(...literals);
    found.set(column, entry);
  };
  for (const table of tables) {
    for (const column of table.columns) {
      const literals = input.literalsByColumn?.get(`${table.name}.${column.name}`) ?? [];
      if (literals.length === 0) continue;
      add(`${nameRule(`${table.qualifier}.`)} ${nameRule(column.text)} ${needMark(rules, table)}`, literals);
      const unqualified = bare.get(column.name.toLowerCase());
      const owner = owners.get(column.name.toLowerCase());
      if (owner !== undefined) add(`slot-prefix ${nameRule(column.text)} ${owner}`, literals);
      if (unqualified !== undefined) add(`${alternatives(unqualified.spellings)} ${unqualified.mark}`, literals);
    }
  }
  return [...found.values()].map(({ column, literals }, id) => {
    return { id, column, strings: stringRules(rules, input, literals, `-${String(id)}`) };
  });
}
