/**
 * Rules for what depends on the schema: tables, columns with the marks that tie them to FROM, and joins. Expressions and
 * whole queries are elsewhere.
 */
import { type Relation } from '../graph/types.js';
import { type GrammarTable, nameRule, sameName, spellings } from './grammarNames.js';
import { gbnfLiteral, type GrammarRules } from './grammarText.js';

/** An unqualified column by its lower-case name. */
export interface BareColumn {
  readonly spellings: readonly string[];
  readonly mark: string;
}

export const joinWords = '(" JOIN " | " LEFT JOIN " | " INNER JOIN ")';

/** Unqualified columns and the marks that say which tables have them. Copies are always written qualified. */
export function bareColumns(rules: GrammarRules, tables: readonly GrammarTable[]): ReadonlyMap<string, BareColumn> {
  const found = new Map<string, { spellings: Set<string>; ids: number[] }>();
  for (const table of tables.filter(({ copy }) => !copy)) {
    for (const column of table.columns) {
      const entry = found.get(column.name.toLowerCase()) ?? { spellings: new Set(), ids: [] };
      for (const spelling of spellings(column.text)) entry.spellings.add(spelling);
      entry.ids.push(table.id);
      found.set(column.name.toLowerCase(), entry);
    }
  }
  return new Map(
    [...found].map(([name, { spellings, ids }]) => [name, { spellings: [...spellings], mark: rules.mark(`any-${ids.join('-')}`) }]),
  );
}

/** Defines `column`, `qualified` and `table-star`. */
export function columnRules(
  rules: GrammarRules,
  tables: readonly GrammarTable[],
  bare: ReadonlyMap<string, BareColumn>,
  slots: boolean,
): void {
  for (const table of tables) {
    if (!table.copy) rules.rule(`columns-of-${String(table.id)}`, ...table.columns.flatMap(({ text }) => spellings(text).map(gbnfLiteral)));
  }
  const qualified = tables.map((table) => {
    const original = tables.find(({ name, copy }) => name === table.name && !copy) ?? table;
    return `${nameRule(`${table.qualifier}.`)} ${needMark(rules, table)} columns-of-${String(original.id)}`;
  });
  rules.rule('qualified', ...qualified);
  const unqualified = [...bare.values()].map(({ spellings, mark }) => `${alternatives(spellings)} ${mark}`);
  rules.rule('column', 'qualified', slots ? 'slotted' : '', ...unqualified);
  rules.rule(
    'table-star',
    slots ? 'slot-star' : '',
    ...tables.map((table) => `${nameRule(`${table.qualifier}.*`)} ${rules.mark(`whole-${String(table.id)}`)}`),
  );
}

export function needMark(rules: GrammarRules, table: GrammarTable): string {
  return rules.mark(`need-${String(table.id)}`);
}

export function alternatives(texts: readonly string[]): string {
  return texts.length === 1 ? gbnfLiteral(texts[0] ?? '') : `(${texts.map(gbnfLiteral).join(' | ')})`;
}

/** Defines `tables`: one table, then joins; `slotted` is what follows the first table of a FROM with aliases. */
export function sourceRules(rules: GrammarRules, tables: readonly GrammarTable[], joins: string, slotted: string): void {
  const originals = tables.filter(({ copy }) => !copy);
  rules.rule('table', ...originals.map((table) => `${nameRule(table.source)} ${rules.mark(`from-${String(table.id)}`)}`));
  const plain = `${rules.mark('plain')}${joins === '' ? '' : ` (${joins})*`}`;
  rules.rule('tables', `table ${slotted === '' ? plain : `(${plain} | ${slotted})`} ${rules.mark('from-end')}`);
}

/** Defines `join` along relations and returns its name, '' when nothing can be joined. */
export function lockedJoins(rules: GrammarRules, tables: readonly GrammarTable[], relations: readonly Relation[]): string {
  const texts = new Map<string, string>();
  for (const relation of relations) {
    for (const [child, parent] of tablePairs(tables, relation)) addJoin(rules, texts, relation, child, parent);
  }
  if (texts.size === 0) return '';
  rules.rule('joined', ...texts.values());
  return rules.rule('join', `${joinWords} joined`);
}

/** Child and parent entries of a relation: the originals, and each with the other's copy. */
export function tablePairs(tables: readonly GrammarTable[], relation: Relation): readonly (readonly [GrammarTable, GrammarTable])[] {
  const children = tables.filter(({ name }) => sameName(name, relation.child));
  const parents = tables.filter(({ name }) => sameName(name, relation.parent));
  return children.flatMap((child) =>
    parents.filter((parent) => parent.id !== child.id && !(child.copy && parent.copy)).map((parent) => [child, parent] as const),
  );
}

function addJoin(rules: GrammarRules, texts: Map<string, string>, relation: Relation, child: GrammarTable, parent: GrammarTable): void {
  const pairs = relation.childColumns.map((column, index) => [
    columnText(child, column),
    columnText(parent, relation.parentColumns[index]),
  ]);
  if (pairs.length === 0 || pairs.flat().includes(undefined)) return;
  // A join is spelled in one manner throughout: a mixture would make four texts of each equality.
  for (const spell of [(text: string) => text, (text: string) => spellings(text).at(-1) ?? text]) {
    const equal = (left = '', right = ''): string => `${spell(left)} = ${spell(right)}`;
    const forward = pairs.map(([a, b]) => equal(a, b)).join(' AND ');
    const backward = pairs.map(([a, b]) => equal(b, a)).join(' AND ');
    addTexts(rules, texts, [child, parent], [forward, backward], spell);
  }
}

function addTexts(
  rules: GrammarRules,
  texts: Map<string, string>,
  [child, parent]: readonly [GrammarTable, GrammarTable],
  conditions: readonly string[],
  spell: (text: string) => string,
): void {
  for (const [onto, added] of [
    [child, parent],
    [parent, child],
  ] as const) {
    // Copies are leaves: nothing is joined onto them, so reaching tables stays a matter of the originals.
    if (onto.copy) continue;
    const key = `${String(onto.id)}-${String(added.id)}`;
    for (const condition of conditions) {
      const text = `${added.copy ? added.source : spell(added.source)} ON ${condition}`;
      texts.set(`${key} ${text}`, `${gbnfLiteral(text)} ${rules.mark(`join-${key}`)}`);
    }
  }
}

function columnText(table: GrammarTable, column: string | undefined): string | undefined {
  const found = table.columns.find(({ name }) => column !== undefined && sameName(name, column));
  return found === undefined ? undefined : `${table.qualifier}.${found.text}`;
}

/** Defines `join` between any tables on free equalities and returns its name. */
export function freeJoins(rules: GrammarRules, tables: readonly GrammarTable[]): string {
  if (tables.length < 2) return '';
  rules.rule(
    'joined',
    ...tables.map((table) => `${table.copy ? gbnfLiteral(table.source) : nameRule(table.source)} ${rules.mark(`add-${String(table.id)}`)}`),
  );
  rules.rule('equality', 'column " = " column');
  return rules.rule('join', `${joinWords} joined " ON " equality (" AND " equality){0,2}`);
}
