/** R2: the string literals a question may need: its quoted spans, names and number-like words, and the stored spellings they answer to. */
import { readDates } from './readDates.js';
import { type ColumnProfile } from '../schema/types.js';
import { spelledNumbers } from './spelledNumbers.js';
import { type LinkedQuestion } from './types.js';
import { splitWords, stopWords } from './words.js';

export interface Literals {
  /** Unescaped, most specific first. */
  readonly literals: readonly string[];
  /** Stored values by `table.column`. */
  readonly literalsByColumn: ReadonlyMap<string, readonly string[]>;
}

/** Numbers that a question allows, for conditions on rows and for everything else. */
export interface Numbers {
  readonly rows: readonly string[];
  readonly other: readonly string[];
}

/** Numbers that arithmetic and conditions on groups need whatever was asked. */
const commonNumbers = ['0', '1', '2', '100', '100.0', '1.0'];
const flagName = /bool|bit|tinyint|^is|^has|flag|active|enabled|deleted/i;

/** Conditions on rows compare with the question's numbers; 0 and 1 only where a column looks like a flag or holds nothing else. */
export function collectNumbers(
  linked: LinkedQuestion,
  columns: readonly { readonly name: string; readonly type: string }[],
  profiles: readonly ColumnProfile[] = [],
): Numbers {
  const linkedNumbers = linked.links.filter((link) => link.kind === 'number').map((link) => link.value ?? '');
  const given = [...linkedNumbers, ...spelledNumbers(linked.question)].flatMap(numberForms);
  const isNamed = columns.some((column) => flagName.test(column.name) || flagName.test(column.type));
  const flags = isNamed || profiles.some(holdsFlags) ? ['0', '1'] : [];
  return { rows: [...new Set([...given, ...flags])], other: [...new Set([...given, ...commonNumbers])] };
}

/** A profile shows up to two values: all there are of so few. */
function holdsFlags({ distinct, examples }: ColumnProfile): boolean {
  return (
    distinct > 0 && distinct <= 2 && examples.length === distinct && examples.every((value) => Number(value) === 0 || Number(value) === 1)
  );
}

/** "5 %" may be stored as 0.05, and "more than 5" be written `>= 6`. */
function numberForms(text: string): string[] {
  const value = Number(text);
  if (!Number.isFinite(value)) return [];
  const near = Number.isInteger(value) && value < 1000 ? [value + 1, Math.max(value - 1, 0)].map(String) : [];
  return [text, ...near];
}

const maxLiterals = 40;
const longestSpan = 4;

/** @param domains short lists of choices by `table.column`, offered beside their column only ("female" may be stored as 'F'). */
export function collectLiterals(linked: LinkedQuestion, domains: ReadonlyMap<string, readonly string[]> = new Map()): Literals {
  const byColumn = new Map<string, string[]>([...domains].map(([column, values]) => [column, [...values]]));
  const all = new Set<string>();
  for (const match of linked.values) {
    all.add(match.value);
    const key = `${match.table}.${match.column}`;
    const list = byColumn.get(key) ?? [];
    if (!list.includes(match.value)) byColumn.set(key, [...list, match.value]);
  }
  for (const span of quotedSpans(linked.question)) all.add(span);
  for (const date of [...readDates(linked.question), ...dateForms(linked)]) all.add(date);
  for (const span of wordSpans(linked.question)) all.add(span);
  return { literals: [...all].slice(0, maxLiterals), literalsByColumn: byColumn };
}

/** Years and months as ISO text: whole, as bounds of a range, and as beginnings for LIKE. */
function dateForms(linked: LinkedQuestion): string[] {
  const times = linked.links.filter((link) => link.kind === 'time').map((link) => link.value ?? '');
  const years = times.filter((value) => /^\d{4}$/.test(value));
  const months = times.filter((value) => /^\d{2}$/.test(value));
  const others = times.filter((value) => value.length > 4);
  return [
    ...others,
    ...years.flatMap((year) => [year, `${year}-01-01`, `${year}-12-31`, `${Number(year) + 1}-01-01`]),
    ...months.flatMap((month) => [month, ...years.flatMap((year) => [`${year}-${month}`, `${year}-${month}-01`, `${year}-${month}-31`])]),
  ];
}

function quotedSpans(question: string): string[] {
  return [...question.matchAll(/"([^"]{1,60})"|“([^”]{1,60})”|(?<![\p{L}\p{N}])['‘]([^'’]{1,60})['’](?![\p{L}\p{N}])/gu)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? '').trim(),
  );
}

/** Runs of words that look like names, and single words that are no function words. */
function wordSpans(question: string): string[] {
  const words = splitWords(question);
  const spans: string[] = [];
  words.forEach((word, start) => {
    const isName = /^[\p{Lu}\p{N}]/u.test(word.text);
    for (let size = 1; isName && start > 0 && size <= longestSpan && start + size <= words.length; size++) {
      if (!/^[\p{Lu}\p{N}]/u.test(words[start + size - 1]?.text ?? '')) break;
      spans.push(question.slice(word.start, words[start + size - 1]?.end));
    }
  });
  const single = words
    .filter((word) => !stopWords.has(word.text.toLowerCase()) && (word.text.length > 1 || /^\p{Lu}$/u.test(word.text)))
    .map((word) => word.text);
  const letters = words.filter((word, at) => word.text.length === 1 && asksForLetter.test(words[at - 1]?.text ?? ''));
  return [...letters.map((word) => word.text), ...spans.sort((a, b) => b.length - a.length), ...single];
}

/** After these words a single letter is meant as such: "names with the letter a", "that begin with S". */
const asksForLetter = /^(?:letters?|characters?|initials?|with|contain(?:s|ing)?)$/i;
