/** Figures over verdicts: shares with their uncertainty, and quantiles. */

export interface Share {
  readonly count: number;
  readonly of: number;
  /** 0..1; 0 when there is nothing to count. */
  readonly share: number;
  /** Bounds of the 95 % Wilson score interval, https://doi.org/10.1080/01621459.1927.10502953 */
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959963984540054;

export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, share: 0, low: 0, high: 1 };
  const share = count / of;
  const square = z95 * z95;
  const centre = (share + square / (2 * of)) / (1 + square / of);
  const half = (z95 / (1 + square / of)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of));
  return { count, of, share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** The nearest-rank quantile, `q` in 0..1; 0 for no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
