/** Values of an evaluation: questions with gold SQL, predictions as they are kept in a file, and verdicts. Nothing here runs SQL. */

export const comparatorNames = ['spider_ex', 'spider_ts', 'bird_ex', 'strict'] as const;
export type ComparatorName = (typeof comparatorNames)[number];

export interface EvalItem {
  /** Unique inside its set and stable between runs. */
  readonly id: string;
  /** Short name of the database. */
  readonly db: string;
  /** Absolute path of the database file. */
  readonly database: string;
  readonly question: string;
  /** Absent for a question that the database cannot answer: then a refusal is right. */
  readonly gold?: string;
  readonly hardness?: string;
  /** Pairs to show with this question, instead of accepted ones. */
  readonly demonstrations?: readonly { readonly question: string; readonly sql: string }[];
  /** Why an unanswerable question has no answer. */
  readonly reason?: string;
}

/** How the questions of a set were picked: every `step`-th of `total` beginning at 0, then a slice. */
export interface SampleNote {
  readonly total: number;
  readonly chosen: number;
  /** Distance between chosen questions; 1 takes all. */
  readonly step: number;
  readonly offset: number;
}

/** First row of a prediction file: everything that is needed to repeat the run. */
export interface PredictionHeader {
  readonly kind: 'header';
  readonly format: 1;
  readonly set: string;
  readonly mode: 'plain' | 'ask';
  readonly model: string;
  readonly adapter?: string;
  readonly candidates: number;
  readonly temperature: number;
  readonly seed: number;
  readonly steps: Readonly<Record<string, boolean>>;
  readonly promptVersion: string;
  readonly threads: number;
  readonly sample: SampleNote;
  /** ISO date of the start. */
  readonly date: string;
  /** Fingerprint of the ranker that chose; absent for the vote. */
  readonly ranker?: string;
  /** Why the run was made, for the log of runs. */
  readonly reason?: string;
}

/** One distinct statement that the model gave. */
export interface CandidateNote {
  readonly sql: string;
  readonly count: number;
  readonly ran: boolean;
  /** -1 when it did not run. */
  readonly rows: number;
  /** Hash of the rows; '' when it did not run. */
  readonly resultHash: string;
  /** What a ranker may know of it, by name, those that are 0 left out; absent in files of older versions and for the plain baseline. */
  readonly features?: Readonly<Record<string, number>>;
}

export interface PredictionRow {
  readonly kind: 'prediction';
  readonly id: string;
  readonly db: string;
  readonly question: string;
  /** '' when the question was refused. */
  readonly sql: string;
  /** The answer first; those that ran, in the order in which they were preferred. */
  readonly candidates: readonly CandidateNote[];
  /** Error code of the refusal or fault; absent for an answer. */
  readonly refusal?: string;
  /** Wall-clock milliseconds from question to answer. */
  readonly ms: number;
  readonly promptTokens: number;
  readonly sampledTokens: number;
  readonly forcedTokens: number;
}

export type PredictionLine = PredictionHeader | PredictionRow;

/** What scoring found for one prediction. */
export interface Verdict {
  readonly id: string;
  readonly db: string;
  readonly hardness: string;
  /** Tables that the gold names, 0 when the question has no gold. */
  readonly tables: number;
  readonly answerable: boolean;
  readonly refused: boolean;
  readonly refusal?: string;
  /** True when the predicted statement ran on the database. */
  readonly runnable: boolean;
  /** Only the comparators that were asked for; empty for unanswerable questions. */
  readonly correct: Readonly<Partial<Record<ComparatorName, boolean>>>;
  /** The answer or one of the other candidates is right by the first comparator. */
  readonly bestOf: boolean;
  /** The row cap cut one of the compared results. */
  readonly capped: boolean;
  readonly goldFailed: boolean;
  readonly question: string;
  readonly gold: string;
  readonly sql: string;
  readonly problem: string;
  readonly ms: number;
  readonly promptTokens: number;
  readonly sampledTokens: number;
  readonly forcedTokens: number;
}
