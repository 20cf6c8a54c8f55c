/** What the guard lets through and what it refuses, before SQLite sees anything. */
import { expect, test } from 'vitest';
import { type JoineryError } from '../../../../src/core/shared/errors.js';
import { checkReadOnly } from '../../../../src/core/sql/checkReadOnly.js';

function verdict(sql: string): string {
  try {
    checkReadOnly(sql);
    return 'ok';
  } catch (error) {
    const { code, details } = error as JoineryError;
    return typeof details['statement'] === 'string' ? `${code} ${details['statement']}` : code;
  }
}

const readings = [
  'SELECT 1', 'select 1', 'VALUES (1), (2)', 'WITH q AS (SELECT 1) SELECT * FROM q', 'EXPLAIN SELECT 1', 'EXPLAIN QUERY PLAN SELECT 1', 'explain query plan with q as (select 1) select 1',
  'SELECT 1;', 'SELECT 1 ; -- end', '/* a */ -- b\n SELECT 1', ';SELECT 1;;', '\ufeffSELECT 1',
  "SELECT REPLACE(name, 'a', 'b') FROM t", 'SELECT replace FROM t', 'SELECT t.replace, a AS pragma FROM t', 'WITH replace AS (SELECT 1) SELECT * FROM replace',
  "SELECT 'DROP TABLE t; DELETE FROM t'", 'SELECT "delete", [update], `insert` FROM t', 'SELECT 1 -- ; DROP TABLE t', 'SELECT /* ; DELETE FROM t */ 1', "SELECT ';'",
  'SELECT vacuum, attach, begin FROM t', 'SELECT * FROM pragma_table_info(\'t\')', 'SELECT load_extension FROM t', 'SELECT edit, shell FROM t', "SELECT 'load_extension'",
  'SELECT updated, deleted_at, inserted, created FROM t', 'SELECT last_insert_rowid()', 'WITH a AS (SELECT 1), b AS (VALUES (2)) SELECT * FROM a, b',
  'SELECT 1 UNION SELECT 2 EXCEPT SELECT 3', 'SELECT (', 'SELECT nope FROM nowhere',
]; // prettier-ignore

test.each(readings)('%j may run', (sql) => {
  expect(verdict(sql)).toBe('ok');
});

