/**
 * Messages between the results page and the extension. The extension owns the tabs and their rows; the page asks for what it shows.
 * Messages of the page are checked on arrival, for a page may be older than the extension that restores it.
 */
import { type Cell, type Filter, filterOperators, type ResultView, type SortKey } from '../core/sql/resultTypes.js';

export const copyFormats = ['tsv', 'csv', 'json', 'markdown', 'insert'] as const;
export type CopyFormat = (typeof copyFormats)[number];
export const exportFormats = ['csv', 'json', 'parquet', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ErrorWords {
  readonly sentence: string;
  readonly next: string;
}

/** A tab as the page draws it; sent whole whenever anything of it changes. */
export interface TabFacts {
  readonly id: number;
  readonly title: string;
  readonly sql: string;
  /** Short name of the database for people. */
  readonly database: string;
  readonly pinned: boolean;
  readonly state: 'running' | 'shown' | 'failed';
  /** Grows with every run, sort and filter: rows of another generation are out of date. */
  readonly generation: number;
  readonly columns: readonly string[];
  readonly view: ResultView;
  /** Milliseconds until the first rows were there. */
  readonly elapsedMs?: number;
  readonly total?: number;
  /** The database has changed since. */
  readonly stale: boolean;
  readonly error?: ErrorWords;
  /** Present in tabs that compare two others. */
  readonly comparison?: ComparisonFacts;
}

export interface ComparisonFacts {
  readonly left: string;
  readonly right: string;
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Rows were left out because there are too many. */
  readonly cut: boolean;
  /** Names of the columns that rows were matched by; none means by position. */
  readonly keys: readonly string[];
}

/** A whole value. `cut` when it is longer than what is shown. */
export type CellContent =
  | { readonly kind: 'null' }
  | { readonly kind: 'number'; readonly text: string; readonly type: 'integer' | 'real' }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number; readonly cut: boolean }
  | { readonly kind: 'blob'; readonly base64: string; readonly bytes: number; readonly cut: boolean };

export interface PageOfRows {
  readonly tab: number;
  readonly generation: number;
  /** Position of the first row, from 0. */
  readonly from: number;
  readonly rows: readonly (readonly Cell[])[];
}

export type ToPage =
  | { readonly type: 'tabs'; readonly tabs: readonly TabFacts[]; readonly active: number | undefined; readonly first?: PageOfRows }
  | ({ readonly type: 'rows' } & PageOfRows)
  | { readonly type: 'rowsFailed'; readonly tab: number; readonly generation: number; readonly from: number; readonly error: ErrorWords } // prettier-ignore
  | { readonly type: 'cell'; readonly tab: number; readonly row: number; readonly column: number; readonly content: CellContent }
  | { readonly type: 'chart'; readonly tab: number; readonly rows: readonly (readonly Cell[])[]; readonly cut: boolean }
  /** For the status line, which is read out. */
  | { readonly type: 'notice'; readonly text: string };

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'rows'; readonly tab: number; readonly generation: number; readonly from: number; readonly count: number }
  | { readonly type: 'view'; readonly tab: number; readonly view: ResultView }
  | { readonly type: 'cell'; readonly tab: number; readonly row: number; readonly column: number }
  | { readonly type: 'saveCell'; readonly tab: number; readonly row: number; readonly column: number }
  /** `to` is exclusive; absent means to the end. */
  | { readonly type: 'copy'; readonly tab: number; readonly format: CopyFormat; readonly from: number; readonly to?: number; readonly columns: readonly number[]; readonly header: boolean } // prettier-ignore
  | { readonly type: 'export'; readonly tab: number; readonly format: ExportFormat }
  | { readonly type: 'chart'; readonly tab: number; readonly columns: readonly number[] }
  | { readonly type: 'compare'; readonly tab: number; readonly other: number }
  /** Names of the columns that tell rows of a comparison apart; none means their position. */
  | { readonly type: 'matchBy'; readonly tab: number; readonly keys: readonly string[] }
  | { readonly type: 'pin'; readonly tab: number; readonly pinned: boolean }
  | { readonly type: 'select' | 'close' | 'rerun' | 'cancel' | 'count' | 'sql'; readonly tab: number };

/** Rows that one message may ask for. */
export const mostRowsAsked = 1000;

type Fields = Readonly<Record<string, unknown>>;

const isPosition = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isPositions = (value: unknown): value is number[] => Array.isArray(value) && value.length <= 2000 && value.every(isPosition);
const isOneOf = (list: readonly string[], value: unknown): boolean => typeof value === 'string' && list.includes(value);

const checks: Readonly<Record<FromPage['type'], (fields: Fields) => boolean>> = {
  ready: () => true,
  rows: ({ generation, from, count }) => isPosition(generation) && isPosition(from) && isPosition(count) && count <= mostRowsAsked,
  view: ({ view }) => isView(view),
  cell: isPlace,
  saveCell: isPlace,
  copy: ({ format, from, to, columns, header }) =>
    isOneOf(copyFormats, format) &&
    isPosition(from) &&
    (to === undefined || isPosition(to)) &&
    isPositions(columns) &&
    typeof header === 'boolean',
  export: ({ format }) => isOneOf(exportFormats, format),
  chart: ({ columns }) => isPositions(columns) && columns.length > 0 && columns.length <= 20,
  compare: ({ other }) => isPosition(other),
  matchBy: ({ keys }) => Array.isArray(keys) && keys.length <= 20 && keys.every((key) => typeof key === 'string'),
  pin: ({ pinned }) => typeof pinned === 'boolean',
  select: () => true,
  close: () => true,
  rerun: () => true,
  cancel: () => true,
  count: () => true,
  sql: () => true,
};

/** Undefined for anything that is not a message of this version. */
export function readPageMessage(value: unknown): FromPage | undefined {
  if (!isFields(value)) return undefined;
  const { type, tab } = value;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return undefined;
  if (type !== 'ready' && !isPosition(tab)) return undefined;
  return checks[type as FromPage['type']](value) ? (value as unknown as FromPage) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace({ row, column }: Fields): boolean {
  return isPosition(row) && isPosition(column);
}

function isView(value: unknown): value is ResultView {
  if (!isFields(value)) return false;
  const { sort, filters } = value;
  return Array.isArray(sort) && sort.every(isSortKey) && Array.isArray(filters) && filters.length <= 100 && filters.every(isFilter);
}

function isSortKey(value: unknown): value is SortKey {
  return isFields(value) && isPosition(value['column']) && typeof value['descending'] === 'boolean';
}

function isFilter(value: unknown): value is Filter {
  if (!isFields(value)) return false;
  const { column, operator, value: text } = value;
  return (isPosition(column) || column === -1) && isOneOf(filterOperators, operator) && typeof text === 'string' && text.length <= 10_000;
}
