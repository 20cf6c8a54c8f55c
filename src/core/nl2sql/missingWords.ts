/**
 * The words of a question that stand for something and find nothing in the database, not even in part: the strongest sign that it cannot be
 * answered. Linking is stricter, because it must name the one thing that is meant; here any resemblance counts as met.
 */
import { type DatabaseSchema } from '../schema/types.js';
import { type LinkedQuestion } from './types.js';
import { nameWords, splitWords, stemWord, stopWords } from './words.js';

/** Content words of the question, in order, that no link touches. */
export function findUnmetWords(linked: LinkedQuestion): string[] {
  const met = new Set(linked.links.flatMap((link) => Array.from({ length: link.end - link.start }, (_, at) => link.start + at)));
  return splitWords(linked.question).flatMap((word, at) => (met.has(at) || !isContent(word.text) ? [] : [word.text]));
}

/** Unmet words that are no everyday words of questions and resemble no name of the schema. */
export function findMissingWords(linked: LinkedQuestion, schema: DatabaseSchema): string[] {
  const unmet = findUnmetWords(linked).filter((word) => !everydayWords.has(word.toLowerCase()));
  if (unmet.length === 0) return unmet;
  const names = new Set(schema.tables.flatMap((table) => [table.name, ...table.columns.map(({ name }) => name)]).flatMap(nameWords));
  return unmet.filter((word) => ![...names].some((name) => resembles(stemWord(word), name)));
}

export function countContentWords(linked: LinkedQuestion): number {
  return splitWords(linked.question).filter((word) => isContent(word.text)).length;
}

function isContent(word: string): boolean {
  return word.length > 2 && !stopWords.has(word.toLowerCase()) && !/^\d/.test(word);
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

function differsByOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  return a.slice(at + 1) === b.slice(at + 1) || a.slice(at) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at);
}

/** Words that questions to many different Spider *train* databases use without meaning a table, a column or a value. */
const everydayWords: ReadonlySet<string> = new Set(
  `alphabetical alphabetically alphabetic common named either higher located greater sort listed across never times lower among record
  records information smaller fewest belong belongs recently recent older called bigger associated larger female male shared frequently
  frequent amount expensive cheapest detail details database younger well time full don living live lives held taken take taking received
  popular old compute produced place often numbers number involved got work works working worked twice starting started starts start
  results result created except ever data related part long longer kind kinds type types grouped exactly available written spent released
  rated played play playing participate participated report provide provided offered offer offers given equal increasing decreasing
  attended attend aged young won visited through terms table retrieve owned operated large info happened good complete come appears appear
  took single percentage money earn paid bought frequency best taught teach enrolled published serve serves opened opening run runs
  recorded required require requires reach reached lasted sold sell placed buy registered people person size id ids question answer row rows
  entry entries value values`.split(/\s+/),
);
