/**
 * What the page of answers shows and what it asks of the extension. Every text arrives translated and every value as text: the page
 * lays out and decides nothing. Nothing of it is kept on disk.
 */

/** A cell as text; `null` is SQL's NULL, told apart from an empty text. */
export type PageCell = string | null;

export interface PageAnswer {
  readonly title: string;
  readonly sql: string;
  /** Rows, time, votes and the like. */
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  readonly explanation: string;
  /** Absent when the statement was not run. */
  readonly result?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly PageCell[])[];
    /** What is said below the rows, such as how many there are more. */
    readonly note: string;
    /** Positions of rows that no other answer has. */
    readonly own: readonly number[];
  };
  readonly actions: readonly PageAction[];
}

export interface PageAction {
  readonly id: AnswerAction;
  readonly label: string;
  readonly icon: string;
}

export type AnswerAction = 'insert' | 'copy' | 'open' | 'run';

/** A table of the reasons: words, tables, paths, candidates. */
export interface ReasonTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said instead of rows when there are none. */
  readonly empty: string;
}

export interface AnswersPage {
  readonly heading: string;
  readonly database: string;
  readonly answers: readonly PageAnswer[];
  readonly reasonsTitle: string;
  readonly reasons: readonly ReasonTable[];
  /** Where the reader's eye should go first. */
  readonly focus: 'answers' | 'reasons';
  readonly nullText: string;
  readonly ownRow: string;
}

export type AnswersMessage = { readonly kind: 'show'; readonly page: AnswersPage };

export type AnswersRequest = { readonly kind: 'ready' } | { readonly kind: AnswerAction; readonly answer: number };

const actions: readonly unknown[] = ['insert', 'copy', 'open', 'run'] satisfies readonly AnswerAction[];

/** Undefined for anything that a page of ours does not send. */
export function answersRequestOf(value: unknown): AnswersRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, answer } = value as Readonly<Record<string, unknown>>;
  if (kind === 'ready') return { kind };
  if (!actions.includes(kind) || typeof answer !== 'number' || !Number.isInteger(answer) || answer < 0) return undefined;
  return { kind: kind as AnswerAction, answer };
}
