import { expect, it } from 'vitest';
import { nameWords, splitWords, stemWord } from '../../../../src/core/nl2sql/words.js';

it.each([
  ['movies', 'movie'],
  ['statuses', 'status'],
  ['heroes', 'hero'],
  ['shelves', 'shelf'],
  ['wives', 'wife'],
  ['curricula', 'curriculum'],
  ['Singers', 'singer'],
  ['cities', 'city'],
  ['classes', 'class'],
  ['address', 'address'],
  ['countries', 'country'],
  ['people', 'person'],
  ['bus', 'bus'],
  ['boxes', 'box'],
  ['status', 'status'],
  ["customer's", 'customer'],
  ['is', 'is'],
  ['species', 'species'],
])('stems %s to %s', (word, stem) => {
  expect(stemWord(word)).toBe(stem);
});

it.each([
  ['Singer_ID', ['singer', 'id']],
  ['singerId', ['singer', 'id']],
  ['HTMLPage', ['html', 'page']],
  ['order lines', ['order', 'line']],
  ['T1', ['t1']],
  ['naïveName', ['naïve', 'name']],
  ['', []],
])('splits the name %s', (name, words) => {
  expect(nameWords(name)).toEqual(words);
});

it('keeps offsets and inner punctuation', () => {
  const text = "Who's in Rio-de-Janeiro since 2012-05-01, at 5%?";
  const words = splitWords(text);
  expect(words.map((word) => word.text)).toEqual(["Who's", 'in', 'Rio-de-Janeiro', 'since', '2012-05-01', 'at', '5%']);
  for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.text);
});
