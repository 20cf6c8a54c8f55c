/**
 * The words of a question that stand for something and find nothing in the database, not even in part: the strongest sign that it cannot be
 * answered. Linking is stricter, because it must name the one thing that is meant; here any resemblance counts as met.
 */
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { isNoun, type NounRelation, NounRelations } from './nounRelations.js';
import { type LinkedQuestion } from './types.js';
import { nameWords, splitWords, stemWord, stopWords } from './words.js';

/** Content words of the question, in order, that no link touches. */
export function findUnmetWords(linked: LinkedQuestion): string[] {
  const met = linkedPlaces(linked);
  return splitWords(linked.question).flatMap((word, at) => (met.has(at) || !isContent(word.text) ? [] : [word.text]));
}

/** Positions of the words that some link reads. */
function linkedPlaces({ links }: LinkedQuestion): ReadonlySet<number> {
  return new Set(links.flatMap((link) => Array.from({ length: link.end - link.start }, (_, at) => link.start + at)));
}

export interface MissingWord {
  readonly word: string;
  /** How much is missing with it, above 0 to 1: less for a word that stands for nearly the same as a name of the schema. */
  readonly weight: number;
}

/** A synonym and a kind of something miss nothing. */
const relatedWeights: Readonly<Record<NounRelation, number>> = { same: 0, kind: 0, sibling: 0.3 };

/**
 * Unmet words that are neither everyday words nor verbs and adverbs, and that neither resemble nor mean a name of the schema; each thing once.
 * @param title of the database, such as its file's name: what it is all about (`students.db`) often has no table of that name.
 */
export function findMissingWords(linked: LinkedQuestion, schema: DatabaseSchema, title = ''): MissingWord[] {
  const stems = new Map<string, string>();
  for (const word of findUnmetWords(linked).filter((text) => !isEveryday(text))) {
    const stem = stemWord(word.replace(/['’]s?$/u, ''));
    if (!stems.has(stem)) stems.set(stem, word);
  }
  const unmet = [...stems.values()];
  if (unmet.length === 0) return [];
  const names = new Set(
    [title, ...schema.tables.flatMap((table) => [table.name, ...table.columns.map(({ name }) => name)])].flatMap(nameWords),
  );
  if (schema.tables.some(refersToItself)) for (const word of hierarchyWords) names.add(word);
  const relations = new NounRelations(names);
  return unmet
    .filter((word) => ![...names].some((name) => resembles(stemWord(word), name)) && !isMisspelt(word, names))
    .map((word) => {
      const relation = relations.find(stemWord(word));
      return { word, weight: relation === undefined ? 1 : relatedWeights[relation] };
    })
    .filter(({ weight }) => weight > 0);
}

/** `ReportsTo` of employees: its rows stand above and below others, whatever the column is called. */
function refersToItself(table: Table): boolean {
  return table.foreignKeys.some(({ parentTable }) => parentTable.toLowerCase() === table.name.toLowerCase());
}

/** What rows of a table that refers to itself are called among themselves, in the singular. */
const hierarchyWords: readonly string[] = [
  ...['boss', 'manager', 'supervisor', 'superior', 'chief', 'leader', 'subordinate', 'report'],
  ...['parent', 'child', 'children', 'ancestor', 'descendant', 'root', 'leaf', 'level'],
];

/** Words that stand for something: also `order`, otherwise a word of no account, where it names the orders. */
export function countContentWords(linked: LinkedQuestion): number {
  const met = linkedPlaces(linked);
  return splitWords(linked.question).filter((word, at) => met.has(at) || isContent(word.text)).length;
}

function isContent(word: string): boolean {
  return word.length > 2 && !stopWords.has(word.toLowerCase()) && !/^\d/.test(word);
}

/** Of a compound such as `one-star` every part counts. */
function isEveryday(word: string): boolean {
  return word
    .toLowerCase()
    .split(/[-/.]/)
    .every((part) => part.length <= 2 || stopWords.has(part) || everydayStems.has(stemWord(part)) || isNoThing(part));
}

/** Verbs, adverbs, superlatives and `don't` by their endings. */
function isNoThing(word: string): boolean {
  return /^\w{2,}(?:ed|ly|ing)$|n['’]t$/u.test(word) || (/^\w{2,}est$/.test(word) && !isNoun(word));
}

/** `latitude` and `lat`, `name` and `fname`, a misspelling, or the same first five letters. */
function resembles(word: string, name: string): boolean {
  return (
    (name.length >= 3 && word.length >= 5 && word.startsWith(name)) ||
    (word.length >= 4 && (name.startsWith(word) || name.endsWith(word))) ||
    (name.length >= 4 && word.endsWith(name)) ||
    (word.length >= 6 && (differsByOne(word, name) || (name.length >= 6 && word.slice(0, 5) === name.slice(0, 5))))
  );
}

/** `numbber`, `belogns`: no noun, no name, and one slip away from a name of the schema or a word of no account. */
function isMisspelt(word: string, names: ReadonlySet<string>): boolean {
  const stem = stemWord(word);
  if (stem.length < 5 || !/^\p{Ll}/u.test(word) || isNoun(stem)) return false;
  return [names, stopWords, everydayStems].some((known) => [...known].some((other) => other.length >= 4 && differsByOne(stem, other)));
}

/** One letter more, less or other, or two neighbours the wrong way round. */
function differsByOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  if (restA.slice(1) === restB.slice(1) || restA === restB.slice(1) || restA.slice(1) === restB) return true;
  return a.length === b.length && restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0];
}

/**
 * Words that questions to many different Spider *train* databases use without meaning a table, a column or a value; the commonest English verbs,
 * adverbs and connectives; words for time and for things in general.
 */
const everydayStems: ReadonlySet<string> = new Set(
  `alphabetical alphabetic common named either higher located greater sort listed across never times lower among record information smaller
  fewest belong recent older called bigger associated larger female male shared frequent amount expensive cheapest detail database younger
  well full living live held taken take received popular old compute produced place often number involved got work twice start result created
  except ever data related part long kind type exactly available written spent released rated played play report provide offer given equal
  young won through term table large info happened complete come appear took single percentage money earn paid bought frequency best taught
  teach published serve run require reach lasted sold person size id question answer row entry value word area
  came go went gone give gave get left leave write wrote bring brought pay say said speak spoke send sent meet met keep kept hold lead led lie
  lay make made sell grow grew ran begin began win lose lost find found see saw seen know known mean meant put set stand stood become became
  build built cut drive drove fall fell fly flew hear heard hit hurt read ride rode rise rose sing sang sit sat sleep slept spend steal stole
  swim swam tell told think thought throw threw understand wear wore exist own receive mention contain include happen want wish like need buy
  end stay stop turn use help handle carry cost worth weigh last follow join
  very later yet still already else almost altogether instead overall way together apart away back again enough just even too quite rather
  soon today now then once year month day week hour minute second quarter date decade century thing item piece something anything someone
  anyone everything nothing everyone nobody company case example one both half rest because while whether unless although though despite via
  versus plus minus good better bad worse high low big small new early late next previous current past same certain several few true false yes
  right wrong`
    .split(/\s+/)
    .map(stemWord),
);
