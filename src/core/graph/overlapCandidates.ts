/**
 * Guesses that only data can support: a column without any other explanation against a key of another table, where types and
 * numbers of distinct values agree. A hint in the names or telling text is asked for, since small integers are included in every key.
 */
import { type Column, type ColumnProfile, type DatabaseSchema } from '../schema/types.js';
import { inferredRelation } from './inferredRelation.js';
import { buildKeyIndex, compareTypes, type KeyOwner } from './keyIndex.js';
import { isMeasure, nameWords } from './nameWords.js';
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

const confidence = 0.45;
/** Checking one guess reads data; this many are checked per database at most. */
const mostCandidates = 200;
/** Letters that two words must share at their beginning to count as a hint. */
const hintLetters = 4;
const sharedHint = 8;
const leastDistinct = 4;

/** Columns of `explained` relations and keys of their own tables are left alone. Columns without a profile are only tried with a hint. */
export function overlapCandidates(
  schema: DatabaseSchema,
  explained: readonly Relation[],
  profiles: readonly ColumnProfile[],
): readonly Relation[] {
  const owners = buildKeyIndex(schema).all;
  const taken = new Set(explained.flatMap((relation) => relation.childColumns.map((column) => columnKey(relation.child, column))));
  for (const owner of owners) taken.add(columnKey(owner.table.name, owner.column.name));
  const targets = owners.filter((owner) => owner.kind !== 'presumed');
  const byHint = indexHints(targets);
  const textKeys = targets.filter((owner) => owner.column.affinity === 'TEXT');
  const profileOf = new Map(profiles.map((profile) => [columnKey(profile.table, profile.column), profile]));
  const found: Relation[] = [];
  for (const table of schema.tables) {
    if (table.kind !== 'table') continue;
    for (const column of table.columns) {
      if (taken.has(columnKey(table.name, column.name))) continue;
      const child = profileOf.get(columnKey(table.name, column.name));
      const tried = new Set([...hinted(column, byHint), ...(repeatsText(column, child) ? textKeys : [])]);
      for (const owner of tried) {
        if (found.length >= mostCandidates) return found;
        const parent = profileOf.get(columnKey(owner.table.name, owner.column.name));
        if (owner.table === table || compareTypes(column, owner.column) !== 'same' || !fits(child, parent)) continue;
        found.push(inferredRelation(table, [column.name], owner.table, [owner.column.name], confidence, 'valueOverlap'));
      }
    }
  }
  return found;
}

/** Keys by the first letters of the words of their tables. */
function indexHints(owners: readonly KeyOwner[]): ReadonlyMap<string, readonly KeyOwner[]> {
  const index = new Map<string, KeyOwner[]>();
  for (const owner of owners) {
    for (const hint of new Set([owner.row, ...owner.tableWords].flatMap(hintOf))) {
      const group = index.get(hint);
      if (group) group.push(owner);
      else index.set(hint, [owner]);
    }
  }
  return index;
}

function hintOf(word: string): string | [] {
  return word.length >= hintLetters ? word.slice(0, hintLetters) : [];
}

function hinted(column: Column, byHint: ReadonlyMap<string, readonly KeyOwner[]>): readonly KeyOwner[] {
  const words = nameWords(column.name);
  if (column.affinity !== 'TEXT' && isMeasure(words)) return [];
  return words.flatMap(hintOf).flatMap((hint) => {
    const owners = byHint.get(hint) ?? [];
    // A word that many tables share is a prefix of the schema and no hint.
    return owners.length > sharedHint ? [] : owners;
  });
}

/** Without a hint: text that repeats in the child and is rich enough not to be a flag. */
function repeatsText(column: Column, child: ColumnProfile | undefined): boolean {
  return column.affinity === 'TEXT' && child !== undefined && child.distinct >= leastDistinct && child.distinct < child.rows;
}

function fits(child: ColumnProfile | undefined, parent: ColumnProfile | undefined): boolean {
  return !child || !parent || parent.sampled || child.distinct <= parent.distinct;
}

function columnKey(table: string, column: string): string {
  return `${foldName(table)}\u0000${foldName(column)}`;
}
