/**
 * Reads table and column names as words: splitting, folding, plural forms. It knows English plurals roughly and says nothing about
 * meaning; callers compare the results.
 */

const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'], ['persons', 'person'], ['children', 'child'], ['men', 'man'], ['women', 'woman'], ['indices', 'index'],
  ['matrices', 'matrix'], ['series', 'series'], ['staff', 'staff'], ['data', 'data'], ['media', 'media'], ['movies', 'movie'],
]);

/** Prefixes that say what kind of thing a table is, not what it is about. */
const tablePrefixes: ReadonlySet<string> = new Set(['tbl', 'tb', 't', 'dim', 'fact', 'ref', 'lu', 'lookup', 'dbo']);

/** Words that end the name of a key. */
export const keyWords: ReadonlySet<string> = new Set(['id', 'uid', 'guid', 'uuid', 'code', 'key', 'no', 'nr', 'num', 'number', 'pk', 'fk', 'ref']);

/** Names that many tables use for their own things, so that equality says nothing. */
const genericNames: ReadonlySet<string> = new Set([
  ...keyWords, 'name', 'title', 'type', 'date', 'year', 'value', 'description', 'rowid', 'index', 'rank', 'status', 'position', 'time', 'label',
  'slug', 'email', 'phone', 'url', 'path', 'hash', 'text', 'month', 'day', 'version', 'country', 'city', 'state', 'language', 'location',
]);

/** `CustomerID`, `customer_id` and `customer id` all give `customer`, `id`. */
export function nameWords(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Letters and digits only, lower case: equal keys, equal names. */
export function nameKey(name: string): string {
  return nameWords(name).join('');
}

export function isGenericName(name: string): boolean {
  return genericNames.has(nameKey(name));
}

/** The singular of one lower-case word; a word that is no plural comes back as it is. */
export function singular(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('uses')) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Name of one row of a table as a key: `Order Details` gives `orderdetail`. */
export function rowName(table: string): string {
  const words = nameWords(table);
  const bare = words.length > 1 && tablePrefixes.has(words[0] ?? '') ? words.slice(1) : words;
  return singularKey(bare);
}

/** The words joined, the last one in the singular. */
export function singularKey(words: readonly string[]): string {
  const last = words.at(-1);
  return last === undefined ? '' : [...words.slice(0, -1), singular(last)].join('');
}
