/**
 * Says whether a question can be answered from the schema at all. Evidence is what the words of the question meet in the schema and the
 * data, and how willingly the model wrote the best candidate. The weights come from a logistic regression (0.5B, greedy) on 27 questions put
 * to their own and 19 put to foreign Spider *train* databases, with half a unit added to the bias in favour of answering.
 */
import { type ErrorArguments } from '../shared/errors.js';
import { type DatabaseSchema } from '../schema/types.js';
import { type LinkedQuestion } from './types.js';
import { splitWords, stopWords } from './words.js';
import { emptinessOf, type RanCandidate } from './voteCandidates.js';

export interface Verdict {
  readonly answerable: boolean;
  /** Positive leans to answerable. */
  readonly score: number;
  readonly details: ErrorArguments;
}

export interface AnswerFeatures {
  /** Share 0..1 of content words that meet nothing in schema or data. */
  readonly unmet: number;
  /** Mean natural-log probability of the tokens that the model chose, 0 or below. */
  readonly confidence: number;
  /** Share 0..1 of the question's links that the candidate uses. */
  readonly coverage: number;
  /** 1 when the result has rows with something in them. */
  readonly hasRows: number;
}

/** Fitted weights; the threshold is zero. */
export const answerWeights = { bias: 3.2, unmet: -3.7, confidence: 2, coverage: 0, hasRows: 0.75 };

export function judgeAnswerability(linked: LinkedQuestion, schema: DatabaseSchema, best: RanCandidate | undefined): Verdict {
  if (schema.tables.length === 0) return { answerable: false, score: -Infinity, details: { reason: 'noTables' } };
  const unmetWords = findUnmetWords(linked);
  if (!best) return { answerable: true, score: 0, details: {} };
  const score = scoreAnswer(answerFeatures(linked, best));
  // Without a word that met nothing there is no reason that could be given.
  const answerable = score >= 0 || unmetWords.length === 0;
  return { answerable, score, details: answerable ? {} : { reason: 'unmetWords', words: unmetWords.slice(0, 4) } };
}

export function answerFeatures(linked: LinkedQuestion, best: RanCandidate): AnswerFeatures {
  const content = contentWords(linked);
  return {
    unmet: content.length === 0 ? 0 : findUnmetWords(linked).length / content.length,
    confidence: best.logProbability / Math.max(best.tokens, 1),
    coverage: best.coverage,
    hasRows: emptinessOf(best.result) === 'rows' ? 1 : 0,
  };
}

export function scoreAnswer(features: AnswerFeatures): number {
  const w = answerWeights;
  return (
    w.bias + w.unmet * features.unmet + w.confidence * features.confidence + w.coverage * features.coverage + w.hasRows * features.hasRows
  );
}

/** Content words of the question, in order, that no link touches. */
export function findUnmetWords(linked: LinkedQuestion): string[] {
  const met = new Set(linked.links.flatMap((link) => Array.from({ length: link.end - link.start }, (_, at) => link.start + at)));
  return splitWords(linked.question).flatMap((word, at) => (met.has(at) || !isContent(word.text) ? [] : [word.text]));
}

function contentWords(linked: LinkedQuestion): string[] {
  return splitWords(linked.question)
    .map((word) => word.text)
    .filter(isContent);
}

function isContent(word: string): boolean {
  return word.length > 2 && !stopWords.has(word.toLowerCase()) && !/^\d/.test(word);
}
