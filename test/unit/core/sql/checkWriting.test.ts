/** Which scripts may be tried on a copy, and which pragmas are questions. */
import { expect, test } from 'vitest';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { checkWriting, couldWrite, unknownVerb } from '../../../../src/core/sql/checkWriting.js';
import { readingPragma } from '../../../../src/core/sql/readingPragma.js';

function check(script: string): string {
  try {
    const { statements, foreignKeys } = checkWriting(script);
    return `${statements.join(' | ')}${foreignKeys ? '' : ' (keys off)'}`;
  } catch (error) {
    return isJoineryError(error) ? `${error.code} ${String(error.details['statement'] ?? '')}`.trim() : String(error);
  }
}

test.each<[string, string]>([
  ['', 'sql.empty'],
  ['SELECT 1', 'sql.empty'],
  ['BEGIN; SELECT 1; COMMIT', 'sql.empty'],
  ['UPDATE t SET a = 1', 'UPDATE t SET a = 1'],
  ['-- why\nDELETE FROM t;', 'DELETE FROM t'],
  ['INSERT INTO t VALUES (1); SELECT * FROM t; DELETE FROM u;', 'INSERT INTO t VALUES (1) | DELETE FROM u'],
  ['UPDATE t SET a = 1\n\nDELETE FROM t', 'UPDATE t SET a = 1 | DELETE FROM t'],
  ['BEGIN IMMEDIATE; DELETE FROM t; COMMIT TRANSACTION', 'DELETE FROM t'],
  ['BEGIN; DELETE FROM t; END', 'DELETE FROM t'],
  ['CREATE TABLE a(b); DROP TABLE c; ALTER TABLE d RENAME TO e', 'CREATE TABLE a(b) | DROP TABLE c | ALTER TABLE d RENAME TO e'],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', 'WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a'],
  ['REPLACE INTO t VALUES (1)', 'REPLACE INTO t VALUES (1)'],
  ['ANALYZE; REINDEX', 'ANALYZE | REINDEX'],
  ['PRAGMA foreign_keys = OFF; DELETE FROM t', 'DELETE FROM t (keys off)'],
  ['pragma foreign_keys(0); DELETE FROM t', 'DELETE FROM t (keys off)'],
  ["PRAGMA foreign_keys = 'on'; DELETE FROM t", 'DELETE FROM t'],
  ['PRAGMA journal_mode = wal; DELETE FROM t', 'sql.notPreviewable PRAGMA'],
  ['PRAGMA writable_schema = 1', 'sql.notPreviewable PRAGMA'],
  ["ATTACH 'x' AS y", 'sql.notPreviewable ATTACH'],
  ['VACUUM', 'sql.notPreviewable VACUUM'],
  ["VACUUM INTO 'x'", 'sql.notPreviewable VACUUM'],
  ['DELETE FROM t; ROLLBACK', 'sql.notPreviewable ROLLBACK'],
  ['SAVEPOINT a', 'sql.notPreviewable SAVEPOINT'],
  ["INSERT INTO t SELECT readfile('/etc/passwd')", 'sql.notPreviewable readfile'],
  ["SELECT writefile('a', 'b')", 'sql.notPreviewable writefile'],
  ["UPDATE t SET a = load_extension('x')", 'sql.notPreviewable load_extension'],
  ['UPDATE t SET readfile = 1', 'UPDATE t SET readfile = 1'],
  ['UPDATE t SET a = :new', 'sql.notPreviewable :new'],
  ["UPDATE t SET a = ':new?'", "UPDATE t SET a = ':new?'"],
])('%s', (script, expected) => {
  expect(check(script)).toBe(expected);
});

test.each<[string, boolean]>([
  ['SELECT 1', false],
  ['VALUES (1)', false],
  ['EXPLAIN SELECT 1', false],
  ['', false],
  ['SELECT 1; SELECT 2', false],
  ['DELETE FROM t', true],
  ['EXPLAIN DELETE FROM t', true],
  ['nonsense', true],
  ['PRAGMA user_version', true],
])('could %s write', (statement, expected) => {
  expect(couldWrite(statement)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ['PRAGMA table_info(t)', "SELECT * FROM pragma_table_info('t')"],
  ['pragma TABLE_INFO("a\'b")', "SELECT * FROM pragma_table_info('a''b')"],
  ['PRAGMA main.index_list = `i`;', "SELECT * FROM pragma_index_list('i')"],
  ['PRAGMA integrity_check(5)', 'SELECT * FROM pragma_integrity_check(5)'],
  ['PRAGMA foreign_key_check', 'SELECT * FROM pragma_foreign_key_check'],
  ['PRAGMA /* now */ user_version', 'SELECT * FROM pragma_user_version'],
  ['PRAGMA user_version = 3', undefined],
  ['PRAGMA user_version(3)', undefined],
  ['PRAGMA journal_mode', 'SELECT * FROM pragma_journal_mode'],
  ['PRAGMA journal_mode = wal', undefined],
  ['PRAGMA optimize', undefined],
  ['PRAGMA wal_checkpoint', undefined],
  ['PRAGMA incremental_vacuum(3)', undefined],
  ['PRAGMA table_info(t', undefined],
  ['PRAGMA table_info(t); DELETE FROM t', undefined],
  ['PRAGMA', undefined],
  ['SELECT 1', undefined],
])('%s asks', (sql, expected) => {
  expect(readingPragma(sql)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ['SELCT 1', 'SELCT'],
  ['-- why\n(SELECT 1)', '('],
  ['select 1', undefined],
  ['Explain select 1', undefined],
  ['"SELECT" 1', '"SELECT"'],
  ['', undefined],
])('%j begins with %j', (sql, expected) => {
  expect(unknownVerb(sql)).toBe(expected);
});
