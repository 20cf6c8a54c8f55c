/** Why an answer is what it is, as data: the values that pages and terminals turn into words. Types alone. */
import { type JoinTree } from '../../core/graph/types.js';
import { type QuestionLink } from '../../core/nl2sql/types.js';

/** `named` by the question, `bridge` between named ones, `shown` to the model besides. */
export interface ConsideredTable {
  readonly table: string;
  readonly as: 'named' | 'bridge' | 'shown';
}

/** One statement that the model wrote, as it was run. */
export interface TriedCandidate {
  readonly sql: string;
  /** Samples that gave this text. */
  readonly count: number;
  /** `chosen` is the answer, `agreed` returned the same rows, `differs` other rows; `failed` did not run. */
  readonly outcome: 'chosen' | 'agreed' | 'differs' | 'failed';
  /** Rows that it returned; absent when it failed. */
  readonly rows?: number;
  /** SQLite's message, or `unfinished`; only when it failed. */
  readonly error?: string;
  /** Written first, without chance. */
  readonly greedy: boolean;
  /** Share of the linked words that it uses, 0..1; 0 when it failed. */
  readonly coverage: number;
}

export interface AskReasons {
  /** The question cut into words; links point into it. */
  readonly words: readonly string[];
  readonly links: readonly QuestionLink[];
  /** Most relevant first. */
  readonly tables: readonly ConsideredTable[];
  /** Ways to join the named tables, cheapest first; the first was offered to the model. */
  readonly joinTrees: readonly JoinTree[];
  /** Best first, failed ones last. */
  readonly candidates: readonly TriedCandidate[];
}
