/** The active cell and the rectangle that is selected around it, moved by keys as in the ARIA pattern for grids. Pure. */

/** Row -1 is the header. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Selection {
  /** Where the rectangle began. */
  readonly anchor: Place;
  /** The active cell; the opposite corner. */
  readonly active: Place;
  /** Whole rows or columns, however many there are. */
  readonly whole: 'rows' | 'columns' | 'all' | undefined;
}

export interface Rectangle {
  readonly from: number;
  /** Exclusive; undefined means to the last row, wherever that is. */
  readonly to: number | undefined;
  readonly firstColumn: number;
  /** Inclusive. */
  readonly lastColumn: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows in sight. */
  readonly page: number;
}

export interface KeyPress {
  readonly key: string;
  readonly control: boolean;
  readonly shift: boolean;
}

export function selectPlace(row: number, column: number): Selection {
  return { anchor: { row, column }, active: { row, column }, whole: undefined };
}

export function extendTo(selection: Selection, place: Place): Selection {
  return { ...selection, active: place, whole: selection.whole === 'rows' ? 'rows' : undefined };
}

/** The selection after a key; undefined when the key means nothing here. */
export function moveByKey(selection: Selection, press: KeyPress, size: GridSize): Selection | undefined {
  if (size.columns === 0) return undefined;
  const whole = selectWhole(selection, press);
  if (whole) return whole;
  const place = target(selection.active, press, size);
  if (!place) return undefined;
  const row = Math.max(-1, Math.min(place.row, size.rows - 1));
  const column = Math.max(0, Math.min(place.column, size.columns - 1));
  if (!press.shift || row < 0) return selectPlace(row, column);
  return extendTo(selection, { row: Math.max(0, row), column });
}

export function rectangleOf({ anchor, active, whole }: Selection, columns: number): Rectangle {
  const from = Math.max(0, Math.min(anchor.row, active.row));
  const to = Math.max(0, anchor.row, active.row) + 1;
  const sides = {
    firstColumn: Math.min(anchor.column, active.column),
    lastColumn: Math.max(anchor.column, active.column),
  };
  switch (whole) {
    case 'all':
      return { from: 0, to: undefined, firstColumn: 0, lastColumn: columns - 1 };
    case 'rows':
      return { from, to, firstColumn: 0, lastColumn: columns - 1 };
    case 'columns':
      return { from: 0, to: undefined, ...sides };
    case undefined:
      return { from, to, ...sides };
  }
}

export function isSelected(rectangle: Rectangle, row: number, column: number): boolean {
  const inRows = row >= rectangle.from && (rectangle.to === undefined || row < rectangle.to);
  return inRows && column >= rectangle.firstColumn && column <= rectangle.lastColumn;
}

function selectWhole(selection: Selection, { key, control, shift }: KeyPress): Selection | undefined {
  if (key.toLowerCase() === 'a' && control && !shift) return { ...selection, whole: 'all' };
  if (key !== ' ' || selection.active.row < 0) return undefined;
  if (shift && !control) return { ...selection, whole: 'rows' };
  return control ? { ...selection, whole: 'columns' } : undefined;
}

function target({ row, column }: Place, { key, control }: KeyPress, { rows, columns, page }: GridSize): Place | undefined {
  switch (key) {
    case 'ArrowDown':
      return { row: control ? rows - 1 : row + 1, column };
    case 'ArrowUp':
      return { row: control && row > 0 ? 0 : row - 1, column };
    case 'ArrowRight':
      return { row, column: control ? columns - 1 : column + 1 };
    case 'ArrowLeft':
      return { row, column: control ? 0 : column - 1 };
    case 'PageDown':
      return { row: row + Math.max(1, page), column };
    case 'PageUp':
      return { row: Math.max(Math.min(row, 0), row - Math.max(1, page)), column };
    case 'Home':
      return { row: control ? 0 : row, column: 0 };
    case 'End':
      return { row: control ? rows - 1 : row, column: columns - 1 };
    default:
      return undefined;
  }
}
