/** What the results page asks of the bundle that draws charts. Types alone. */

export type ChartData =
  | { readonly kind: 'bar' | 'line'; readonly labels: readonly string[]; readonly values: readonly (number | null)[] }
  | { readonly kind: 'scatter'; readonly points: readonly (readonly [number, number])[] }
  | { readonly kind: 'histogram'; readonly labels: readonly string[]; readonly values: readonly number[] };

export interface ChartRequest {
  readonly data: ChartData;
  readonly xName: string;
  readonly yName: string;
  /** Read out instead of the picture. */
  readonly description: string;
}

export interface DrawnChart {
  resize(): void;
  dispose(): void;
}

export type DrawChart = (element: HTMLElement, request: ChartRequest) => DrawnChart;

declare global {
  interface Window {
    joineryDrawChart?: DrawChart;
  }
}
