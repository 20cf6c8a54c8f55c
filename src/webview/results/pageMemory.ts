/** What the page remembers while it is hidden or reloaded: where each tab was scrolled, its widths, frozen columns and active cell. */
import { ColumnLayout } from './columnLayout.js';
import { type GridModel } from './gridModel.js';
import { selectPlace } from './selection.js';

interface TabMemory {
  readonly widths: readonly number[];
  readonly frozen: number;
  readonly row: number;
  readonly column: number;
  readonly top: number;
  readonly left: number;
}

export type PageMemory = Readonly<Record<string, TabMemory>>;

export function remember(models: ReadonlyMap<number, GridModel>): PageMemory {
  return Object.fromEntries(
    [...models].map(([tab, { layout, selection, top, left }]) => [
      String(tab),
      { widths: layout.widths, frozen: layout.frozen, row: selection.active.row, column: selection.active.column, top, left },
    ]),
  );
}

/** Puts a tab back to where it was; memory of another shape, or of other columns, is left alone. */
export function recall(memory: unknown, tab: number, model: GridModel): void {
  const found: unknown = isRecord(memory) ? memory[String(tab)] : undefined;
  if (!isRecord(found)) return;
  const { widths, frozen, row, column, top, left } = found;
  if (!Array.isArray(widths) || widths.length !== model.columns.length || !widths.every(isNumber)) return;
  if (!isNumber(frozen) || !isNumber(row) || !isNumber(column) || !isNumber(top) || !isNumber(left)) return;
  model.layout = new ColumnLayout(widths);
  model.layout.freeze(frozen);
  model.isFitted = true;
  model.selection = selectPlace(row, Math.max(0, Math.min(column, model.columns.length - 1)));
  model.top = top;
  model.left = left;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
