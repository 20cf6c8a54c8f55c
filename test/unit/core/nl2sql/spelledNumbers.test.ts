/** Numbers in words, and words that only look like them. */
import { describe, expect, it } from 'vitest';
import { spelledNumbers } from '../../../../src/core/nl2sql/spelledNumbers.js';

describe('spelledNumbers', () => {
  it.each([
    ['teachers that teach fifth grade', ['5']],
    ['each fourth-grade classroom', ['4']],
    ['first grade or second', ['1', '2']],
    ['the twenty-first floor and the thirtieth', ['21']],
    ['more than twenty five orders', ['25']],
    ['longer than ninety minutes', ['90']],
    ['over two hundred pages', ['200']],
    ['5 thousand or 1.5 million', ['5000', '1500000']],
    ['2,000 thousand', ['2000000']],
    ['a hundred thousand people', ['100000']],
    ['a dozen eggs', ['12']],
    ['a list of a few', []],
    ['more than 30 of them in 2024', []],
    ['seven of seven', ['7']],
    ['', []],
  ])('%s', (question, expected) => {
    expect(spelledNumbers(question)).toEqual(expected);
  });
});
