/** The hover of a column, in Markdown: type and keys, what its data look like, and what it refers to and is referred to by. */
import { foldName, isUnique } from '../graph/tableKeys.js';
import { type Relation } from '../graph/types.js';
import { type Column, type ColumnProfile, type SqlValue, type Table } from '../schema/types.js';
import { columnsCode, originLine } from './describeRelation.js';
import { percent, type Say } from './hoverWords.js';
import { escapeMarkdown, inlineCode } from './markdownText.js';

export interface ColumnHoverInput {
  readonly table: Table;
  readonly column: Column;
  /** All relations of the database; those of other columns are ignored. */
  readonly relations: readonly Relation[];
  /** Absent while the data were not read. */
  readonly profile?: ColumnProfile;
  /** Texts of a column that holds only a few; they go before the profile's examples. */
  readonly choices?: readonly string[];
  readonly reading: boolean;
}

/** References listed per direction. */
const listedReferences = 8;
const valueLength = 40;

export function columnHover(input: ColumnHoverInput, say: Say): string {
  const { table, column } = input;
  const type = column.type === '' ? say('noType') : inlineCode(column.type);
  const title = `**${escapeMarkdown(table.name)}\\.${escapeMarkdown(column.name)}** · ${[type, ...keyFacts(table, column, say)].join(' · ')}`;
  return [title, ...dataLines(input, say), ...referenceLines(input, say)].join('\n\n');
}

function keyFacts(table: Table, column: Column, say: Say): readonly string[] {
  const composite = table.primaryKey.length > 1;
  return [
    ...(column.primaryKey === 0 ? [] : [say(composite ? 'partOfPrimaryKey' : 'primaryKey')]),
    ...(isUnique(table, [column.name]) && column.primaryKey === 0 ? [say('unique')] : []),
    // A rowid's alias is never NULL although it is not declared so.
    ...(column.notNull ? [say('notNull')] : column.primaryKey > 0 && !composite && column.affinity === 'INTEGER' ? [] : [say('nullable')]),
    ...(column.generated ? [say(`generated.${column.generated}`)] : []),
    ...(column.defaultValue === undefined ? [] : [say('default', { value: inlineCode(cut(column.defaultValue)) })]),
  ];
}

function dataLines({ profile, choices, reading, table }: ColumnHoverInput, say: Say): readonly string[] {
  if (!profile) return reading && table.kind === 'table' ? [say('reading')] : [];
  if (profile.rows === 0) return [say('noRows')];
  const values: readonly SqlValue[] = choices && choices.length > 0 ? choices : profile.examples;
  const filled = profile.rows - profile.nulls;
  const facts = [
    ...(filled === 0 ? [] : [profile.distinct === filled ? say('allDistinct') : say('distinct', { share: percent(profile.distinct / filled), count: profile.distinct })]), // prettier-ignore
    profile.nulls === 0 ? say('noNulls') : say('nulls', { share: percent(profile.nulls / profile.rows) }),
    ...(profile.sampled ? [say('sampledRows', { count: profile.rows })] : []),
  ];
  const shown = values.map((value) => inlineCode(cut(valueText(value)))).join(', ');
  return [...(values.length === 0 ? [] : [say('values', { values: shown })]), facts.join(' · ')];
}

function referenceLines({ table, column, relations }: ColumnHoverInput, say: Say): readonly string[] {
  const has = (columns: readonly string[]): boolean => columns.some((name) => foldName(name) === foldName(column.name));
  const is = (name: string): boolean => foldName(name) === foldName(table.name);
  const out = relations.filter((relation) => is(relation.child) && has(relation.childColumns));
  const back = relations.filter((relation) => is(relation.parent) && has(relation.parentColumns));
  return [
    ...listed(out, (relation) => say('refersTo', { columns: columnsCode(relation.parent, relation.parentColumns) }), say),
    ...listed(back, (relation) => say('referredToBy', { columns: columnsCode(relation.child, relation.childColumns) }), say),
  ];
}

function listed(relations: readonly Relation[], line: (relation: Relation) => string, say: Say): readonly string[] {
  const lines = relations.slice(0, listedReferences).map((relation) => `${line(relation)} · ${originLine(relation, say)}`);
  const rest = relations.length - lines.length;
  return rest > 0 ? [...lines, say('moreReferences', { count: rest })] : lines;
}

function valueText(value: SqlValue): string {
  if (value === null) return 'NULL';
  return value instanceof Uint8Array
    ? `x'${[...value.slice(0, valueLength)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}'`
    : String(value);
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length > valueLength ? `${letters.slice(0, valueLength - 1).join('')}…` : text;
}
