/** Cutting scripts, quoting names and strings, reading stored CREATE statements, reading double quotes as names only. */
import { expect, test } from 'vitest';
import { quoteIdentifier, quoteString, unquoteIdentifier, unquoteString } from '../../../../src/core/sql/quote.js';
import { readTableDdl, readVirtualModule } from '../../../../src/core/sql/readTableDdl.js';
import { splitStatements } from '../../../../src/core/sql/splitStatements.js';
import { strictNames } from '../../../../src/core/sql/strictNames.js';

const trigger = 'CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN 1 THEN 2 END; DELETE FROM u; END';

test.each<[string, string[]]>([
  ['', []],
  [';;', []],
  ['-- only', []],
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1;', ['SELECT 1']],
  ['a;b', ['a', 'b']],
  [' a ;\n-- c\n b -- d\n;', ['a', 'b']],
  ['SELECT \';\';SELECT "a;b"', ["SELECT ';'", 'SELECT "a;b"']],
  ['SELECT /* ; */ 1; x', ['SELECT /* ; */ 1', 'x']],
  [`${trigger};SELECT 1`, [trigger, 'SELECT 1']],
  [`${trigger.replace('TRIGGER', 'TEMP TRIGGER')}; SELECT 1`, [trigger.replace('TRIGGER', 'TEMP TRIGGER'), 'SELECT 1']],
  ['CREATE TABLE "trigger"(a); SELECT 1', ['CREATE TABLE "trigger"(a)', 'SELECT 1']],
])('%j holds %j', (sql, expected) => {
  const statements = splitStatements(sql);
  expect(statements.map(({ text }) => text)).toEqual(expected);
  for (const { text, start, end } of statements) expect(sql.slice(start, end)).toBe(text);
});

test.each<[string, string]>([
  ['name', 'name'],
  ['Order Items', '"Order Items"'],
  ['select', '"select"'],
  ['a"b', '"a""b"'],
  ['1st', '"1st"'],
  ['', '""'],
  ['ü', '"ü"'],
  ['🚲', '"🚲"'],
])('%j is written %s', (name, expected) => {
  expect(quoteIdentifier(name)).toBe(expected);
  expect(unquoteIdentifier(expected)).toBe(name);
});

test.each(["it's", '', "''", 'a"b', '\n'])('%j survives quoting', (text) => {
  expect(unquoteString(quoteString(text))).toBe(text);
});

test.each<[string, string[], boolean[]]>([
  ['CREATE TABLE t(a)', [], []],
  ['CREATE TABLE t(a CHECK (a > 0), b, CHECK(b IN (1, 2)))', ['a > 0', 'b IN (1, 2)'], []],
  ["CREATE TABLE t(a CHECK ( a <> ')' /* ) */ ))", ["a <> ')' /* ) */"], []],
  ['CREATE TABLE t(a DEFAULT (1), "check" INT, b CONSTRAINT c CHECK (b))', ['b'], []],
  ['CREATE TABLE t(a REFERENCES p, b REFERENCES q(x) DEFERRABLE INITIALLY DEFERRED, c REFERENCES r)', [], [false, true, false]],
  ['CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY IMMEDIATE, b REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED)', [], [false, false]],
  [
    'CREATE TABLE t(a, b, FOREIGN KEY (a, b) REFERENCES p(c, d) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (b) REFERENCES p)',
    [],
    [true, false],
  ],
  ['CREATE TABLE t(a REFERENCES p REFERENCES q DEFERRABLE INITIALLY DEFERRED)', [], [false, true]],
])('%s', (ddl, checks, deferred) => {
  expect(readTableDdl(ddl)).toEqual({ checks, deferred });
});

test.each<[string, string | undefined]>([
  ['CREATE VIRTUAL TABLE a USING fts5(b)', 'fts5'],
  ['CREATE VIRTUAL TABLE IF NOT EXISTS "using" USING /* x */ rtree(b, c)', 'rtree'],
  ['CREATE VIRTUAL TABLE a USING nothing', 'nothing'],
  ['CREATE TABLE a(using)', undefined],
  ['', undefined],
])('module of %s', (ddl, expected) => {
  expect(readVirtualModule(ddl)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ['SELECT "a b" FROM "t"', 'SELECT `a b` FROM `t`'],
  ['SELECT "a""b`c"', 'SELECT `a"b``c`'],
  ['SELECT \'x "y"\', [z], `w` -- "v"', undefined],
  ['SELECT id FROM t', undefined],
  ['SELECT "', 'SELECT `"`'],
])('%s with names only', (sql, expected) => {
  expect(strictNames(sql)).toBe(expected);
});
