/** Whatever the text, the tokens put together are the text again. */
import { expect, test } from 'vitest';
import { tokenize } from '../../../../src/core/sql/tokenize.js';

const kindsOf = (sql: string): string =>
  tokenize(sql)
    .filter(({ kind }) => kind !== 'whitespace')
    .map(({ kind, text }) => `${kind}:${text}`)
    .join(' ');

const texts = [
  '', ' ', '\n\r\t\f', 'SELECT 1', 'select a.b, "c d" , [e f], `g` from t', "x'00ff' X'AB'", "'it''s'", '"a""b"', '`a``b`', '[a"b]', "'open", '"open', '[open', '`open',
  '-- comment', '-- comment\nSELECT', '/* a */ b', '/* open', '/**/', '/*/', '-', '--', '/', '1.5e-3 .5 5. 0xFF 1e10', '1e', '12abc', ':a @b $c ?1 ? #1 $a::b(c d)', 'a->b->>c||d',
  '<= >= <> != == << >> < > = ~', 'Zürich 🚲 数据', '\u0000\u0001\ud800', '\ufeffSELECT', 'a$b _c', ';;;', '((', "'a' 'b'", 'a\u00a0b',
]; // prettier-ignore

test.each(texts)('%j comes out as it went in', (sql) => {
  const tokens = tokenize(sql);
  expect(tokens.map(({ text }) => text).join('')).toBe(sql);
  tokens.forEach((token, at) => {
    expect([token.start, token.end, token.text.length > 0]).toEqual([tokens[at - 1]?.end ?? 0, token.start + token.text.length, true]);
  });
});

test.each<[string, string]>([
  ['SELECT', 'keyword:SELECT'],
  ['sElEcT', 'keyword:sElEcT'],
  ['selected', 'identifier:selected'],
  ['"select"', 'identifier:"select"'],
  ['[a]b', 'identifier:[a] identifier:b'],
  ["x'0f'", "blob:x'0f'"],
  ["x '0f'", "identifier:x string:'0f'"],
  ["'a''b'c", "string:'a''b' identifier:c"],
  ['a--b\nc', 'identifier:a comment:--b identifier:c'],
  ['a/*b*/c', 'identifier:a comment:/*b*/ identifier:c'],
  ['a/*/*b*/c', 'identifier:a comment:/*/*b*/ identifier:c'],
  ['a/*b', 'identifier:a comment:/*b'],
  ['\'--\' "/*"', 'string:\'--\' identifier:"/*"'],
  ['1.5', 'number:1.5'],
  ['1..2', 'number:1. number:.2'],
  ['t.1', 'identifier:t number:.1'],
  ['1e5', 'number:1e5'],
  ['0x1F', 'number:0x1F'],
  ['a.b', 'identifier:a operator:. identifier:b'],
  ['a->>b', 'identifier:a operator:->> identifier:b'],
  ['a->b', 'identifier:a operator:-> identifier:b'],
  ['a<>b', 'identifier:a operator:<> identifier:b'],
  [':a', 'parameter::a'],
  ['?12', 'parameter:?12'],
  ['$a::b', 'parameter:$a::b'],
  ['ü', 'identifier:ü'],
  ['🚲x', 'identifier:🚲x'],
  ["'open", "string:'open"],
  ['"open', 'identifier:"open'],
  [';', 'operator:;'],
])('%j → %s', (sql, expected) => {
  expect(kindsOf(sql)).toBe(expected);
});

const statements = [
  "WITH q(a) AS (SELECT count(*) FROM \"my table\" t WHERE t.[x y] LIKE '%a''b%' AND y <> 1.5e3) SELECT a || x'00' AS `n` FROM q ORDER BY 1 DESC LIMIT 5",
  "SELECT CASE WHEN a->>'$.b' IS NULL THEN -1 ELSE +2 END FROM t JOIN u USING (id) WHERE a BETWEEN :low AND ?2 GROUP BY 1 HAVING sum(x) >= 3",
];

test.each(statements)('a comment in every gap changes no other token: %s', (sql) => {
  const bare = tokenize(sql).filter(({ kind }) => kind !== 'whitespace');
  for (const comment of ['/* ; SELECT \' " [ ` */', " -- it's ; /* \n", ' /**/ ', '\t-- \n']) {
    const commented = bare.map(({ text }) => text).join(comment);
    const again = tokenize(commented);
    expect(again.map(({ text }) => text).join('')).toBe(commented);
    const left = again.filter(({ kind }) => kind !== 'whitespace' && kind !== 'comment');
    expect(left.map(({ kind, text }) => [kind, text])).toEqual(bare.map(({ kind, text }) => [kind, text]));
  }
});
