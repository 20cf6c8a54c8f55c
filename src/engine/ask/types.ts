/** What the faces (terminal, editor, evaluation) give to the ask pipeline and what they get back. */
import { type JoinStep } from '../../core/graph/types.js';
import { type CandidateFeatures } from '../../core/nl2sql/candidateFeatures.js';
import { type Explanation } from '../../core/nl2sql/explainSql.js';
import { type ValueSubstitution } from '../../core/nl2sql/groundValues.js';
import { type Demonstration } from '../../core/nl2sql/types.js';
import { type ErrorArguments, type ErrorCode } from '../../core/shared/errors.js';
import { type QueryResult } from '../../core/sql/types.js';
import { type AskReasons } from './askReasons.js';

/** Every step of the pipeline can be switched off for ablation; faces use `defaultSteps`. */
export interface AskSteps {
  readonly links: boolean;
  readonly joins: boolean;
  readonly values: boolean;
  readonly demonstrations: boolean;
  readonly grammar: boolean;
  readonly lockJoins: boolean;
  /** FROM and counts completed by the graph. */
  readonly completion: boolean;
  readonly sketch: boolean;
  readonly verify: boolean;
  /** Where the number of candidates is left open: one from the model without its adapter, where that is worth asking. */
  readonly secondOpinion: boolean;
  readonly repair: boolean;
  readonly refusal: boolean;
}

export interface AskRequest {
  readonly question: string;
  /** Absolute path of the database file. */
  readonly database: string;
  /** A statement begun by the user, to be completed; its text comes back as the beginning of the answer's SQL. */
  readonly begun?: string;
  /** The last answered question of this conversation, when this one may refine it. */
  readonly previous?: { readonly question: string; readonly sql: string };
  /** A statement that failed, and SQLite's message: the model is told to write a better one. */
  readonly failed?: { readonly sql: string; readonly error?: string };
  /** Shown as examples just as they are, instead of accepted pairs: for measurements. */
  readonly demonstrations?: readonly Demonstration[];
  /** 1 for a single verified answer; n for a vote over n; 0 for what suits the model. */
  readonly candidates: number;
  readonly priority: 'typing' | 'interactive' | 'batch';
  /** Milliseconds after which the best verified answer so far is returned; 0 means none. */
  readonly deadlineMs: number;
  readonly seed: number;
  readonly steps: AskSteps;
}

/** Facts that back an answer; words are made by the faces. */
export interface Evidence {
  readonly rows: number;
  readonly rowsTruncated: boolean;
  readonly runMs: number;
  /** Candidates that agreed with this result, of how many that ran. */
  readonly votes: number;
  readonly candidates: number;
  readonly joins: readonly JoinStep[];
  readonly substitutions: readonly ValueSubstitution[];
  /** Tables whose rows are multiplied under an aggregate by a 1:N join. */
  readonly fanOut: readonly string[];
  readonly repaired: boolean;
}

/** One verified statement. */
export interface VerifiedSql {
  /** Formatted for people. */
  readonly sql: string;
  readonly result: QueryResult;
  readonly evidence: Evidence;
  /** Plain sentences as codes with arguments, derived from the SQL. */
  readonly explanation: readonly Explanation[];
}

export interface AskTimings {
  readonly totalMs: number;
  readonly prepareMs: number;
  readonly promptMs: number;
  readonly decodeMs: number;
  readonly verifyMs: number;
  readonly promptTokens: number;
  readonly sampledTokens: number;
  readonly forcedTokens: number;
}

export interface AskAnswer extends VerifiedSql {
  readonly kind: 'answer';
  /** Verified statements whose result differs from the answer's, best first. */
  readonly alternatives: readonly VerifiedSql[];
  /** How it came to be; absent while the vote goes on. */
  readonly reasons?: AskReasons;
  readonly timings: AskTimings;
}

/** No answer, with the reason; the faces turn code and arguments into a sentence with a next step. */
export interface AskRefusal {
  readonly kind: 'refusal';
  readonly code: ErrorCode;
  readonly details: ErrorArguments;
  readonly timings: AskTimings;
}

export type AskOutcome = AskAnswer | AskRefusal;

export type AskPhase = 'opening' | 'indexing' | 'loadingModel' | 'thinking' | 'verifying';

/** A statement that ran, with everything that a choice may rest on. */
export interface JudgedCandidate {
  readonly sql: string;
  /** Samples that gave this text. */
  readonly count: number;
  readonly result: QueryResult;
  readonly features: CandidateFeatures;
}

export interface AskListener {
  /** Called with the first verified answer and again whenever the votes prefer another one. */
  onAnswer?(answer: AskAnswer): void;
  onPhase?(phase: AskPhase): void;
  /** Called once before the verdict, with all statements that ran and could be chosen, best first. For evaluations: computing it takes time. */
  onJudged?(candidates: readonly JudgedCandidate[]): void;
}
