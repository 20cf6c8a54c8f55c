import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { type GrammarMatcher } from '../../../../src/core/grammar/types.js';

/**
 * Tables a(x), b(x, y), c(y), d(z): a-b and b-c join, d is alone. `q` is a SELECT of columns, FROM with joins, and a filter
 * that may hold a further SELECT.
 */
const gbnf = `
root ::= q
q ::= scope-open "SELECT " item column (", " item column)* " FROM " table join* from-end (" WHERE " filter)? compound? scope-close
compound ::= (" UNION " scope-next "SELECT " item column (", " item column)* " FROM " table join* from-end)+
filter ::= column | "(" q ")"
column ::= ("a." need-0 "x" | "b." need-1 ("x" | "y") | "c." need-2 "y" | "d." need-3 "z" | "x" any-0-1 | "y" any-1-2 | "z" any-3 | "*" item-star) as?
as ::= " AS " alias-begin [a-z]{1,8} alias-end
table ::= "a" from-0 | "b" from-1 | "c" from-2 | "d" from-3
join ::= " JOIN " ("a" join-1-0 | "b" join-0-1 | "b" join-2-1 | "c" join-1-2)
scope-open ::= ""
scope-next ::= ""
scope-close ::= ""
from-end ::= ""
item ::= ""
item-star ::= ""
alias-begin ::= ""
alias-end ::= ""
need-0 ::= ""
need-1 ::= ""
need-2 ::= ""
need-3 ::= ""
any-0-1 ::= ""
any-1-2 ::= ""
any-3 ::= ""
from-0 ::= ""
from-1 ::= ""
from-2 ::= ""
from-3 ::= ""
join-1-0 ::= ""
join-0-1 ::= ""
join-2-1 ::= ""
join-1-2 ::= ""
`;

/** The text that the matcher takes, and whether it is a sentence. */
function taken(matcher: GrammarMatcher, text: string): string {
  let state = matcher.start;
  let at = 0;
  for (; at < text.length; at++) {
    const next = matcher.advance(state, text.charAt(at));
    if (next === undefined) return `${text.slice(0, at)}|`;
    state = next;
  }
  return matcher.isComplete(state) ? text : `${text}…`;
}

describe('scopes', () => {
  const matcher = compileGrammar(gbnf);

  it.each([
    ['a column of the table', 'SELECT a.x FROM a'],
    ['a column of a table that is still missing', 'SELECT c.y FROM a…'],
    ['a column of a table joined later', 'SELECT c.y FROM a JOIN b JOIN c'],
    ['a bare column of the table', 'SELECT x FROM b'],
    ['a bare column that the first table lacks', 'SELECT y FROM a…'],
    ['a bare column of a joined table', 'SELECT y FROM a JOIN b'],
    ['a table that cannot reach the column', 'SELECT a.x FROM |d'],
    ['columns that no FROM can hold together', 'SELECT a.x, |d.z FROM a'],
    ['bare columns that no FROM can hold together', 'SELECT x, |z FROM a'],
    ['a join from nowhere', 'SELECT x FROM a JOIN |c'],
    ['a table joined twice', 'SELECT x FROM a JOIN b JOIN |a'],
    ['a filter on a table that is not there', 'SELECT x FROM a WHERE |b.x'],
    ['a bare filter on a table that is not there', 'SELECT x FROM a WHERE |y'],
    ['a filter on a joined table', 'SELECT x FROM a JOIN b WHERE b.y'],
    ['a filter while FROM lacks a table', 'SELECT c.y FROM a |WHERE x'],
    ['an outer table inside', 'SELECT x FROM a WHERE (SELECT z FROM d WHERE a.x)'],
    ['an outer table inside, bare', 'SELECT x FROM a WHERE (SELECT z FROM d WHERE |x)'],
    ['an outer table among inner result columns', 'SELECT x FROM a WHERE (SELECT a.x FROM |d)'],
    ['the outer SELECT after an inner one', 'SELECT x FROM a WHERE (SELECT z FROM d) UNION SELECT z FROM d'],
    ['a compound of equal width', 'SELECT x, y FROM b UNION SELECT y, y FROM c'],
    ['a compound that grows too wide', 'SELECT x FROM b UNION SELECT y|, y FROM c'],
    ['a compound that is too narrow', 'SELECT x, y FROM b UNION SELECT y |FROM c'],
    ['a third operand', 'SELECT x FROM b UNION SELECT y FROM c UNION SELECT z FROM d'],
    ['a compound after a star', 'SELECT a.x, * FROM a |UNION SELECT x FROM a'],
    ['a star after a SELECT of known width', 'SELECT x FROM a UNION SELECT |* FROM a'],
    ['an alias', 'SELECT x AS name FROM a'],
    ['an alias that is a keyword', 'SELECT x AS from| FROM a'],
    ['an alias that begins as a keyword', 'SELECT x AS fromx FROM a'],
    ['an alias given twice', 'SELECT x AS n, x AS n| FROM a'],
  ])('%s: %s', (_, marked) => {
    const expected = marked.includes('|') ? `${marked.slice(0, marked.indexOf('|'))}|` : marked;
    expect(taken(matcher, marked.replace('|', '').replace('…', ''))).toBe(expected);
  });

  it('forces the joins that are left when a need is open', () => {
    const state = matcher.advance(matcher.start, 'SELECT c.y FROM a');
    expect(state === undefined ? undefined : matcher.forcedText(state)).toBe(' JOIN b JOIN c');
  });
});

