/**
 * Guesses that only data can support: a column without any other explanation against a key of another table, where types and
 * numbers of distinct values agree. A hint in the names or telling text is asked for, since small integers are included in every key.
 */
import { type Column, type ColumnProfile, type DatabaseSchema, type Table } from '../schema/types.js';
import { inferredRelation } from './inferredRelation.js';
import { buildKeyIndex, compareTypes, type KeyOwner } from './keyIndex.js';
import { isMeasure, nameWords, rowName } from './nameWords.js';
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

const confidence = 0.45;
/** Checking one guess reads data; this many are checked per database at most. */
const mostCandidates = 200;
/** Letters that two words must share at their beginning to count as a hint. */
const hintLetters = 4;
const leastDistinct = 4;

/** Columns of `explained` relations and keys of their own tables are left alone. Columns without a profile are only tried with a hint. */
export function overlapCandidates(schema: DatabaseSchema, explained: readonly Relation[], profiles: readonly ColumnProfile[]): readonly Relation[] {
  const { all: owners } = buildKeyIndex(schema);
  const taken = new Set(explained.flatMap((relation) => relation.childColumns.map((column) => columnKey(relation.child, column))));
  for (const owner of owners) taken.add(columnKey(owner.table.name, owner.column.name));
  const profileOf = new Map(profiles.map((profile) => [columnKey(profile.table, profile.column), profile]));
  const distinctOf = (table: Table, column: Column): ColumnProfile | undefined => profileOf.get(columnKey(table.name, column.name));
  const found: Relation[] = [];
  for (const table of schema.tables) {
    if (table.kind !== 'table') continue;
    for (const column of table.columns) {
      if (taken.has(columnKey(table.name, column.name))) continue;
      for (const owner of owners) {
        if (found.length >= mostCandidates) return found;
        if (owner.table === table || owner.kind === 'presumed' || compareTypes(column, owner.column) !== 'same') continue;
        if (!agrees(column, distinctOf(table, column), owner, distinctOf(owner.table, owner.column))) continue;
        found.push(inferredRelation(table, [column.name], owner.table, [owner.column.name], confidence, 'valueOverlap'));
      }
    }
  }
  return found;
}

function agrees(column: Column, child: ColumnProfile | undefined, owner: KeyOwner, parent: ColumnProfile | undefined): boolean {
  const fits = !child || !parent || parent.sampled || child.distinct <= parent.distinct;
  if (!fits) return false;
  if (hasHint(column, owner)) return true;
  // Without a hint: text that repeats in the child and is rich enough not to be a flag.
  return column.affinity === 'TEXT' && child !== undefined && parent !== undefined && child.distinct >= leastDistinct && child.distinct < child.rows;
}

function hasHint(column: Column, owner: KeyOwner): boolean {
  const words = nameWords(column.name);
  if (column.affinity !== 'TEXT' && isMeasure(words)) return false;
  const target = [rowName(owner.table.name), ...nameWords(owner.table.name)];
  return words.some((word) => target.some((other) => word.length >= hintLetters && word.slice(0, hintLetters) === other.slice(0, hintLetters)));
}

function columnKey(table: string, column: string): string {
  return `${foldName(table)}\u0000${foldName(column)}`;
}
