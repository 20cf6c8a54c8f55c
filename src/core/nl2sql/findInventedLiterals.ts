/** Literals of a statement that neither the question nor the data gave: a small model copies example values into filters. */
import { tokenize } from '../sql/tokenize.js';
import { unquoteString } from '../sql/quote.js';
import { spelledNumbers } from './spelledNumbers.js';
import { type LinkedQuestion } from './types.js';
import { stemWord } from './words.js';

/** Literals in the order of the text. Small numbers (0, 1, 2) and those one beside a number of the question pass: "more than 5" is `>= 6` as well. */
export function findInventedLiterals(sql: string, linked: LinkedQuestion): string[] {
  const question = linked.question.toLowerCase();
  const stems = new Set(linked.words.map(stemWord));
  const values = new Set(linked.values.map((match) => match.value.toLowerCase()));
  const linkedNumbers = linked.links.filter((link) => link.kind === 'number' || link.kind === 'time').map((link) => link.value);
  const numbers = [...linkedNumbers, ...spelledNumbers(linked.question)].map(Number);
  return tokenize(sql).flatMap((token): string[] => {
    if (token.kind === 'string') {
      const text = unquoteString(token.text).replaceAll('%', '').trim().toLowerCase();
      const given =
        text === '' ||
        /^%?[a-z]$/i.test(text) ||
        question.includes(text) ||
        values.has(text) ||
        text.split(/\s+/).every((word) => stems.has(stemWord(word)));
      return given ? [] : [token.text];
    }
    if (token.kind !== 'number') return [];
    const number = Number(token.text);
    return number <= 2 || numbers.some((given) => Math.abs(given - number) <= 1) ? [] : [token.text];
  });
}
