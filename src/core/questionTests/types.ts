/** Questions as tests: what a `*.joinery.yaml` file says, and what became of a question. Words are made by the faces. */
import { type SqlValue } from '../schema/types.js';
import { type ErrorArguments, type ErrorCode } from '../shared/errors.js';

export type Row = readonly SqlValue[];

export type Assertion =
  | { readonly kind: 'rowCount'; readonly least: number; readonly most: number }
  | { readonly kind: 'columns'; readonly names: readonly string[] }
  | { readonly kind: 'contains'; readonly row: Row }
  | { readonly kind: 'notNull' | 'unique'; readonly column: string }
  | { readonly kind: 'uses' | 'avoids'; readonly tables: readonly string[] }
  /** A regular expression on the SQL, case ignored. */
  | { readonly kind: 'matches'; readonly pattern: string };

export interface QuestionTest {
  /** Stable inside the file: its name, or its question. */
  readonly name: string;
  readonly question: string;
  /** As written, relative to the file; empty when the file names none. */
  readonly database: string;
  /** A statement with the same result. */
  readonly sql?: string;
  readonly rows?: readonly Row[];
  readonly assertions: readonly Assertion[];
  /** A refusal is what is expected, with this code or, when it is empty, any. */
  readonly refused?: string;
  /** Rows must come in this order; absent: when the expected statement orders. */
  readonly ordered?: boolean;
  /** Lines of the file from 0, the last one included. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Something in the file that is not understood; the other questions are tests all the same. */
export interface FileProblem {
  readonly line: number;
  readonly detail: string;
}

export interface QuestionFile {
  readonly tests: readonly QuestionTest[];
  readonly problems: readonly FileProblem[];
}

export type FailureCode =
  | 'rows'
  | 'rowCount'
  | 'columns'
  | 'contains'
  | 'notNull'
  | 'unique'
  | 'uses'
  | 'avoids'
  | 'matches'
  | 'notRefused'
  | 'otherRefusal'
  | 'refused'
  | 'expectedFailed';

export interface TestFailure {
  readonly code: FailureCode;
  readonly args: ErrorArguments;
  /** Both sides as text, for a diff. */
  readonly expected?: string;
  readonly actual?: string;
}

/** What the model answered, as far as tests look at it. */
export type TestedAnswer =
  | {
      readonly kind: 'answer';
      readonly sql: string;
      readonly columns: readonly string[];
      readonly rows: readonly Row[];
      readonly truncated: boolean;
    }
  | { readonly kind: 'refusal'; readonly code: ErrorCode; readonly details: ErrorArguments };