test.each<[string, string]>([
  ['', 'sql.empty'],
  ['  \n', 'sql.empty'],
  [';', 'sql.empty'],
  ['-- SELECT 1', 'sql.empty'],
  ['/* SELECT 1', 'sql.empty'],
  ['SELECT 1; SELECT 2', 'sql.multiple'],
  ['SELECT 1; DROP TABLE t', 'sql.multiple'],
  ['SELECT 1;/**/DROP TABLE t', 'sql.multiple'],
  ['SELECT 1 -- x\n; DELETE FROM t', 'sql.multiple'],
  ["SELECT ';'; DELETE FROM t", 'sql.multiple'],
  ['SELECT 1; x', 'sql.multiple'],
  ["SELECT '/*'; DROP TABLE t; --*/", 'sql.multiple'],
  ['/* /* */ SELECT 1; DROP TABLE t -- */', 'sql.multiple'],
  ['SELECT 1 \u0000', 'sql.syntax'],
  [`SELECT ${'1+'.repeat(300_000)}1`, 'sql.syntax'],
  ['INSERT INTO t VALUES (1)', 'sql.notReadOnly INSERT'],
  ['insert into t values (1)', 'sql.notReadOnly INSERT'],
  ['/* SELECT */ DELETE FROM t', 'sql.notReadOnly DELETE'],
  ['-- SELECT\nDELETE FROM t', 'sql.notReadOnly DELETE'],
  ['/* /* */ DELETE FROM t /* */', 'sql.notReadOnly DELETE'],
  ['/**/UPDATE t SET a = 1', 'sql.notReadOnly UPDATE'],
  ['UPDATE t SET a = 1 RETURNING *', 'sql.notReadOnly UPDATE'],
  ['REPLACE INTO t VALUES (1)', 'sql.notReadOnly REPLACE'],
  ['CREATE TABLE t(a)', 'sql.notReadOnly CREATE'],
  ['CREATE TEMP VIEW v AS SELECT 1', 'sql.notReadOnly CREATE'],
  ['CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END', 'sql.notReadOnly CREATE'],
  ['DROP TABLE t', 'sql.notReadOnly DROP'],
  ['ALTER TABLE t ADD x', 'sql.notReadOnly ALTER'],
  ['PRAGMA table_info(t)', 'sql.notReadOnly PRAGMA'],
  ['PRAGMA query_only = 0', 'sql.notReadOnly PRAGMA'],
  ['PRAGMA writable_schema = 1', 'sql.notReadOnly PRAGMA'],
  ["ATTACH 'x.db' AS y", 'sql.notReadOnly ATTACH'],
  ['DETACH y', 'sql.notReadOnly DETACH'],
  ['VACUUM', 'sql.notReadOnly VACUUM'],
  ["VACUUM INTO 'x.db'", 'sql.notReadOnly VACUUM'],
  ['REINDEX t', 'sql.notReadOnly REINDEX'],
  ['ANALYZE', 'sql.notReadOnly ANALYZE'],
  ['BEGIN IMMEDIATE', 'sql.notReadOnly BEGIN'],
  ['COMMIT', 'sql.notReadOnly COMMIT'],
  ['END', 'sql.notReadOnly END'],
  ['ROLLBACK', 'sql.notReadOnly ROLLBACK'],
  ['SAVEPOINT s', 'sql.notReadOnly SAVEPOINT'],
  ['RELEASE s', 'sql.notReadOnly RELEASE'],
  ['WITH q AS (SELECT 1) INSERT INTO t SELECT * FROM q', 'sql.notReadOnly INSERT'],
  ['WITH q AS (SELECT 1) DELETE FROM t', 'sql.notReadOnly DELETE'],
  ['WITH q AS (SELECT 1) UPDATE t SET a = 1', 'sql.notReadOnly UPDATE'],
  ['WITH q AS (SELECT 1) REPLACE INTO t SELECT 1', 'sql.notReadOnly REPLACE'],
  ['WITH q AS (DELETE FROM t RETURNING *) SELECT * FROM q', 'sql.notReadOnly DELETE'],
  ['WITH RECURSIVE q(x) AS (VALUES (1)) /* SELECT */ DELETE FROM t', 'sql.notReadOnly DELETE'],
  ['SELECT * INTO x FROM t', 'sql.notReadOnly INTO'],
  ['EXPLAIN DELETE FROM t', 'sql.notReadOnly DELETE'],
  ['EXPLAIN QUERY PLAN UPDATE t SET a = 1', 'sql.notReadOnly UPDATE'],
  ['EXPLAIN PRAGMA journal_mode = WAL', 'sql.notReadOnly PRAGMA'],
  ['EXPLAIN EXPLAIN SELECT 1', 'sql.notReadOnly EXPLAIN'],
  ['EXPLAIN', 'sql.notReadOnly EXPLAIN'],
  ["SELECT load_extension('x')", 'sql.notReadOnly LOAD_EXTENSION'],
  ["SELECT LOAD_EXTENSION ('x')", 'sql.notReadOnly LOAD_EXTENSION'],
  ['SELECT "load_extension"(\'x\')', 'sql.notReadOnly "LOAD_EXTENSION"'],
  ["SELECT load_extension/**/('x')", 'sql.notReadOnly LOAD_EXTENSION'],
  ["SELECT writefile('a', 'b')", 'sql.notReadOnly WRITEFILE'],
  ["SELECT readfile('/etc/passwd')", 'sql.notReadOnly READFILE'],
  ["SELECT edit('a')", 'sql.notReadOnly EDIT'],
  ["SELECT fts3_tokenizer('simple', x'00')", 'sql.notReadOnly FTS3_TOKENIZER'],
  ['SELECT * FROM sqlite_dbpage', 'sql.notReadOnly SQLITE_DBPAGE'],
  ['drop table t', 'sql.notReadOnly DROP'],
  ['.read x.sql', 'sql.notReadOnly .'],
  ['which customers spent most?', 'sql.notReadOnly WHICH'],
  ["'SELECT 1'", "sql.notReadOnly 'SELECT 1'"],
  ['"SELECT" 1', 'sql.notReadOnly "SELECT"'],
  ['(SELECT 1)', 'sql.notReadOnly ('],
])('%j is refused: %s', (sql, expected) => {
  expect(verdict(sql)).toBe(expected);
});

test.each<[string, string, string | undefined]>([
  [' /* a */ SELECT 1 -- b', 'SELECT 1', undefined],
  ['SELECT 1 ; ', 'SELECT 1', undefined],
  ['SELECT /* in */ 1 /* open', 'SELECT /* in */ 1', undefined],
  ['EXPLAIN /* x */ SELECT 1;', 'SELECT 1', 'program'],
  ['EXPLAIN QUERY -- x\n PLAN SELECT 1', 'SELECT 1', 'queryPlan'],
])('%j is run as %s', (sql, text, explain) => {
  expect(checkReadOnly(sql)).toEqual(explain === undefined ? { text } : { text, explain });
});
