/** Sizes as people compare them. */

/** `bytes` as gigabytes of 10^9, with one digit behind the point below 10. */
export function gigabytes(bytes: number): string {
  const size = bytes / 1e9;
  return `${size.toFixed(size < 10 ? 1 : 0)} GB`;
}
