/** Which statement a cursor means, marked by `|` in the script. */
import { expect, test } from 'vitest';
import { scriptStatements, statementAt } from '../../../../src/core/sql/scriptStatements.js';

test.each<[string, string[]]>([
  ['', []],
  ['-- nothing\n\n', []],
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['SELECT 1\n\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['SELECT 1\n-- the second\n\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['SELECT 1\nSELECT 2', ['SELECT 1\nSELECT 2']],
  ['SELECT a\n\nFROM t', ['SELECT a\n\nFROM t']],
  ['SELECT 1\nUNION ALL\n\nSELECT 2', ['SELECT 1\nUNION ALL\n\nSELECT 2']],
  ['SELECT 1 +\n\nSELECT', ['SELECT 1 +\n\nSELECT']],
  ['SELECT *\n\nWITH a AS (SELECT 1) SELECT * FROM a', ['SELECT *', 'WITH a AS (SELECT 1) SELECT * FROM a']],
  ['WITH a AS (\n\nSELECT 1)\n\nSELECT 2\n\nSELECT 3', ['WITH a AS (\n\nSELECT 1)\n\nSELECT 2', 'SELECT 3']],
  ['INSERT INTO t\n\nSELECT 1\n\nDELETE FROM t', ['INSERT INTO t\n\nSELECT 1', 'DELETE FROM t']],
  ['EXPLAIN QUERY PLAN\n\nSELECT 1\n\nSELECT 2', ['EXPLAIN QUERY PLAN\n\nSELECT 1', 'SELECT 2']],
  ['CREATE VIEW v AS\n\nSELECT 1\n\nSELECT 2', ['CREATE VIEW v AS\n\nSELECT 1', 'SELECT 2']],
  ['CREATE TABLE t(a,\n\n b)\n\nSELECT 2', ['CREATE TABLE t(a,\n\n b)', 'SELECT 2']],
  ['CREATE TRIGGER r AFTER INSERT ON t BEGIN\n\nDELETE FROM u;\n\nUPDATE v SET a = 1;\n\nEND;\nSELECT 1', ['CREATE TRIGGER r AFTER INSERT ON t BEGIN\n\nDELETE FROM u;\n\nUPDATE v SET a = 1;\n\nEND', 'SELECT 1']],
  ["SELECT ';\n\nSELECT 2'", ["SELECT ';\n\nSELECT 2'"]],
  ['DROP TABLE t\r\n\r\nSELECT 1', ['DROP TABLE t', 'SELECT 1']],
  ['REPLACE INTO t VALUES (1)\n\nSELECT 1', ['REPLACE INTO t VALUES (1)', 'SELECT 1']],
])('%j', (script, expected) => {
  const found = scriptStatements(script);
  expect(found.map(({ text }) => text)).toEqual(expected);
  for (const { text, start, end } of found) expect(script.slice(start, end)).toBe(text);
}); // prettier-ignore

test.each<[string, string | undefined]>([
  ['|', undefined],
  ['|SELECT 1', 'SELECT 1'],
  ['SELECT 1|', 'SELECT 1'],
  ['SELECT 1;|', 'SELECT 1'],
  ['SELECT 1; -- why |not', 'SELECT 1'],
  ['SELECT 1;|SELECT 2', 'SELECT 2'],
  ['SELECT 1; |SELECT 2', 'SELECT 2'],
  ['SELECT 1;| SELECT 2', 'SELECT 1'],
  ['-- quest|ion\nSELECT 1', 'SELECT 1'],
  ['SELECT 1;\n\n-- quest|ion\nSELECT 2;', 'SELECT 2'],
  ['SELECT 1;\n|\nSELECT 2;', 'SELECT 2'],
  ['SELECT 1;\n|', undefined],
  ['SELECT a\n  FR|OM t\n WHERE 1;\nSELECT 2', 'SELECT a\n  FROM t\n WHERE 1'],
  ['SELECT 1\n\nSEL|ECT 2', 'SELECT 2'],
])('cursor in %j', (marked, expected) => {
  const offset = marked.indexOf('|');
  expect(statementAt(marked.replace('|', ''), offset)?.text).toBe(expected);
});
