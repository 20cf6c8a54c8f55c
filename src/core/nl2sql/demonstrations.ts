/**
 * Step 4 (T5): the accepted pairs of the user that teach most for a question. Alike are pairs whose words are alike, or whose wording is once
 * names and values are taken out (CodeS: the larger of both), whose SQL has the pieces that the question calls for, or the skeleton of a
 * draft (DAIL-SQL), and which read the same tables. An identical question is never handed out.
 */
import { type Token, tokenize } from '../sql/tokenize.js';
import { unquoteIdentifier, unquoteString } from '../sql/quote.js';
import { type Cue, readCues } from './readCues.js';
import { readShape } from './statementShape.js';
import { type Demonstration, type LinkedQuestion } from './types.js';
import { nameWords, type QuestionWord, splitWords, stopWords } from './words.js';

export interface DemonstrationQuery {
  readonly linked: LinkedQuestion;
  readonly tables: readonly string[];
  /** A draft of the answer; its skeleton makes retrieval better when there is one. */
  readonly draft?: string;
  readonly limit: number;
}

/** What each kind of likeness is worth; they sum to 1. */
export interface DemonstrationWeights {
  readonly question: number;
  readonly skeleton: number;
  readonly tables: number;
}

/**
 * Chosen on a third of Spider's train databases by how often one of three pairs has the shape of the gold (other pairs of the database, none with
 * its SQL); on another third 24 of 100 questions get such a pair, 5 with pairs drawn at random.
 */
export const demonstrationWeights: DemonstrationWeights = { question: 0.7, skeleton: 0.2, tables: 0.1 };
/** At most so many are shown where nothing was measured. */
export const usualDemonstrations = 3;
/** Up to here a likeness says nothing about the shape of the SQL (same measurement), and an example costs tokens. */
const leastSimilarity = 0.25;

export function chooseDemonstrations(store: readonly Demonstration[], query: DemonstrationQuery): Demonstration[] {
  const own = normalise(query.linked.question);
  const others = store.filter((pair) => normalise(pair.question) !== own);
  const scores = likenessOf(others, query);
  const scored = others.map((pair, at) => ({ pair, score: scores[at] ?? 0 })).filter((entry) => entry.score >= leastSimilarity);
  scored.sort((a, b) => b.score - a.score || (a.pair.question < b.pair.question ? -1 : 1));
  return scored.slice(0, query.limit).map((entry) => entry.pair);
}

/** How alike each pair is to what is asked, 0..1, in their order. */
export function likenessOf(
  pairs: readonly Demonstration[],
  query: Omit<DemonstrationQuery, 'limit'>,
  weights: DemonstrationWeights = demonstrationWeights,
): number[] {
  const { linked, draft } = query;
  const words = stemsOf(splitWords(linked.question));
  const pattern = patternOf(splitWords(linked.question), namedPlaces(linked));
  const cues: ReadonlySet<Cue> = new Set(readCues(linked.question));
  const skeleton = draft === undefined ? undefined : sqlSkeleton(draft);
  const tables = new Set(query.tables.map((table) => table.toLowerCase()));
  return pairs.map((pair) => {
    const shape = readShape(pair.sql);
    const own = splitWords(pair.question);
    const question = Math.max(jaccard(words, stemsOf(own)), jaccard(pattern, patternOf(own, saidPlaces(own, shape.tokens))));
    // Two plain statements are alike in form, whatever was asked.
    if (question === 0) return 0;
    const pieces = new Set((Object.keys(shape.pieces) as Cue[]).filter((cue) => shape.pieces[cue]));
    const form = skeleton === undefined ? likeCues(cues, pieces) : jaccard(skeleton, sqlSkeleton(pair.sql));
    const read = new Set(shape.scopes.flatMap((scope) => scope.sources.flatMap(({ table }) => table?.toLowerCase() ?? [])));
    return weights.question * question + weights.skeleton * form + weights.tables * jaccard(tables, read);
  });
}

/** An order is often part of a superlative, which then says it. */
function likeCues(cues: ReadonlySet<Cue>, pieces: ReadonlySet<Cue>): number {
  const asked = new Set(cues);
  if (asked.has('superlative') && pieces.has('order')) asked.add('order');
  return asked.size === 0 && pieces.size === 0 ? 1 : jaccard(asked, pieces);
}

/** Word positions that links tie to the schema or the data. */
function namedPlaces(linked: LinkedQuestion): Set<number> {
  return new Set(linked.links.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));
}

/** Word positions of a pair's question that its own SQL uses as a name or a value: no schema is needed to know them. */
function saidPlaces(words: readonly QuestionWord[], tokens: readonly Token[]): Set<number> {
  const said = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'identifier') for (const word of nameWords(unquoteIdentifier(token.text))) said.add(word);
    else if (token.kind === 'string') for (const word of splitWords(unquoteString(token.text))) said.add(word.stem);
    else if (token.kind === 'number') said.add(token.text);
  }
  return new Set(words.flatMap((word, at) => (said.has(word.stem) ? [at] : [])));
}

/** Words and neighbours of words, those that name something replaced by one mark: "how many _ have _". */
function patternOf(words: readonly QuestionWord[], named: ReadonlySet<number>): Set<string> {
  const masked = words.map((word, at) => (named.has(at) ? '_' : word.stem)).filter((word, at, all) => word !== '_' || all[at - 1] !== '_');
  return new Set([...masked.filter((word) => word !== '_'), ...masked.map((word, at) => `${word} ${masked[at + 1] ?? ''}`)]);
}

function stemsOf(words: readonly QuestionWord[]): Set<string> {
  return new Set(words.map((word) => word.stem));
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