describe('long joins', () => {
  /** A chain t0-t1-…-t9 with a side branch at every table. */
  const tables = Array.from({ length: 20 }, (_, index) => index);
  const edges = tables.slice(1).map((table) => (table < 10 ? [table - 1, table] : [table - 10, table]));
  const both = edges.flatMap(([a = 0, b = 0]) => [
    [a, b],
    [b, a],
  ]);
  const matcher = compileGrammar(`
root ::= scope-open "SELECT " column " FROM t0 " from-0 join* from-end scope-close
column ::= ${tables.map((table) => `"t${String(table)}.x " need-${String(table)}`).join(' | ')}
join ::= ${both.map(([a = 0, b = 0]) => `"t${String(b)} " join-${String(a)}-${String(b)}`).join(' | ')}
${tables.map((table) => `need-${String(table)} ::= ""\nfrom-${String(table)} ::= ""`).join('\n')}
${both.map(([a = 0, b = 0]) => `join-${String(a)}-${String(b)} ::= ""`).join('\n')}
scope-open ::= ""
scope-close ::= ""
from-end ::= ""
`);

  it.each([
    ['six tables of any kind', 'SELECT t0.x  FROM t0 t10 t1 t11 t2 t12 ', 'whole'],
    ['a seventh that nothing needs', 'SELECT t0.x  FROM t0 t10 t1 t11 t2 t12 t3 ', 'no'],
    ['a seventh on the way to a needed table', 'SELECT t9.x  FROM t0 t10 t1 t11 t2 t12 t3 ', 'part'],
    ['the whole way to a needed table', 'SELECT t9.x  FROM t0 t10 t1 t11 t2 t12 t3 t4 t5 t6 t7 t8 t9 ', 'whole'],
    ['a seventh off the way', 'SELECT t9.x  FROM t0 t10 t1 t11 t2 t3 t13 ', 'no'],
  ])('%s', (_, text, expected) => {
    const state = matcher.advance(matcher.start, text);
    expect(state === undefined ? 'no' : matcher.isComplete(state) ? 'whole' : 'part').toBe(expected);
  });
});

