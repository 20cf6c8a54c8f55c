/** What a writer of one format gets and gives. Types alone. */
import { type ExactRow } from '../../core/sql/resultTypes.js';

export interface ExportSource {
  readonly columns: readonly string[];
  /** From the beginning at every call; the same rows each time. */
  blocks(): AsyncIterable<readonly ExactRow[]>;
}

/** Resolves to the number of values that were cut. */
export type ExportWriter = (source: ExportSource, file: string) => Promise<number>;
