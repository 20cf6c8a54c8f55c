/**
 * Step 4 (T5): the accepted pairs of the user that resemble a question most. Similarity joins the masked question (names and values
 * of the schema taken out), the skeleton of the SQL and the tables in common. An identical question is never handed out.
 */
import { tokenize } from '../sql/tokenize.js';
import { type Demonstration, type LinkedQuestion } from './types.js';
import { splitWords, stopWords } from './words.js';

export interface DemonstrationQuery {
  readonly linked: LinkedQuestion;
  readonly tables: readonly string[];
  /** A draft of the answer; its skeleton makes retrieval better when there is one. */
  readonly draft?: string;
  readonly limit: number;
}

const weight = { question: 0.6, skeleton: 0.2, tables: 0.2 };
/** Below this similarity an example teaches nothing and costs tokens. */
const leastSimilarity = 0.2;

export function chooseDemonstrations(store: readonly Demonstration[], query: DemonstrationQuery): Demonstration[] {
  const own = normalise(query.linked.question);
  const masked = maskedWords(query.linked);
  const skeleton = query.draft === undefined ? undefined : sqlSkeleton(query.draft);
  const scored = store
    .filter((pair) => normalise(pair.question) !== own)
    .map((pair) => ({ pair, score: similarity(pair, masked, skeleton, query.tables) }))
    .filter((entry) => entry.score >= leastSimilarity);
  scored.sort((a, b) => b.score - a.score || (a.pair.question < b.pair.question ? -1 : 1));
  return scored.slice(0, query.limit).map((entry) => entry.pair);
}

function similarity(
  pair: Demonstration,
  masked: ReadonlySet<string>,
  skeleton: ReadonlySet<string> | undefined,
  tables: readonly string[],
): number {
  const names = new Set(tokenize(pair.sql).map((token) => token.text.toLowerCase()));
  const shared = tables.length === 0 ? 0 : tables.filter((table) => names.has(table.toLowerCase())).length / tables.length;
  const words = new Set(
    splitWords(pair.question)
      .map((word) => word.stem)
      .filter((word) => masked.size === 0 || word.length > 1),
  );
  const like = jaccard(masked, words);
  if (skeleton === undefined) return (weight.question * like + weight.tables * shared) / (weight.question + weight.tables);
  return weight.question * like + weight.skeleton * jaccard(skeleton, sqlSkeleton(pair.sql)) + weight.tables * shared;
}

/** Words of the question that are not values; function words stay, they carry the question's form. */
function maskedWords(linked: LinkedQuestion): Set<string> {
  const hidden = new Set(linked.links.filter((link) => link.kind === 'value').flatMap((link) => range(link.start, link.end)));
  return new Set(
    splitWords(linked.question)
      .filter((_, at) => !hidden.has(at))
      .map((word) => word.stem),
  );
}

/** Keywords of a statement in adjacent pairs: its shape without names and values. */
export function sqlSkeleton(sql: string): Set<string> {
  const words = tokenize(sql)
    .filter((token) => token.kind === 'keyword')
    .map((token) => token.text.toUpperCase());
  return new Set(words.map((word, at) => `${word} ${words[at + 1] ?? ''}`));
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((entry) => b.has(entry)).length;
  const either = a.size + b.size - both;
  return either === 0 ? 0 : both / either;
}

function normalise(question: string): string {
  return splitWords(question)
    .map((word) => word.stem)
    .filter((word) => !stopWords.has(word) || word.length > 3)
    .join(' ');
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, at) => start + at);
}
