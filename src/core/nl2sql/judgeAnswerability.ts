/**
 * Says whether a question can be answered from the schema at all. Evidence is which of its words meet nothing in schema and data, whether it
 * asks for something that no data holds, and how willingly the model wrote the best candidate.
 */
import { type ErrorArguments } from '../shared/errors.js';
import { type DatabaseSchema } from '../schema/types.js';
import { readBeyondData } from './beyondData.js';
import { countContentWords, findMissingWords, findUnmetWords, type MissingWord } from './missingWords.js';
import { spelledNumbers } from './spelledNumbers.js';
import { type LinkedQuestion } from './types.js';
import { emptinessOf, type RanCandidate } from './voteCandidates.js';
import { stemWord } from './words.js';

export interface Verdict {
  readonly answerable: boolean;
  /** Positive leans to answerable. */
  readonly score: number;
  readonly details: ErrorArguments;
}

export interface AnswerFeatures {
  /** Words that stand for nothing in the database, by their weights, 0..1: three or more are 1. */
  readonly missing: number;
  /** Their weights' share 0..1 of the content words. */
  readonly missingShare: number;
  /** Mean natural-log probability of the tokens that the model chose, 0 or below. */
  readonly confidence: number;
  /** 1 when the result has rows with something in them. */
  readonly hasRows: number;
  /** 1 when it asks for the future, for advice or for a cause. */
  readonly beyond: number;
}

/**
 * `confidence` and `hasRows` are those of a logistic regression (0.5B and 1.5B, greedy) on 195 questions to copies of Spider *train* databases from
 * which two or three columns had been taken out. The weights of words and the bias are set on 4,325 questions to Spider *train* databases, a quarter
 * of them in other words (Spider-Syn), and on the own unanswerable ones: docs/evaluation.md. `beyond` never occurs there and is set by hand. The
 * threshold is zero.
 */
export const answerWeights: AnswerFeatures & { readonly bias: number } = {
  bias: 1.5,
  missing: -1.5,
  missingShare: -4,
  confidence: 1.5,
  hasRows: 0.55,
  beyond: -2.5,
};

/** What a question is held against. */
export interface AskedDatabase {
  readonly schema: DatabaseSchema;
  /** Name of its file, without folder and ending. */
  readonly title?: string;
}

export function judgeAnswerability(linked: LinkedQuestion, database: AskedDatabase, best: RanCandidate | undefined): Verdict {
  const { schema } = database;
  if (schema.tables.length === 0) return { answerable: false, score: -Infinity, details: { reason: 'noTables' } };
  if (!best) return { answerable: true, score: 0, details: {} };
  const features = answerFeatures(linked, database, best);
  const score = scoreAnswer(features);
  const beyond = readBeyondData(linked.question);
  const missing = missingFrom(linked, database, best).map(({ word }) => word);
  const words = missing.length > 0 || beyond ? missing : findUnmetWords(linked);
  // Without a word that met nothing there is no reason that could be given.
  if (score >= 0 || (words.length === 0 && !beyond)) return { answerable: true, score, details: {} };
  return {
    answerable: false,
    score,
    details: { reason: beyond ?? 'unmetWords', ...(words.length > 0 ? { words: words.slice(0, 4) } : {}) },
  };
}

export function answerFeatures(linked: LinkedQuestion, database: AskedDatabase, best: RanCandidate): AnswerFeatures {
  const missing = missingFrom(linked, database, best).reduce((sum, { weight }) => sum + weight, 0);
  return {
    missing: Math.min(missing, 3) / 3,
    missingShare: missing / Math.max(countContentWords(linked), 1),
    confidence: best.logProbability / Math.max(best.tokens, 1),
    hasRows: emptinessOf(best.result) === 'rows' ? 1 : 0,
    beyond: readBeyondData(linked.question) ? 1 : 0,
  };
}

/** A word that the statement looks for in the data and finds there is not missing, nor is `five-star` where it finds a 5. */
function missingFrom(linked: LinkedQuestion, { schema, title }: AskedDatabase, best: RanCandidate): MissingWord[] {
  const found = emptinessOf(best.result) === 'rows' ? best.sql.toLowerCase() : '';
  const numbers = new Set(found.match(/(?<![\w.])\d+(?![\w.])/g));
  return findMissingWords(linked, schema, title).filter(
    ({ word }) => !found.includes(stemWord(word)) && !spelledNumbers(word).some((number) => numbers.has(number)),
  );
}

export function scoreAnswer(features: AnswerFeatures): number {
  const w = answerWeights;
  return (
    w.bias +
    w.missing * features.missing +
    w.missingShare * features.missingShare +
    w.confidence * features.confidence +
    w.hasRows * features.hasRows +
    w.beyond * features.beyond
  );
}
