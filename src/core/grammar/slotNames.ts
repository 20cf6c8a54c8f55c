/**
 * Aliases of tables as numbers, for marks can hold nothing else: 1 to 9 are T1 to T9, which models know from public query sets; higher
 * numbers spell short aliases such as `p` or `ol`, which they take from everyday SQL.
 */
const firstSpelled = 10;
const letters = 27;
const firstLetter = 96;

/** Lower-case letters a to z, at most three. */
const spelled = /^[a-z]{1,3}$/;

/** Undefined for what no number stands for. */
export function slotNumber(alias: string): number | undefined {
  if (/^T[1-9]$/.test(alias)) return Number(alias.slice(1));
  if (!spelled.test(alias)) return undefined;
  return firstSpelled + [...alias].reduce((number, letter) => number * letters + letter.charCodeAt(0) - firstLetter, 0);
}

export function slotText(number: number): string {
  if (number < firstSpelled) return `T${String(number)}`;
  let text = '';
  for (let rest = number - firstSpelled; rest > 0; rest = Math.floor(rest / letters))
    text = String.fromCharCode(firstLetter + (rest % letters)) + text;
  return text;
}
