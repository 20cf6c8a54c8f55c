/** What a page of a result consists of, shared by the reader of results, the messages and the page. It reads nothing. */
import { type SqlValue } from '../schema/types.js';

/**
 * A cell as a grid shows it: small, safe in JSON and exact about its type. A string is a whole text, a number is an integer that a double
 * holds; everything else says what it is.
 */
export type Cell =
  | null
  | string
  | number
  /** Beyond 2^53, in digits. */
  | { readonly kind: 'integer'; readonly text: string }
  /** Always with a point, an exponent or `Inf`, so that 3.0 is not 3. */
  | { readonly kind: 'real'; readonly text: string }
  /** The beginning of a long text; `length` in characters. */
  | { readonly kind: 'text'; readonly start: string; readonly length: number }
  /** `start` in hexadecimal digits, at most 32 bytes of it; `length` in bytes. */
  | { readonly kind: 'blob'; readonly start: string; readonly length: number }
  /** In comparisons of two results. */
  | { readonly kind: 'changed'; readonly before: PlainCell; readonly after: PlainCell };

export type PlainCell = Exclude<Cell, { readonly kind: 'changed' }>;

/** Rows of one page: fewer with many columns, so that a page stays small. */
export function rowsPerPage(columns: number): number {
  return Math.min(200, Math.max(20, Math.floor(10_000 / Math.max(1, columns))));
}

/** A row without loss. `types` has a letter per value: n(ull), i(nteger), r(eal), t(ext), b(lob); 3 and 3.0 differ by it alone. */
export interface ExactRow {
  readonly values: readonly SqlValue[];
  readonly types: string;
}

export interface SortKey {
  /** Position of the column, from 0. */
  readonly column: number;
  readonly descending: boolean;
}

export const filterOperators = [
  'contains',
  'startsWith',
  'equals',
  'differs',
  'less',
  'atMost',
  'greater',
  'atLeast',
  'isNull',
  'isNotNull',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

export interface Filter {
  /** Position of the column, from 0; -1 means any column. */
  readonly column: number;
  readonly operator: FilterOperator;
  /** As typed; a number where SQLite would read one. Without meaning for the two tests of NULL. */
  readonly value: string;
}

/** How the rows of a statement are looked at: all filters hold; earlier sort keys weigh more. */
export interface ResultView {
  readonly sort: readonly SortKey[];
  readonly filters: readonly Filter[];
}

export const plainView: ResultView = { sort: [], filters: [] };
