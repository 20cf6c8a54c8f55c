/** Questions that no stored data answers, whatever the schema: what will be, what one should do, why something is so. English only. */
export type Beyond = 'future' | 'advice' | 'cause';

const rules: readonly (readonly [Beyond, RegExp])[] = [
  // Inside a sentence `Will` is a name.
  ['future', /^\s*Will\b|\bwill\b/],
  ['future', /\bgoing to\b|\blikely\b|\bnext (?:year|month|week|quarter|season|summer|winter)\b|\b(?:predict|forecast)\w*\b|\btomorrow\b/i],
  ['advice', /\bshould\b|\b(?:do|would|can|could) you (?:think|recommend|suggest|advise)\b|\bis it (?:worth|wise)\b|\bin your opinion\b/i],
  ['cause', /^\s*why\b/i],
];

export function readBeyondData(question: string): Beyond | undefined {
  return rules.find(([, pattern]) => pattern.test(question))?.[0];
}
