/**
 * Rules for the aliases that models write: T1, T2, … from public query sets, and the initials of a table from everyday SQL. Columns are
 * written through them, tables get them in FROM, and joins go along relations between them. A SELECT uses either these or table
 * names, never both. Were initials not offered, a model that wants `p.name` would begin with `p` and end in some column with that letter.
 */
import { reservedWords } from '../grammar/reservedWords.js';
import { slotNumber } from '../grammar/slotNames.js';
import { type Relation } from '../graph/types.js';
import { type GrammarTable, nameRule, sameName, spellings } from './grammarNames.js';
import { joinWords, tablePairs } from './grammarSources.js';
import { gbnfLiteral, type GrammarRules } from './grammarText.js';
import { nameWords } from './words.js';

/** Aliases that columns may use before FROM, and all that FROM may give. */
const usableSlots = [1, 2, 3, 4, 5];
const allSlots = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** False when a table is itself called like an alias. */
export function canUseSlots(tables: readonly GrammarTable[]): boolean {
  return tables.length > 0 && tables.every(({ name }) => !/^t[1-9]$/i.test(name));
}

export interface Initials {
  readonly slot: number;
  /** Tables that may be called so. */
  readonly ids: number[];
}

/** By alias: the first letter of a table, and the first letters of its words. */
export function initialsOf(tables: readonly GrammarTable[]): ReadonlyMap<string, Initials> {
  const found = new Map<string, Initials>();
  for (const { id, name } of tables) {
    const words = nameWords(name);
    for (const alias of new Set([words[0]?.[0] ?? '', words.map((word) => word[0]).join('')])) {
      const slot = slotNumber(alias);
      if (slot === undefined || reservedWords.has(alias) || tables.some((table) => sameName(table.name, alias))) continue;
      const entry = found.get(alias) ?? { slot, ids: [] };
      entry.ids.push(id);
      found.set(alias, entry);
    }
  }
  return found;
}

/** Defines `slotted`, a column through an alias, and `slot-star`. */
export function slotColumnRules(
  rules: GrammarRules,
  tables: readonly GrammarTable[],
  owners: ReadonlyMap<string, string>,
  initials: ReadonlyMap<string, Initials>,
): void {
  const lettered = [...initials].map(
    ([alias, { slot, ids }]) => `${gbnfLiteral(`${alias}.`)} ${rules.mark(`slot-${[slot, ...ids].join('-')}`)}`,
  );
  rules.rule('slot-prefix', ...usableSlots.map((slot) => `"T${String(slot)}." ${rules.mark(`slot-${String(slot)}`)}`), ...lettered);
  const texts = new Map<string, string>();
  for (const { columns } of tables)
    for (const { name, text } of columns) for (const spelling of spellings(text)) texts.set(spelling, name.toLowerCase());
  rules.rule('slot-column', ...[...texts].map(([text, name]) => `${gbnfLiteral(text)} ${owners.get(name) ?? ''}`));
  rules.rule('slotted', 'slot-prefix slot-column');
  rules.rule('slot-star', `slot-prefix "*" ${rules.mark(`of-${tables.map(({ id }) => String(id)).join('-')}`)}`);
}

/** The marks that say which tables have a column, by its lower-case name. */
export function ownerMarks(rules: GrammarRules, tables: readonly GrammarTable[]): ReadonlyMap<string, string> {
  const owners = new Map<string, number[]>();
  for (const { id, columns } of tables) {
    for (const name of new Set(columns.map((column) => column.name.toLowerCase()))) owners.set(name, [...(owners.get(name) ?? []), id]);
  }
  return new Map([...owners].map(([name, ids]) => [name, rules.mark(`of-${ids.join('-')}`)]));
}

/** What follows the first table of a FROM with aliases. Without relations any tables join on free equalities. */
export function slotSources(
  rules: GrammarRules,
  tables: readonly GrammarTable[],
  initials: ReadonlyMap<string, Initials>,
  relations: readonly Relation[] | undefined,
): string {
  const lettered = [...initials].map(([alias, { slot, ids }]) => `${gbnfLiteral(alias)} ${rules.mark(`as-${[slot, ...ids].join('-')}`)}`);
  const numbered = allSlots.map((slot) => `"T${String(slot)}" ${rules.mark(`as-${String(slot)}`)}`);
  rules.rule('slot-new', `(" AS " | " ") (${[...numbered, ...lettered].join(' | ')})`);
  const joined = relations === undefined ? freeTexts(rules, tables) : lockedTexts(rules, tables, relations);
  if (joined.length === 0) return 'slot-new';
  rules.rule('slot-joined', ...joined);
  return `slot-new (${joinWords} slot-joined)*`;
}

function freeTexts(rules: GrammarRules, tables: readonly GrammarTable[]): readonly string[] {
  rules.rule('slot-equality', 'column " = " column');
  return tables.length < 2 ? [] : tables.map((table) => `${begin(rules, tables, table)} slot-equality (" AND " slot-equality){0,2}`);
}

function lockedTexts(rules: GrammarRules, tables: readonly GrammarTable[], relations: readonly Relation[]): readonly string[] {
  const conditions = new Map<GrammarTable, Set<string>>();
  const add = (table: GrammarTable, condition: string): void => {
    conditions.set(table, (conditions.get(table) ?? new Set()).add(condition));
  };
  for (const relation of relations) {
    for (const [child, parent] of tablePairs(tables, relation)) {
      for (const condition of relationTexts(rules, relation, child, parent)) {
        if (!child.copy) add(parent, condition);
        if (!parent.copy) add(child, condition);
      }
    }
  }
  return [...conditions].map(([table, texts]) => `${begin(rules, tables, table)} ${rules.rule(`slot-on-${String(table.id)}`, ...texts)}`);
}

/** `singer AS T2 ON `, for a copy with the original's name. */
function begin(rules: GrammarRules, tables: readonly GrammarTable[], table: GrammarTable): string {
  const original = tables.find(({ name, copy }) => name === table.name && !copy) ?? table;
  const next = table.copy ? `next-${String(table.id)}-${String(original.id)}` : `next-${String(table.id)}`;
  return `${nameRule(original.source)} ${rules.mark(next)} slot-new " ON "`;
}

/** The equalities of a relation, in both orders. */
function relationTexts(rules: GrammarRules, relation: Relation, child: GrammarTable, parent: GrammarTable): readonly string[] {
  const pairs = relation.childColumns.map((column, index) => [
    columnText(rules, child, column),
    columnText(rules, parent, relation.parentColumns[index]),
  ]);
  if (pairs.length === 0 || pairs.flat().includes('')) return [];
  const forward = pairs.map(([own = '', other = '']) => `${own} " = " ${other}`).join(' " AND " ');
  const backward = pairs.map(([own = '', other = '']) => `${other} " = " ${own}`).join(' " AND " ');
  return [forward, backward];
}

function columnText(rules: GrammarRules, table: GrammarTable, column: string | undefined): string {
  const found = table.columns.find(({ name }) => name.toLowerCase() === column?.toLowerCase());
  return found === undefined
    ? ''
    : `${rules.rule(`slot-name-${String(table.id)}`, '"T" [1-9] | [a-z]{1,3}')} ${nameRule(`.${found.text}`)}`;
}
