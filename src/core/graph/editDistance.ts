/** Whether two texts are one typing slip apart. Exact distances beyond that are not computed. */

/** True for one insertion, deletion, replacement or swap of neighbours; false for equal texts and everything further. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let head = 0;
  while (head < short.length && short.charCodeAt(head) === long.charCodeAt(head)) head++;
  if (short.length < long.length) return short.slice(head) === long.slice(head + 1);
  if (short.slice(head + 1) === long.slice(head + 1)) return true;
  const swapped = short.charCodeAt(head) === long.charCodeAt(head + 1) && short.charCodeAt(head + 1) === long.charCodeAt(head);
  return swapped && short.slice(head + 2) === long.slice(head + 2);
}
