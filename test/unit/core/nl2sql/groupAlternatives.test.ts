import { describe, expect, it } from 'vitest';
import { groupAlternatives } from '../../../../src/core/nl2sql/groupAlternatives.js';

describe('groupAlternatives', () => {
  it.each([
    [`country = 'FR' OR country = 'ES' AND paid > 9`, `(country = 'FR' OR country = 'ES') AND paid > 9`],
    [`paid > 9 AND T1.country = 'FR' OR t1.Country = 'ES'`, `paid > 9 AND (T1.country = 'FR' OR t1.Country = 'ES')`],
    [`a = 1 OR a = 2 OR a = 3 AND b = 4 ORDER BY c`, `(a = 1 OR a = 2 OR a = 3) AND b = 4 ORDER BY c`],
    [`"a b" < 10 OR "a b" > 60 AND c = 1`, `("a b" < 10 OR "a b" > 60) AND c = 1`],
    [
      `x IN (SELECT x FROM u WHERE v = 1 AND a LIKE '%p%' OR a LIKE '%q%')`,
      `x IN (SELECT x FROM u WHERE v = 1 AND (a LIKE '%p%' OR a LIKE '%q%'))`,
    ],
  ])('%s', (written, expected) => {
    expect(groupAlternatives(`SELECT * FROM t WHERE ${written}`)).toBe(`SELECT * FROM t WHERE ${expected}`);
  });

  it.each([
    ['two columns', `a = 1 OR b = 2 AND c = 3`],
    ['alternatives alone', `a = 1 OR a = 2`],
    ['parentheses that are there', `(a = 1 OR a = 2) AND b = 3`],
    ['each side with its own', `b = 1 AND a = 1 OR a = 2 AND b = 2`],
    ['another alternative beside them', `c = 1 OR a = 1 OR a = 2 AND b = 3`],
    ['columns compared with each other', `a = b OR a = c AND d = 1`],
    ['a part of something larger', `2 * a = 1 OR a = 2 AND b = 3`],
    ['a sum behind', `b = 3 AND a = 1 OR a = 2 + 1`],
    ['what is denied', `NOT a = 1 OR a = 2 AND b = 3`],
  ])('leaves %s', (_, written) => {
    expect(groupAlternatives(`SELECT * FROM t WHERE ${written}`)).toBe(`SELECT * FROM t WHERE ${written}`);
  });

  it('leaves what the user wrote', () => {
    const sql = 'SELECT * FROM t WHERE a = 1 OR a = 2 AND b = 3';
    expect(groupAlternatives(sql, sql.length)).toBe(sql);
    expect(groupAlternatives(sql, 'SELECT * FROM t WHERE '.length)).toBe('SELECT * FROM t WHERE (a = 1 OR a = 2) AND b = 3');
  });
});
