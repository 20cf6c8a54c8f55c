import { describe, expect, it } from 'vitest';
import { completeGroups } from '../../../../src/core/nl2sql/completeGroups.js';

describe('completeGroups', () => {
  it.each([
    ['Show the type and the number of transactions.', 'SELECT type, COUNT(*) FROM tx', 'SELECT type, COUNT(*) FROM tx GROUP BY type'],
    [
      'type, year and average amount, largest first',
      'SELECT type, t.year, AVG(x) FROM t ORDER BY AVG(x) DESC',
      'SELECT type, t.year, AVG(x) FROM t GROUP BY type, t.year ORDER BY AVG(x) DESC',
    ],
    [
      'the most common status',
      'SELECT status, COUNT(*) FROM city GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1',
      'SELECT status FROM city GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1',
    ],
    [
      'the most common status',
      'SELECT COUNT(*), status FROM city GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1',
      'SELECT status FROM city GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1',
    ],
  ])('%s: %s', (question, sql, expected) => {
    expect(completeGroups(sql, question)).toBe(expected);
  });

  it.each([
    ['How many are there?', 'SELECT COUNT(*) FROM city'],
    ['name of the oldest', 'SELECT name, MAX(age) FROM person'],
    ['status and number of cities', 'SELECT status, COUNT(*) FROM city GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1'],
    ['doubled', 'SELECT a * 2, COUNT(*) FROM t'],
    ['both', 'SELECT a, COUNT(*) FROM t WHERE b IN (SELECT b FROM u)'],
  ])('leaves %s: %s', (question, sql) => {
    expect(completeGroups(sql, question)).toBe(sql);
  });
});
