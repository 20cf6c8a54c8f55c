/** SQLite's complaints about a script and where they are placed; the place is marked in the text by « and ». */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptChecker, type Judge } from '../../../../src/core/language/checkScript.js';
import { languageSchema, type LanguageSchema } from '../../../../src/core/language/languageSchema.js';
import { readScript } from '../../../../src/core/language/script.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { StatementJudge } from '../../../../src/sqlite/statementJudge.js';
import { buildDatabase, makeTestFolder } from '../../../support/buildFixture.js';

const ddl = `
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), placed_on TEXT);
CREATE VIEW recent AS SELECT id, placed_on FROM orders;
CREATE VIEW broken AS SELECT a FROM nowhere;
CREATE VIRTUAL TABLE notes USING fts5(body);`;

const folder = makeTestFolder();
let judge: StatementJudge;
let schema: LanguageSchema;
let asked: string[] = [];
const ask: Judge = (statements) => {
  asked.push(...statements);
  return judge.complaints(statements);
};

beforeAll(async () => {
  const path = await buildDatabase(folder.file('check.db'), ddl);
  judge = await StatementJudge.open(path);
  const database = await openDatabase(path);
  schema = languageSchema({ schema: await introspect(database, { name: 'check.db' }), relations: [] });
  await database.close();
});

afterAll(async () => {
  await judge.close();
  folder.remove();
});

const marked = async (text: string, checker = new ScriptChecker(schema, ask)): Promise<string> => {
  const faults = await checker.check(readScript(text), neverCancelled);
  const sorted = [...faults].sort((a, b) => b.start - a.start);
  return sorted.reduce(
    (result, { start, end, kind }) => `${result.slice(0, start)}«${kind}:${result.slice(start, end)}»${result.slice(end)}`,
    text,
  );
};

describe('places', () => {
  test.each([
    'SELECT «unknownColumn:nam» FROM customers',
    'SELECT c.«unknownColumn:nam» FROM customers c',
    'SELECT name FROM «unknownTable:custmers»',
    'SELECT name FROM main.«unknownTable:custmers»',
    "SELECT 'name', «unknownColumn:nam» FROM customers -- nam",
    'SELECT id FROM orders WHERE id IN (SELECT id FROM customers WHERE «unknownColumn:placed_o» = 1)',
    'SELECT placed_on FROM orders WHERE id IN (SELECT id FROM customers WHERE customer_id = «unknownColumn:place»)',
    'SELECT name FROM customers WHERE 1 = (SELECT count(*) FROM orders o WHERE o.«unknownColumn:name» = customers.name)',
    'SELECT «ambiguousColumn:id» FROM customers, orders',
    'SELECT customers.id FROM customers JOIN orders ON orders.customer_id = customers.id ORDER BY customers.id, «ambiguousColumn:id»',
    'SELECT id FROM customers FORM «syntax:orders»',
    'SELECT id, «syntax:FROM» customers',
    'SELECT «unknownColumn:x.name» FROM customers c',
    'SELECT (1 + (2 * 3))«syntax:)» FROM (SELECT 1)',
    'SELECT id FROM customers «incomplete:WHERE»',
    'SELECT max(id, «syntax:FROM» customers',
    "SELECT id FROM customers WHERE name = «syntax:'open»",
    'SELECT «unknownFunction:nofunc»(id) FROM customers',
    'SELECT «wrongArguments:count»(id, name) FROM customers',
    'SELECT id FROM customers WHERE «misuse:sum»(id) > 1',
    'SELECT id FROM customers «compound:UNION» SELECT id, name FROM customers',
    'SELECT id FROM customers JOIN orders USING («joinColumn:name»)',
    'SELECT id FROM customers ORDER BY name COLLATE «unknownCollation:nocas»',
    'INSERT INTO customers (id, «unknownColumn:nam») VALUES (1, 2)',
    'INSERT INTO customers «valueCount:VALUES» (1, 2)',
    'UPDATE customers SET «unknownColumn:nam» = 1',
    'DELETE FROM customers WHERE «unknownColumn:nam» = 1',
    'INSERT INTO customers (id) VALUES (1) RETURNING «unknownColumn:nam»',
    'CREATE INDEX i ON customers («unknownColumn:nam»)',
    'SELECT * FROM «unknownTable:broken»',
    'CREATE VIEW v AS SELECT «unknownColumn:nam» FROM customers',
    'CREATE VIEW v(a) AS WITH c AS (SELECT 1) SELECT * FROM «unknownTable:custmers»',
    'SELECT id FROM customers «clauseOrder:ORDER» BY id LIMIT 1 UNION SELECT 1',
  ])('%s', async (expected) => {
    expect(await marked(expected.replace(/«\w+:|»/g, ''))).toBe(expected);
  });
});

