/** What of a result can be drawn, how, and the points of it. Pure; drawing itself is a bundle of its own, which is loaded when it is needed. */
import { type Cell } from '../../core/sql/resultTypes.js';
import { type ChartData } from '../shared/chartRequest.js';
import { lookOf, numberOf } from './cellText.js';

export type ChartKind = 'bar' | 'line' | 'scatter' | 'histogram';

export interface ChartChoice {
  readonly kind: ChartKind;
  /** Position of the column on the horizontal axis; -1 numbers the rows. */
  readonly x: number;
  readonly y: number;
}

type ColumnKind = 'number' | 'date' | 'text' | 'other';

const date = /^\d{4}-\d{2}(?:-\d{2})?(?:[ T].*)?$/;
/** More bars than this are no comparison. */
const mostBars = 100;

export function columnKinds(columns: readonly string[], rows: readonly (readonly Cell[])[]): ColumnKind[] {
  return columns.map((_, at) => {
    const cells = rows.map((row) => row[at]).filter((cell) => cell !== null && cell !== undefined && cell !== '');
    if (cells.length === 0) return 'other';
    if (cells.every((cell) => numberOf(cell) !== undefined)) return 'number';
    if (cells.every((cell) => typeof cell === 'string' && date.test(cell))) return 'date';
    return cells.some((cell) => typeof cell === 'object' && cell?.kind === 'blob') ? 'other' : 'text';
  });
}

/** The first chart that suits; undefined when there is no column of numbers. */
export function suggestChart(columns: readonly string[], rows: readonly (readonly Cell[])[]): ChartChoice | undefined {
  const kinds = columnKinds(columns, rows);
  const numbers = kinds.flatMap((kind, at) => (kind === 'number' ? [at] : []));
  const measures = numbers.filter((at) => !looksLikeKey(columns[at] ?? '', rows, at));
  const y = measures[0] ?? numbers[0];
  if (y === undefined) return undefined;
  const day = kinds.indexOf('date');
  if (day >= 0) return { kind: 'line', x: day, y };
  const label = kinds.indexOf('text');
  if (label >= 0) return { kind: rows.length <= mostBars ? 'bar' : 'histogram', x: label, y };
  const other = measures.find((at) => at !== y) ?? numbers.find((at) => at !== y);
  return other === undefined ? { kind: 'histogram', x: -1, y } : { kind: 'scatter', x: other, y };
}

/** `rows` hold the column of the horizontal axis (or nothing) at 0 and the values at 1. */
export function chartData(kind: ChartKind, rows: readonly (readonly [Cell | undefined, Cell | undefined])[]): ChartData {
  switch (kind) {
    case 'bar':
    case 'line': {
      const labels = rows.map(([x], at) => (x === undefined ? String(at + 1) : lookOf(x).text));
      return { kind, labels, values: rows.map(([, y]) => numberOf(y) ?? null) };
    }
    case 'scatter': {
      const points = rows.flatMap(([x, y], at) => {
        const across = x === undefined ? at + 1 : numberOf(x);
        const up = numberOf(y);
        return across === undefined || up === undefined ? [] : [[across, up] as const];
      });
      return { kind, points };
    }
    case 'histogram':
      return histogram(rows.flatMap(([, y]) => numberOf(y) ?? []));
  }
}

/** Bins of equal width with round edges; their number follows Sturges, https://en.wikipedia.org/wiki/Sturges%27s_rule */
export function histogram(values: readonly number[]): ChartData {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (values.length === 0) return { kind: 'histogram', labels: [], values: [] };
  if (low === high) return { kind: 'histogram', labels: [String(low)], values: [values.length] };
  const step = roundStep((high - low) / (Math.ceil(Math.log2(values.length)) + 1));
  const first = Math.floor(low / step);
  const counts = Array.from({ length: Math.floor(high / step) - first + 1 }, () => 0);
  for (const value of values) {
    const bin = Math.floor(value / step) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edge = (at: number): string => String(Number(((first + at) * step).toPrecision(12)));
  return { kind: 'histogram', labels: counts.map((_, at) => `${edge(at)}…${edge(at + 1)}`), values: counts };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = step / power;
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}

/** Numbers that only name rows make no chart: `id`, `customer_id`. */
function looksLikeKey(name: string, rows: readonly (readonly Cell[])[], at: number): boolean {
  if (!/(?:^|_|[a-z])(?:id|Id|ID)$|^rowid$/i.test(name)) return false;
  return rows.every((row) => row[at] === null || Number.isInteger(numberOf(row[at])));
}
