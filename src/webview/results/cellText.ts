/** What a cell says in the grid and to a screen reader. Long values are already cut; nothing is fetched here. */
import { type Cell } from '../../core/sql/resultTypes.js';

export type CellClass = 'null' | 'empty' | 'number' | 'text' | 'blob' | 'changed';

export interface CellLook {
  readonly text: string;
  readonly look: CellClass;
}

export function lookOf(cell: Cell | undefined): CellLook {
  if (cell === undefined) return { text: '', look: 'text' };
  if (cell === null) return { text: 'NULL', look: 'null' };
  if (typeof cell === 'number') return { text: String(cell), look: 'number' };
  if (typeof cell === 'string') return cell === '' ? { text: '', look: 'empty' } : { text: oneLine(cell), look: 'text' };
  switch (cell.kind) {
    case 'integer':
    case 'real':
      return { text: cell.text, look: 'number' };
    case 'text':
      return { text: `${oneLine(cell.start)}…`, look: 'text' };
    case 'blob':
      return { text: `${cell.length} B  x'${cell.start}${2 * cell.length > cell.start.length ? '…' : "'"}`, look: 'blob' };
    case 'changed':
      return { text: `${lookOf(cell.before).text} ⟶ ${lookOf(cell.after).text}`, look: 'changed' };
  }
}

/** As a number for charts; undefined for what is none. */
export function numberOf(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'object' || cell === null || (cell.kind !== 'integer' && cell.kind !== 'real')) return undefined;
  return cell.text.endsWith('Inf') ? undefined : Number(cell.text);
}

/** Line breaks and tabs become signs, so that a row stays a row. */
function oneLine(text: string): string {
  return text.replace(/\r\n|[\n\r]/g, '↵').replaceAll('\t', '→');
}
