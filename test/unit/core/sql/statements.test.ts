/** Cutting scripts, quoting names and strings, reading stored CREATE statements, finding strings in double quotes. */
import { expect, test } from 'vitest';
import { type DatabaseSchema } from '../../../../src/core/schema/types.js';
import { findDoubleQuotedStrings } from '../../../../src/core/sql/findDoubleQuotedStrings.js';
import { quoteIdentifier, quoteString, unquoteIdentifier, unquoteString } from '../../../../src/core/sql/quote.js';
import { readTableDdl, readVirtualModule } from '../../../../src/core/sql/readTableDdl.js';
import { splitStatements } from '../../../../src/core/sql/splitStatements.js';

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

const column = (name: string) => ({ name, type: '', affinity: 'BLOB' as const, notNull: false, primaryKey: 0 });
const schema: DatabaseSchema = {
  id: 'x',
  name: 'x',
  problems: [],
  schemaHash: '',
  tables: [
    {
      name: 'Order Items', kind: 'table', columns: [column('id'), column('Unit Price')], primaryKey: [], foreignKeys: [], indexes: [], triggers: [],
      checks: [], withoutRowid: false, strict: false, ddl: '',
    },
  ],
}; // prettier-ignore

test.each<[string, string[]]>([
  ['SELECT id FROM "Order Items"', []],
  ['SELECT "unit price", "ID", "rowid" FROM "order items"', []],
  ['SELECT "nope" FROM "Order Items"', ['nope']],
  ['SELECT id FROM "Order Items" WHERE id = "Berlin" OR id = "a""b"', ['Berlin', 'a"b']],
  ["SELECT 'Berlin', [nope], `nope` FROM t", []],
  ['SELECT id AS "x y" FROM t ORDER BY "x y"', []],
  ['SELECT count(*) "how many" FROM t "u" WHERE "u".id ORDER BY "how many"', []],
  ['SELECT CASE WHEN 1 THEN 2 END "k" FROM t GROUP BY "k"', []],
  ['WITH "c t e"("n n") AS (SELECT 1) SELECT "n n" FROM "c t e"', []],
  ['WITH q AS (SELECT 1) SELECT "r" FROM q', ['r']],
  ['SELECT "lower"(id) FROM t', []],
  ['SELECT id -- "comment"\n FROM t', []],
  ['SELECT \'"text"\' FROM t', []],
])('%s', (sql, expected) => {
  expect(findDoubleQuotedStrings(sql, schema)).toEqual(expected);
});
