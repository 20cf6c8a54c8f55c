/** Everything that a grid of one tab remembers while another tab is in front: rows, widths, selection, position. No DOM. */
import { type ResultView } from '../../core/sql/resultTypes.js';
import { ColumnLayout } from './columnLayout.js';
import { type RowCache } from './rowCache.js';
import { rectangleOf, type Rectangle, type Selection, selectPlace } from './selection.js';

export interface GridModel {
  readonly columns: readonly string[];
  view: ResultView;
  cache: RowCache;
  layout: ColumnLayout;
  /** Widths were taken from rows, or by the user, and stay. */
  isFitted: boolean;
  selection: Selection;
  /** Pixels of all rows above the view, and of columns left of it. */
  top: number;
  left: number;
}

export function makeModel(columns: readonly string[], view: ResultView, cache: RowCache): GridModel {
  const layout = ColumnLayout.fitting(columns, []);
  return { columns, view, cache, layout, isFitted: false, selection: selectPlace(0, 0), top: 0, left: 0 };
}

export function selectedRectangle(model: GridModel): Rectangle {
  return rectangleOf(model.selection, model.columns.length);
}
