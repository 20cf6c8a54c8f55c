/**
 * Numbers that a question spells out: "twenty-five", "two hundred", "1.5 million", "a dozen", and ordinals, for "fifth grade" is the grade 5.
 * An ordinal may mean no number at all ("first name"), so these are numbers that an answer may use, not words that it has to answer to.
 */
import { smallNumbers } from './words.js';

const teens = 'thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety';
const ordinals = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth';
const scales: ReadonlyMap<string, number> = new Map([
  ['dozen', 12],
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);
const ones = new Map([...smallNumbers, ...teens.split(' ')].map((word, value) => [word, value]));
const tenfold = new Map(tens.split(' ').map((word, at) => [word, 20 + 10 * at]));
const places = new Map(ordinals.split(' ').map((word, value) => [word, value]));

/** As digits, in the order of the question, each once. Numbers in digits alone are not among them. */
export function spelledNumbers(question: string): readonly string[] {
  const words = question.toLowerCase().match(/\d+(?:[.,]\d+)*|[a-z]+/g) ?? [];
  const found: number[] = [];
  for (let at = 0; at < words.length;) {
    const { value, end } = readNumber(words, at);
    if (value !== undefined) found.push(value);
    at = Math.max(end, at + 1);
  }
  return [...new Set(found.map(String))];
}

interface Read {
  readonly value: number | undefined;
  /** Position behind what was read. */
  readonly end: number;
}

function readNumber(words: readonly string[], start: number): Read {
  const first = words[start] ?? '';
  const place = places.get(first);
  if (place !== undefined) return { value: place, end: start + 1 };
  const isDigits = /^\d/.test(first);
  let end = start;
  let value = isDigits ? Number(first.replaceAll(/,(?=\d{3})/g, '')) : undefined;
  if (isDigits) end++;
  else ({ value, end } = belowHundred(words, start));
  const before = end;
  for (let scale = scales.get(words[end] ?? ''); scale !== undefined; scale = scales.get(words[end] ?? '')) {
    value = (value ?? 1) * scale;
    end++;
  }
  const isSpelled = end > before || !isDigits;
  return { value: isSpelled && Number.isSafeInteger(value) ? value : undefined, end };
}

/** "seven", "twenty", "twenty five", "twenty-fifth". */
function belowHundred(words: readonly string[], start: number): Read {
  const ten = tenfold.get(words[start] ?? '');
  if (ten === undefined) return { value: ones.get(words[start] ?? ''), end: ones.has(words[start] ?? '') ? start + 1 : start };
  const next = words[start + 1] ?? '';
  const unit = ones.get(next) ?? places.get(next);
  return unit !== undefined && unit > 0 && unit < 10 ? { value: ten + unit, end: start + 2 } : { value: ten, end: start + 1 };
}
