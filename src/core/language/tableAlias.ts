/** Names for tables that are joined: the table's own name where that is free and usual, else initials as people write them. */
import { foldName } from '../graph/tableKeys.js';
import { quoteIdentifier } from '../sql/quote.js';

/** Initials of the words in a name: `order_lines` and `OrderLines` become `ol`. */
export function initials(table: string): string {
  const words = table.split(/[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toLowerCase()).join('') || 't';
}

/** A free alias; `taken` holds folded names and gets the new one. */
export function pickAlias(table: string, taken: Set<string>): string {
  const base = initials(table);
  let alias = base;
  for (let number = 2; taken.has(alias) || quoteIdentifier(alias) !== alias; number++) alias = `${base}${number}`;
  taken.add(alias);
  return alias;
}

/** The table's own name when it is free, else an alias. */
export function pickName(table: string, taken: Set<string>, wantsAlias: boolean): string {
  if (wantsAlias || taken.has(foldName(table))) return pickAlias(table, taken);
  taken.add(foldName(table));
  return table;
}
