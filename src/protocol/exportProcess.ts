/** Messages between the editor and the process that writes a result to a file. One request per process; killing it cancels. */
import { type ResultView } from '../core/sql/resultTypes.js';
import { type ErrorData } from './errorData.js';
import { type ExportFormat } from './resultsPage.js';

export interface ExportRequest {
  readonly database: string;
  /** With its parameters filled in. */
  readonly sql: string;
  readonly view: ResultView;
  readonly format: ExportFormat;
  /** Written beside itself first and renamed when it is whole. */
  readonly file: string;
}

export interface ExportOutcome {
  readonly rows: number;
  /** Values that the format cannot hold whole, such as texts beyond 32,767 characters in a spreadsheet. */
  readonly cutValues: number;
}

export type ExportNotice =
  | { readonly kind: 'progress'; readonly rows: number }
  | { readonly kind: 'done'; readonly outcome: ExportOutcome }
  | { readonly kind: 'failed'; readonly error: ErrorData };