describe('nothing to say', () => {
  test.each([
    'SELECT id FROM customers; SELECT id FROM orders',
    'SELECT c.name, r.placed_on FROM customers c, recent r',
    'WITH a AS (SELECT 1 AS x) SELECT x FROM a',
    'SELECT :name, ?1, @a, $b',
    'SELECT rowid FROM orders',
    "SELECT rank FROM notes WHERE notes MATCH 'a'",
    'CREATE TABLE customers (id)',
    'CREATE TABLE fresh (a); INSERT INTO fresh (a) VALUES (1); SELECT b FROM fresh',
    'ALTER TABLE customers ADD COLUMN age; SELECT age FROM customers',
    'ALTER TABLE customers RENAME TO people; SELECT * FROM people',
    'CREATE TEMP VIEW v AS SELECT 1; SELECT * FROM v',
    "ATTACH 'other.db' AS other; SELECT * FROM other.things",
    'PRAGMA nonsense(1)',
    'PRAGMA query_only = 0',
    'VACUUM; ANALYZE; BEGIN; COMMIT',
    'SELECT 1\n\nSELECT 2',
    'SELECT "name" FROM customers',
    '',
    '-- only a comment',
  ])('%s', async (text) => {
    expect(await marked(text)).toBe(text);
  });
});

test('a definition that the database has already hides nothing', async () => {
  const text = 'CREATE TABLE IF NOT EXISTS customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);\nSELECT nam FROM customers';
  expect(await marked(text)).toContain('«unknownColumn:nam»');
});

test('double quotes around what is no column are a hint', async () => {
  expect(await marked('SELECT * FROM customers WHERE city = "Paris"')).toBe('SELECT * FROM customers WHERE city = «doubleQuoted:"Paris"»');
});

test('a statement is put to SQLite once', async () => {
  const checker = new ScriptChecker(schema, ask);
  const lines = Array.from({ length: 200 }, (_, at) => `SELECT name FROM customers WHERE id = ${at};`);
  await checker.check(readScript(lines.join('\n')), neverCancelled);
  asked = [];
  const edited = lines.with(100, 'SELECT nam FROM customers;').join('\n');
  expect((await checker.check(readScript(edited), neverCancelled)).map(({ start }) => edited.slice(start, start + 3))).toEqual(['nam']);
  expect(asked).toEqual(['SELECT nam FROM customers']);
});

test('what stands for a value of a program is no syntax error', async () => {
  const text = 'SELECT * FROM ?    ; SELECT nam FROM customers WHERE id = ?     ';
  const holes = [{ start: 14, end: 19 }, { start: 57, end: 63 }]; // prettier-ignore
  const faults = await new ScriptChecker(schema, ask).check(readScript(text), neverCancelled, holes);
  expect(faults.map(({ kind }) => kind)).toEqual(['unknownColumn']);
});

test('a schema that changed in the meantime is seen', async () => {
  const path = await buildDatabase(folder.file('changing.db'), 'CREATE TABLE t (a)');
  const own = await StatementJudge.open(path);
  expect(await own.complaints(['SELECT a FROM t', 'SELECT b FROM t'])).toEqual([undefined, 'no such column: b']);
  await buildDatabase(path, 'ALTER TABLE t RENAME COLUMN a TO b');
  expect(await own.complaints(['SELECT a FROM t', 'SELECT b FROM t'])).toEqual(['no such column: a', undefined]);
  await own.close();
});

test('nothing is written, whatever is compiled', async () => {
  const path = await buildDatabase(folder.file('kept.db'), 'CREATE TABLE t (a)');
  const own = await StatementJudge.open(path);
  await own.complaints([
    'INSERT INTO t VALUES (1)',
    'DELETE FROM t',
    'CREATE TABLE u (a)',
    'PRAGMA user_version = 7',
    "ATTACH 'x.db' AS x",
    'DROP TABLE t',
  ]);
  await own.close();
  const database = await openDatabase(path);
  const { rows } = await database.run('SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM sqlite_schema), (SELECT user_version FROM pragma_user_version)', { timeoutMs: 1000, maxRows: 1 }); // prettier-ignore
  await database.close();
  expect(rows).toEqual([[0, 1, 0]]);
});
