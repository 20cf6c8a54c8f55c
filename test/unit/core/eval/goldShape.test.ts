import { describe, expect, it } from 'vitest';
import { countGoldTables, orderedAtTop } from '../../../../src/core/eval/goldShape.js';
import { prepareForSpider } from '../../../../src/core/eval/prepareForSpider.js';

describe('tables of a gold statement', () => {
  it.each([
    ['SELECT 1', 0],
    ['SELECT a FROM t', 1],
    ['SELECT a FROM t AS T1 JOIN u AS T2 ON T1.a = T2.b', 2],
    ['SELECT a FROM t, u x, "v w" WHERE t.a = u.b', 3],
    ['SELECT a FROM T WHERE b IN (SELECT c FROM t)', 1],
    ['SELECT a FROM t EXCEPT SELECT a FROM u', 2],
    ['SELECT a, b FROM t GROUP BY a, b ORDER BY a, b', 1],
    ['SELECT count(*) FROM (SELECT a FROM t) AS x JOIN u', 2],
    ['WITH r AS (SELECT a FROM t) SELECT * FROM r JOIN u', 2],
    ["SELECT a FROM t WHERE b = 'from u, v'", 1],
    ["SELECT a FROM match AS m JOIN 'plan' AS p", 2],
    ['SELECT a FROM (SELECT b FROM match)', 1],
    ['SELECT max(a, b), c FROM t LEFT OUTER JOIN [u] USING (k)', 2],
  ])('%s', (sql, expected) => {
    expect(countGoldTables(sql)).toBe(expected);
  });
});

describe('outermost order', () => {
  it.each([
    ['SELECT a FROM t ORDER BY a', true],
    ['SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT 3)', false],
    ['SELECT rank() OVER (ORDER BY a) FROM t', false],
    ["SELECT a FROM t WHERE b = 'order by'", false],
  ])('%s', (sql, expected) => {
    expect(orderedAtTop(sql)).toBe(expected);
  });
});

describe('preparing for Spider', () => {
  it.each([
    ['SELECT DISTINCT a FROM t', 'SELECT  a FROM t'],
    ['SELECT count(distinct a) FROM t', 'SELECT count( a) FROM t'],
    ['SELECT a FROM t WHERE b > = 3 AND c ! = 4', 'SELECT a FROM t WHERE b >= 3 AND c != 4'],
    ["SELECT a FROM t WHERE b = 'distinct > = x'", "SELECT a FROM t WHERE b = 'distinct > = x'"],
    ['SELECT "distinct" FROM t -- distinct', 'SELECT "distinct" FROM t -- distinct'],
    ['SELECT value FROM t', 'SELECT value FROM t'],
  ])('%s', (sql, expected) => {
    expect(prepareForSpider(sql)).toBe(expected);
  });
});
