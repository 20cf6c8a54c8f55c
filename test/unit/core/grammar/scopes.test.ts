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
  const both = edges.flatMap(([a = 0, b = 0]) => [[a, b], [b, a]]);
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