describe('aliases of tables', () => {
  /** Tables a(x), b(x, y), c(y) in a row, and a second copy of b behind a. */
  const matcher = compileGrammar(`
root ::= scope-open "SELECT " column (", " column)* " FROM " first (plain plain-join* | " AS " new join*) from-end (" WHERE " (column | "(" inner ")"))? scope-close
inner ::= scope-open "SELECT " column " FROM " first (plain | " AS " new) from-end (" WHERE " column)? scope-close
column ::= ("T1." slot-1 | "T2." slot-2 | "T3." slot-3) ("x" of-0-1-3 | "y" of-1-2-3) | "a." need-0 "x" | "x" any-0-1
first ::= "a" from-0 | "b" from-1 | "c" from-2
new ::= "T1" as-1 | "T2" as-2 | "T3" as-3 | "T4" as-4
plain-join ::= " JOIN b" join-0-1
join ::= " JOIN " ("a" next-0 | "b" next-1 | "c" next-2 | "b" next-3-1) " AS " new " ON " on
on ::= slot-name-0 "=" slot-name-1 | slot-name-1 "=" slot-name-2 | slot-name-0 "=" slot-name-3
${['join-0-1', 'join-1-0', 'join-1-2', 'join-2-1', 'join-0-3'].map((name) => `${name} ::= ""`).join('\n')}
${[0, 1, 2, 3].map((table) => `slot-name-${String(table)} ::= "T" [1-9]`).join('\n')}
${['next-0', 'next-1', 'next-2', 'next-3-1', 'as-1', 'as-2', 'as-3', 'as-4', 'slot-1', 'slot-2', 'slot-3'].map((name) => `${name} ::= ""`).join('\n')}
${['of-0-1-3', 'of-1-2-3', 'need-0', 'any-0-1', 'from-0', 'from-1', 'from-2', 'plain', 'from-end', 'scope-open', 'scope-close'].map((name) => `${name} ::= ""`).join('\n')}
`);

  it.each([
    ['a column of its table', 'SELECT T1.x FROM a AS T1'],
    ['a column that the table lacks', 'SELECT T1.y FROM a AS T|1'],
    ['a table without the alias that is needed', 'SELECT T1.x FROM a |WHERE x'],
    ['two aliases', 'SELECT T1.x, T2.y FROM a AS T1 JOIN b AS T2 ON T1=T2'],
    ['aliases the other way round', 'SELECT T2.x, T1.y FROM b AS T1 JOIN a AS T2 ON T2=T1'],
    ['the wrong way round', 'SELECT T2.x, T1.y FROM a AS T|1'],
    ['an alias given twice', 'SELECT x FROM a AS T1 JOIN b AS T|1'],
    ['an alias that nobody asked for', 'SELECT x FROM a AS T4'],
    ['a condition with aliases that are not there', 'SELECT x FROM a AS T1 JOIN b AS T2 ON T1=T|3'],
    ['columns that narrow an alias down', 'SELECT T1.x, T1.y FROM a AS T2 JOIN b AS T1 ON T2=T1'],
    [
      'columns that no table has together',
      'SELECT T1.y, T2.y, T3.y FROM c AS T1 JOIN b AS T2 ON T2=T1 JOIN a AS T4 ON T4=T2 JOIN b AS T3 ON T4=T3',
    ],
    ['a second copy before its original', 'SELECT x FROM a AS T1 JOIN b AS T2 ON T1=T2 JOIN b AS T3 ON T1=T3'],
    ['a table name beside an alias', 'SELECT T1.x, |a.x FROM a'],
    ['an alias after a table name', 'SELECT a.x FROM a |AS T1'],
    ['a table name hidden by its alias', 'SELECT x FROM a AS T1 WHERE |a.x'],
    ['an alias that FROM has not given', 'SELECT x FROM a AS T1 WHERE T|2.x'],
    ['a column that the alias lacks after FROM', 'SELECT x FROM a AS T1 WHERE T1.|y'],
    ['an outer alias inside', 'SELECT x FROM a AS T1 WHERE (SELECT T2.y FROM c AS T2 WHERE T1.x)'],
    ['an inner alias that hides the outer one', 'SELECT x FROM a AS T1 WHERE (SELECT T1.y FROM c AS T1 WHERE T1.|x)'],
    ['an inner alias outside', 'SELECT x FROM a AS T1 JOIN b AS T2 ON T1=T2 WHERE (SELECT T3.y FROM c AS T3)'],
  ])('%s: %s', (_, marked) => {
    const expected = marked.includes('|') ? `${marked.slice(0, marked.indexOf('|'))}|` : marked;
    expect(taken(matcher, marked.replace('|', ''))).toBe(expected);
  });
});
