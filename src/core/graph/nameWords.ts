/**
 * Reads table and column names as words: splitting, folding, plural forms. It knows English plurals roughly and says nothing about
 * meaning; callers compare the results.
 */

const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['persons', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['indices', 'index'],
  ['matrices', 'matrix'],
  ['series', 'series'],
  ['staff', 'staff'],
  ['data', 'data'],
  ['media', 'media'],
  ['movies', 'movie'],
]);

/** Prefixes that say what kind of thing a table is, not what it is about. */
const tablePrefixes: ReadonlySet<string> = new Set(['tbl', 'tb', 't', 'dim', 'fact', 'ref', 'lu', 'lookup', 'dbo']);

/** Words that end the name of a key. */
export const keyWords: ReadonlySet<string> = new Set([
  'id',
  'uid',
  'guid',
  'uuid',
  'code',
  'key',
  'no',
  'nr',
  'num',
  'number',
  'pk',
  'fk',
  'ref',
]);

/** Names that many tables use for their own things, so that equality says nothing. */
const genericNames: ReadonlySet<string> = new Set([
  ...keyWords,
  'name',
  'title',
  'type',
  'date',
  'year',
  'value',
  'description',
  'rowid',
  'index',
  'rank',
  'status',
  'position',
  'time',
  'label',
  'slug',
  'email',
  'phone',
  'url',
  'path',
  'hash',
  'text',
  'month',
  'day',
  'version',
  'country',
  'city',
  'state',
  'language',
  'location',
]);

const measureWords: ReadonlySet<string> = new Set([
  'num',
  'number',
  'no',
  'nr',
  'count',
  'total',
  'sum',
  'max',
  'min',
  'avg',
  'average',
  'mean',
  'qty',
  'quantity',
  'amount',
  'size',
  'share',
  'rate',
  'is',
  'has',
  'duration',
  'length',
  'weight',
  'height',
  'price',
  'cost',
  'percent',
  'percentage',
  'score',
  'points',
  'age',
  'capacity',
]);

/** Whether the words of a column's name say that it counts or measures: `order_quantity`, `home_games`. */
export function isMeasure(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return singular(last) !== last || words.some((word) => measureWords.has(word));
}

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

/** A single word that says nothing about which table it belongs to. */
export function isGenericName(words: readonly string[]): boolean {
  return words.length < 2 && genericNames.has(words[0] ?? '');
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
