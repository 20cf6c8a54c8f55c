/** Words of questions and of identifiers, brought to one form so that they can be compared. No linking happens here. */

export interface QuestionWord {
  readonly text: string;
  /** Offsets in the question, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Lower-case singular form. */
  readonly stem: string;
}

const wordPattern = /\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|[\p{L}\p{N}]+(?:['’.:\-/](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*%?/gu;

/** Words of a text with their offsets; apostrophes, dots and hyphens inside a word stay with it, and so do commas between thousands. */
export function splitWords(text: string): QuestionWord[] {
  return [...text.matchAll(wordPattern)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
    stem: stemWord(match[0]),
  }));
}

/** Words of an identifier: `Singer_ID`, `singerId` and `SINGER ID` all give `singer id`. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(stemWord);
}

const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['men', 'man'],
  ['women', 'woman'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['mice', 'mouse'],
  ['countries', 'country'],
  ['series', 'series'],
  ['species', 'species'],
  ['status', 'status'],
  ['address', 'address'],
  ['names', 'name'],
  ['ids', 'id'],
  ['data', 'data'],
  ['media', 'media'],
  ['news', 'news'],
  ['has', 'has'],
  ['was', 'was'],
  ...['movie', 'cookie', 'calorie', 'zombie', 'brownie', 'smoothie', 'hoodie', 'selfie', 'rookie', 'tie', 'pie'].map(plural('s')),
  ...['status', 'campus', 'bus', 'bonus', 'virus', 'census', 'hero', 'potato', 'tomato'].map(plural('es')),
  ...['shelf', 'knife', 'wife', 'half', 'wolf'].map((noun): [string, string] => [`${noun.replace(/fe?$/, '')}ves`, noun]),
  ['analyses', 'analysis'],
  ['diagnoses', 'diagnosis'],
  ['curricula', 'curriculum'],
  ['criteria', 'criterion'],
  ['teeth', 'tooth'],
]);

function plural(ending: string): (noun: string) => [string, string] {
  return (noun) => [noun + ending, noun];
}

/** Lower case and singular, for English nouns; other words pass through. */
export function stemWord(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/u, '');
  const known = irregular.get(lower);
  if (known !== undefined) return known;
  if (lower.length <= 3) return lower;
  if (lower.endsWith('ies') && lower.length > 4) return `${lower.slice(0, -3)}y`;
  if (/(?:ss|us|is)$/.test(lower)) return lower;
  if (/(?:ches|shes|sses|xes|zes)$/.test(lower)) return lower.slice(0, -2);
  if (lower.endsWith('s')) return lower.slice(0, -1);
  return lower;
}

/** From zero on. */
export const smallNumbers: readonly string[] = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Words that carry no meaning of the schema: they never start, end or make up a link alone. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the of in on at by for to from with without and or not no nor but is are was were be been being am do does did done have has had having
  what which who whom whose when where why how that this these those there here it its they them their he she his her we our you your i me my
  all any each every both some many much more most less least few fewer than then as if so such same other another only also just about into
  over under between above below after before since until during within per out up down off again once show list give find return tell get
  display print please want need know can could will would should may might must let us count number total average mean maximum minimum max min
  sum highest lowest largest smallest biggest longest shortest oldest youngest newest latest earliest greatest top first last one two three four
  five six seven eight nine ten different distinct unique respectively sorted order ordered descending ascending along together belonging
  having exist contain contains containing include includes including correspond corresponding made make used use using using`.split(/\s+/),
);
