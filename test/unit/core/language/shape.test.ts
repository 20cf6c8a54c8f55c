/** Outline, folding, colours, format, definitions, and scripts that were written for another database. */
import { describe, expect, test } from 'vitest';
import { ddlText } from '../../../../src/core/language/ddlText.js';
import { foldingSql } from '../../../../src/core/language/foldingSql.js';
import { looksForeign } from '../../../../src/core/language/foreignDialect.js';
import { formatStatements } from '../../../../src/core/language/formatStatements.js';
import { outlineSql, type OutlineEntry } from '../../../../src/core/language/outlineSql.js';
import { readScript } from '../../../../src/core/language/script.js';
import { semanticSql } from '../../../../src/core/language/semanticSql.js';
import { applyEdits } from '../../../../src/core/sql/applyEdits.js';
import { shop } from '../../../support/languageSchemas.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

test.each<[string, string[]]>([
  ['SELECT * FROM orders', ['query SELECT orders']],
  ['-- how many\nSELECT count(*) FROM orders o JOIN customers c', ['query SELECT orders, customers (how many)']],
  ['-- far away\n\nSELECT 1', ['query SELECT 1']],
  ['-- @db shop.db\n-- one\n-- two\nSELECT * FROM orders', ['query SELECT orders (one two)']],
  ['WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b, orders', ['query SELECT orders', ' commonTable a', ' commonTable b']],
  ['CREATE TABLE t (id INTEGER, name TEXT DEFAULT (1, 2), PRIMARY KEY (id))', ['table CREATE TABLE t', ' column id', ' column name']],
  ['CREATE TEMP VIEW IF NOT EXISTS v AS SELECT 1', ['view CREATE VIEW v']],
  ['CREATE UNIQUE INDEX i ON orders (id); DROP TABLE orders', ['index CREATE INDEX i', 'other DROP TABLE orders']],
  ['INSERT INTO orders VALUES (1); UPDATE orders SET id = 1; DELETE FROM orders', ['change INSERT orders', 'change UPDATE orders', 'change DELETE orders']],
  ['CREATE TRIGGER r AFTER INSERT ON orders BEGIN DELETE FROM customers; END', ['trigger CREATE TRIGGER r']],
  ['PRAGMA table_info(orders)', ['other PRAGMA table_info ( orders']],
])('outline of %j', (text, expected) => {
  const lines = (entries: readonly OutlineEntry[], indent: string): string[] =>
    entries.flatMap(({ kind, label, detail, children }) => [`${indent}${kind} ${label}${detail === '' ? '' : ` (${detail})`}`, ...lines(children, `${indent} `)]);
  expect(lines(outlineSql(readScript(text)), '')).toEqual(expected);
}); // prettier-ignore

test.each<[string, string[]]>([
  ['SELECT 1', []],
  ['SELECT\n1', ['0-1 code']],
  ['SELECT 1;\n\nSELECT\n  2\n;', ['2-3 code']],
  ['SELECT (\n  1\n)', ['0-2 code', '0-1 code']],
  ['-- a\n-- b\nSELECT 1', ['0-1 comment']],
  ['-- a\n\n-- b\n-- c', ['2-3 comment']],
  ['/* a\n b */', ['0-1 comment']],
  ['-- #region x\nSELECT 1;\n-- #endregion', ['0-2 region']],
])('folding of %j', (text, expected) => {
  expect(foldingSql(readScript(text)).map(({ start, end, kind }) => `${start}-${end} ${kind}`)).toEqual(expected);
});

test.each<[string, string]>([
  ['SELECT name FROM customers', 'name:property customers:class'],
  ['SELECT c.name AS n FROM customers c ORDER BY n', 'c:variable name:property n:variable+declaration customers:class c:variable+declaration n:variable'],
  ['WITH a AS (SELECT 1 AS x) SELECT x, max(x) FROM a', 'a:type+declaration x:variable+declaration x:property max:function+defaultLibrary x:property a:type'],
  ['SELECT nothing, own(1) FROM nowhere WHERE x = :id', ':id:parameter'],
])('colours of %s', (text, expected) => {
  const found = semanticSql(readScript(text), shop).map(({ start, length, type, modifiers }) => [`${text.slice(start, start + length)}:${type}`, ...modifiers].join('+'));
  expect(found.join(' ')).toBe(expected);
}); // prettier-ignore

describe('format', () => {
  const formatted = (text: string): string => applyEdits(text, formatStatements(readScript(text)));

  test.each<[string, string]>([
    ['select   a from t;', 'SELECT\n  a\nFROM\n  t;'],
    ['-- kept\n\nSELECT 1;  -- also\nSELECT 2', '-- kept\n\nSELECT 1;  -- also\nSELECT 2'],
    ['select  from from;\nselect   b from u;', 'SELECT\nFROM\nFROM;\nSELECT\n  b\nFROM\n  u;'],
    ['CREATE TRIGGER r AFTER INSERT ON t BEGIN\nselect  1; END', 'CREATE TRIGGER r AFTER INSERT ON t BEGIN\nselect  1; END'],
    ['select  \'a  b\' as "c  d"', 'SELECT\n  \'a  b\' AS "c  d"'],
  ])('%j', (text, expected) => {
    expect(formatted(text)).toBe(expected);
  });

  test('only statements in the range', () => {
    const text = 'select  1;\nselect  2;';
    expect(formatStatements(readScript(text), 11, 20).map(({ start }) => start)).toEqual([11]);
  });
});

test('definitions and their places', () => {
  const ddl = 'CREATE TABLE "a b" (\n  id INTEGER,\n  "x y" TEXT\n)';
  const text = ddlText(
    makeSchema([
      { ...makeTable('one', ['id']), ddl: 'CREATE TABLE one (id)' },
      { ...makeTable('a b', ['id', 'x y']), ddl },
    ]),
  );
  const at = (table: string, column?: string): string | undefined => {
    const place = text.find(table, column);
    return place && text.text.slice(place.start, place.end);
  };
  expect([at('ONE'), at('a b'), at('a b', 'X Y'), at('a b', 'rowid'), at('nothing')]).toEqual([
    'one',
    '"a b"',
    '"x y"',
    '"a b"',
    undefined,
  ]);
  expect(text.find('a b', 'id')?.start).toBe(text.text.indexOf('  id INTEGER') + 2);
});

test.each([
  'SELECT a::text FROM t', 'CREATE TABLE t (id SERIAL)', 'CREATE TABLE t (id INT AUTO_INCREMENT)', 'USE shop', 'SELECT 1\nGO\nSELECT 2', 'CREATE OR REPLACE VIEW v AS SELECT 1',
  'CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$', 'GRANT SELECT ON t TO u', 'SELECT * FROM t WHERE a ILIKE 1', 'SET search_path TO x',
])('%s is not SQLite', (text) => {
  expect(looksForeign(readScript(text))).toBe(true);
}); // prettier-ignore

test.each(['SELECT $1, :a, @b', 'UPDATE t SET a = 1', 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)', "SELECT 'a::b'", '-- GO on\nSELECT 1', 'REPLACE INTO t VALUES (1)', 'SELECT x AS type, "user" FROM t'])('%s may be SQLite', (text) => {
  expect(looksForeign(readScript(text))).toBe(false);
}); // prettier-ignore
