/** How large a table's box is and which rows it has, in pixels at zoom 1. The same for layout, page and export. Draws nothing. */
import { type GraphColumn, type GraphTable } from './graphModel.js';

export const graphDetails = ['columns', 'keys', 'names'] as const;
/** All columns, those of keys only, or no columns. */
export type GraphDetail = (typeof graphDetails)[number];

export const headerHeight = 32;
export const rowHeight = 20;
const bottomPadding = 6;
const sidePadding = 12;
/** Room for the key sign before a column's name, and for the sign of the table's kind. */
export const signWidth = 18;
const gap = 16;
const [narrowest, widest] = [128, 340];
/** Rows of a box at most; a last one then says how many columns are missing. */
const mostRows = 24;

export interface BoxRow {
  readonly column: GraphColumn;
  /** Middle of the row, from the top of the box. */
  readonly middle: number;
}

export interface TableBox {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly BoxRow[];
  /** Columns that have no row, though the detail would show them. */
  readonly hidden: number;
}

export function tableBox(table: GraphTable, detail: GraphDetail): TableBox {
  const wanted = shownColumns(table, detail);
  const columns = wanted.length > mostRows ? fewer(wanted) : wanted;
  const hidden = wanted.length - columns.length;
  const nameWidths = columns.map(({ name }) => textWidth(name, 12));
  const typeWidths = columns.map(({ type }) => textWidth(shortType(type), 11));
  const rowWidth = columns.length === 0 ? 0 : signWidth + Math.max(...nameWidths.map((width, at) => width + gap + (typeWidths[at] ?? 0)));
  const content = Math.max(signWidth + textWidth(table.name, 13) * 1.08, rowWidth);
  const lines = columns.length + (hidden > 0 ? 1 : 0);
  return {
    width: Math.ceil(Math.min(widest, Math.max(narrowest, content + 2 * sidePadding))),
    height: headerHeight + (lines === 0 ? 0 : lines * rowHeight + bottomPadding),
    rows: columns.map((column, at) => ({ column, middle: headerHeight + (at + 0.5) * rowHeight })),
    hidden,
  };
}

function shownColumns(table: GraphTable, detail: GraphDetail): readonly GraphColumn[] {
  switch (detail) {
    case 'columns':
      return table.columns;
    case 'keys':
      return table.columns.filter(({ primary, foreign }) => primary || foreign);
    case 'names':
      return [];
  }
}

/** Keys first to stay, then from the top; the order remains. */
function fewer(columns: readonly GraphColumn[]): readonly GraphColumn[] {
  const keys = columns.filter(({ primary, foreign }) => primary || foreign);
  const others = columns.filter(({ primary, foreign }) => !primary && !foreign);
  const kept = new Set([...keys, ...others].slice(0, mostRows - 1));
  return columns.filter((column) => kept.has(column));
}

/** The detail to begin with: whole tables while they can be read. */
export function firstDetail(tables: number): GraphDetail {
  return tables <= 60 ? 'columns' : 'keys';
}

/** Types can be whole CHECK-like texts; what says the kind stands in front. */
export function shortType(type: string): string {
  const text = type.replace(/\s+/g, ' ').trim().toLowerCase();
  return text.length > 16 ? `${text.slice(0, 15)}…` : text;
}

/** Shares of the font size; an estimate on the wide side of the usual interface fonts, for boxes must be ready before a font is. */
function characterWidth(character: string): number {
  if (/[il.,:;'|!jI()[\]]/.test(character)) return 0.32;
  if (/[mwMW@%]/.test(character)) return 0.88;
  if (/[A-Z_#&]/.test(character)) return 0.66;
  return character > '\u2e7f' ? 1.02 : 0.56;
}

/** Estimated width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size;
}

/** The text, or its beginning with an ellipsis, so that it fits. */
export function fitText(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let fitting = '';
  for (const character of text) {
    if (textWidth(`${fitting}${character}…`, size) > room) break;
    fitting += character;
  }
  return `${fitting}…`;
}
