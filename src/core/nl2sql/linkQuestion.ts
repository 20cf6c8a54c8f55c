/**
 * Step 1: ties words of the question to tables, columns, stored values, numbers and dates. The links are RAT-SQL's typed
 * question-to-schema relations (n-grams of six words down to one, exact before partial). It does not choose anything.
 */
import { type ValueMatch } from '../graph/types.js';
import { type NameIndex, type NamedThing } from './nameIndex.js';
import { type LinkedQuestion, type QuestionLink } from './types.js';
import { type QuestionWord, smallNumbers, splitWords, stopWords } from './words.js';

export interface LinkOptions {
  /** Stored values that answer a mention, best first. Absent switches value links off. */
  readonly findValues?: (mention: string, limit: number) => readonly ValueMatch[];
}

const longestPhrase = 6;
/** Of a partial link by meaning; one by the same word has 1. */
const synonymScore = 0.8;
/** Below this similarity a stored value is another word, not a misspelling. */
export const valueThreshold = 0.85;

export function linkQuestion(question: string, names: NameIndex, options: LinkOptions = {}): LinkedQuestion {
  const words = splitWords(question);
  const used = new Set<number>();
  const links: QuestionLink[] = [
    ...exactLinks(words, names, used),
    ...partialLinks(words, names, used),
    ...numberLinks(words),
    ...timeLinks(words),
  ];
  const values = options.findValues ? valueLinks(question, words, used, options.findValues) : [];
  links.push(...values.map((entry) => entry.link));
  links.push(...synonymLinks(words, names, links));
  links.sort((a, b) => a.start - b.start || b.end - a.end);
  return { question, words: words.map((word) => word.text), links, values: values.map((entry) => entry.match) };
}

function exactLinks(words: readonly QuestionWord[], names: NameIndex, used: Set<number>): QuestionLink[] {
  const links: QuestionLink[] = [];
  for (let size = Math.min(longestPhrase, words.length); size >= 1; size--) {
    for (let start = 0; start + size <= words.length; start++) {
      if (isUsed(used, start, start + size)) continue;
      const slice = words.slice(start, start + size);
      const things = names.exact(slice.map((word) => word.stem).join(' '));
      if (things.length === 0 || (size === 1 && stopWords.has(slice[0]?.text.toLowerCase() ?? '') && !isNamedAfterStopWord(things)))
        continue;
      for (let at = start; at < start + size; at++) used.add(at);
      for (const thing of things) links.push(nameLink(thing, 'Exact', start, start + size, words, 1));
    }
  }
  return links;
}

/** A table may really be called `orders` or a column `count`; then only the whole table name counts. */
function isNamedAfterStopWord(things: readonly NamedThing[]): boolean {
  return things.some((thing) => thing.column === undefined);
}

function partialLinks(words: readonly QuestionWord[], names: NameIndex, used: ReadonlySet<number>): QuestionLink[] {
  const links: QuestionLink[] = [];
  words.forEach((word, at) => {
    if (used.has(at) || word.stem.length < 3 || stopWords.has(word.text.toLowerCase())) return;
    for (const thing of names.containing(word.stem)) links.push(nameLink(thing, 'Partial', at, at + 1, words, 1 / thing.words.length));
  });
  return links;
}

/** A word that meets nothing else may mean a name that it does not resemble. */
function synonymLinks(words: readonly QuestionWord[], names: NameIndex, links: readonly QuestionLink[]): QuestionLink[] {
  return words.flatMap((word, at) => {
    if (word.stem.length < 3 || stopWords.has(word.text.toLowerCase())) return [];
    if (links.some(({ start, end }) => start <= at && at < end)) return [];
    return names.meaning(word.stem).map((thing) => nameLink(thing, 'Partial', at, at + 1, words, synonymScore / thing.words.length));
  });
}

function nameLink(
  thing: NamedThing,
  match: 'Exact' | 'Partial',
  start: number,
  end: number,
  words: readonly QuestionWord[],
  score: number,
): QuestionLink {
  const text = words
    .slice(start, end)
    .map((word) => word.text)
    .join(' ');
  if (thing.column === undefined) return { kind: `table${match}`, start, end, text, table: thing.table, score };
  return { kind: `column${match}`, start, end, text, table: thing.table, column: thing.column, score };
}

