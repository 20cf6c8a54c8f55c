import { describe, expect, it } from 'vitest';
import { readDates } from '../../../../src/core/nl2sql/readDates.js';

describe('dates in a question', () => {
  it.each<[string, string[]]>([
    ['hired after November 5th, 2007 and before July 5th, 2009', ['2007-11-05', '2009-07-05']],
    ['on Oct 23 2010', ['2010-10-23']],
    ['on 23 Oct. 2010', ['2010-10-23']],
    ['the 1st of May 2024', ['2024-05-01']],
    ['on 10/23/2010', ['2010-10-23']],
    ['since 2024-02-09', ['2024-02-09']],
    ['between 2024-2-9 and 2024-2-9', ['2024-02-09']],
    ['in May 2024', []],
    ['on May 32, 2024', []],
    ['on 23/10/2010', []],
    ['order 12 of 2024', []],
    ['June 5', []],
    ['', []],
  ])('%s', (question, dates) => {
    expect(readDates(question)).toEqual(dates);
  });
});
