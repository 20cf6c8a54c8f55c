/** The entries of the menus of a column and of a cell. */
import { type Cell, type Filter, type SortKey } from '../../core/sql/resultTypes.js';
import { type CopyFormat, copyFormats } from '../../protocol/resultsPage.js';
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { lookOf } from './cellText.js';
import { type MenuItem } from './menu.js';

export interface MenuTarget {
  readonly words: ResultsWords;
  readonly column: number;
  freeze(count: number): void;
  fit(): void;
  sort(sort: readonly SortKey[]): void;
  filterForm(): void;
  addFilter(filter: Filter): void;
  open(): void;
  copy(format: CopyFormat): void;
}

export function columnMenu(target: MenuTarget, frozen: number): readonly MenuItem[] {
  const { words, column } = target;
  const sort = (label: string, keys: readonly SortKey[]): MenuItem => ({ label, run: () => target.sort(keys) });
  return [
    sort(words.sortAscending, [{ column, descending: false }]),
    sort(words.sortDescending, [{ column, descending: true }]),
    sort(words.sortNone, []),
    { label: words.filterThisColumn, run: () => target.filterForm() },
    { label: words.freezeHere, run: () => target.freeze(column + 1) },
    ...(frozen > 0 ? [{ label: words.unfreeze, run: () => target.freeze(0) }] : []),
    { label: words.fitWidth, run: () => target.fit() },
  ];
}

export function cellMenu(target: MenuTarget, cell: Cell | undefined): readonly MenuItem[] {
  const { words, column } = target;
  const value = filterValue(cell);
  const keep: Filter = { column, operator: value === undefined ? 'isNull' : 'equals', value: value ?? '' };
  const drop: Filter = { column, operator: value === undefined ? 'isNotNull' : 'differs', value: value ?? '' };
  const canFilter = cell === null || value !== undefined;
  return [
    { label: words.openValue, run: () => target.open() },
    ...(canFilter
      ? [
          { label: words.filterThisValue, run: () => target.addFilter(keep) },
          { label: words.filterOutValue, run: () => target.addFilter(drop) },
        ]
      : []),
    ...copyFormats.map((format) => ({ label: `${words.copyAs}: ${words[format]}`, run: () => target.copy(format) })),
  ];
}

/** Undefined for NULL, bytes and texts of which only the beginning is known. */
function filterValue(cell: Cell | undefined): string | undefined {
  if (typeof cell === 'string' || typeof cell === 'number') return String(cell);
  if (typeof cell !== 'object' || cell === null) return undefined;
  return cell.kind === 'integer' || cell.kind === 'real' ? lookOf(cell).text : undefined;
}