const numberWords: ReadonlyMap<string, string> = new Map(smallNumbers.map((word, value) => [word, String(value)]));

function numberLinks(words: readonly QuestionWord[]): QuestionLink[] {
  return words.flatMap((word, at): QuestionLink[] => {
    const text = word.text
      .replace(/%$/, '')
      .replace(/,(?=\d{3})/g, '')
      .replace(/(?<=\d)(?:st|nd|rd|th)$/i, '');
    const value = /^\d+(?:\.\d+)?$/.test(text) ? text : numberWords.get(text.toLowerCase());
    return value === undefined ? [] : [{ kind: 'number', start: at, end: at + 1, text: word.text, value, score: 1 }];
  });
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

function timeLinks(words: readonly QuestionWord[]): QuestionLink[] {
  return words.flatMap((word, at): QuestionLink[] => {
    const lower = word.text.toLowerCase();
    const month = months.indexOf(lower);
    const next = words[at + 1]?.text ?? '';
    // "may" is a verb unless a year or a day follows.
    if (month >= 0 && (lower !== 'may' || /^\d+$/.test(next))) {
      return [{ kind: 'time', start: at, end: at + 1, text: word.text, value: String(month + 1).padStart(2, '0'), score: 1 }];
    }
    if (/^(?:1[5-9]|20)\d\d(?:-\d\d(?:-\d\d)?)?$/.test(word.text))
      return [{ kind: 'time', start: at, end: at + 1, text: word.text, value: word.text, score: 1 }];
    return [];
  });
}

interface ValueLink {
  readonly link: QuestionLink;
  readonly match: ValueMatch;
}

function valueLinks(
  question: string,
  words: readonly QuestionWord[],
  used: ReadonlySet<number>,
  findValues: NonNullable<LinkOptions['findValues']>,
): ValueLink[] {
  const found: ValueLink[] = [];
  const taken = new Set<number>();
  for (let size = Math.min(longestPhrase, words.length); size >= 1; size--) {
    for (let start = 0; start + size <= words.length; start++) {
      const slice = words.slice(start, start + size);
      if (isUsed(taken, start, start + size) || !mayBeValue(question, slice, used, start)) continue;
      const mention = question.slice(slice[0]?.start, slice.at(-1)?.end);
      const matches = findValues(mention, 4).filter((match) => match.score >= neededScore(question, slice));
      if (matches.length === 0) continue;
      for (let at = start; at < start + size; at++) taken.add(at);
      for (const match of matches) {
        found.push({
          match,
          link: {
            kind: 'value',
            start,
            end: start + size,
            text: mention,
            table: match.table,
            column: match.column,
            value: match.value,
            score: match.score,
          },
        });
      }
    }
  }
  return found;
}

/** Ordinary lower-case words must be in the data as they stand; names and quoted text may be misspelled. */
function neededScore(question: string, slice: readonly QuestionWord[]): number {
  const looksLikeName = slice.every((word) => /^[\p{Lu}\p{N}]/u.test(word.text)) && (slice[0]?.start ?? 0) > 0;
  return isQuoted(question, slice) || (looksLikeName && slice.map((word) => word.text).join(' ').length >= 4) ? valueThreshold : 0.95;
}

function mayBeValue(question: string, slice: readonly QuestionWord[], used: ReadonlySet<number>, start: number): boolean {
  if (isQuoted(question, slice)) return true;
  const first = slice[0];
  const last = slice.at(-1);
  if (!first || !last || slice.some((word, at) => at > 0 && /[?!;]/.test(question.slice(slice[at - 1]?.end, word.start)))) return false;
  if (slice.length === 1 && (used.has(start) || first.text.length < 2 || /^\d+$/.test(first.text))) return false;
  return !slice.every((word, at) => stopWords.has(word.text.toLowerCase()) || used.has(start + at));
}

function isQuoted(question: string, slice: readonly QuestionWord[]): boolean {
  const before = question[(slice[0]?.start ?? 0) - 1] ?? '';
  const after = question[slice.at(-1)?.end ?? 0] ?? '';
  return /["'“‘`]/.test(before) && /["'”’`]/.test(after);
}

function isUsed(used: ReadonlySet<number>, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (used.has(at)) return true;
  return false;
}
