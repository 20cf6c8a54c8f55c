/** Candidates against a real database: what SQLite would take for a text although a name was meant, and names that several tables have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { hasRun, statementOf, verifyCandidate } from '../../../../src/engine/ask/verifyCandidate.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue, type OpenedDatabase } from '../../../../src/engine/catalogue/types.js';
import { buildDatabase, makeTestFolder } from '../../../support/buildFixture.js';

const folder = makeTestFolder();
let catalogue: Catalogue;
let opened: OpenedDatabase;

beforeAll(async () => {
  const ddl = `
    CREATE TABLE singer(id INTEGER PRIMARY KEY, "Full Name", age);
    CREATE TABLE concert(id INTEGER PRIMARY KEY, singer_id REFERENCES singer(id), Name, "order" INT);
    INSERT INTO singer VALUES (1, 'Name', 30), (2, 'Ada', 40);
    INSERT INTO concert VALUES (7, 1, 'Open Air', 2);
    CREATE TABLE song(id INTEGER PRIMARY KEY, title TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) INSERT INTO song(title) SELECT 'Blue Moon ' || i FROM n;`;
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
  opened = await catalogue.open(await buildDatabase(folder.file('music.db'), ddl));
});
afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

async function verify(text: string, { begun = '', completion = false, values = false } = {}): Promise<string> {
  const linked = linkQuestion('names of singers', buildNameIndex(opened.knowledge.schema), {});
  const candidate = { text, count: 1, greedy: true, logProbability: 0, sampledTokens: 1, forcedTokens: 0, finish: 'stop' } as const;
  const context = { opened, linked, completion, values, timeoutMs: 5_000, maxRows: 10 };
  const ran = await verifyCandidate(candidate, begun, context);
  return hasRun(ran) ? `${ran.result.rows.length}: ${ran.sql}` : `error: ${ran.error}`;
}

test.each([
  // Name is a column, but of a table that does not stand here.
  ['SELECT id FROM singer WHERE "Name" = "Full Name"', 'error: no such column: Name'],
  ['SELECT "Name" FROM singer', 'error: no such column: Name'],
  ['SELECT id FROM singer WHERE "Full Name" = "Ada"', 'error: no such column: Ada'],
  ['SELECT id FROM concert WHERE id IN (SELECT id FROM singer WHERE "Name" <> "x")', 'error: no such column: x'],
  ['SELECT "singer"."Name" FROM "singer"', 'error: no such column: singer.Name'],
  // In its scope, also from outside or by an alias, it is a name.
  ['SELECT "Full Name" FROM "singer"', '2: SELECT "Full Name" FROM "singer"'],
  ['SELECT "ORDER" FROM concert', '1: SELECT "ORDER" FROM concert'],
  [
    'SELECT id FROM concert WHERE EXISTS (SELECT 1 FROM singer WHERE "Name" = \'Open Air\')',
    '1: SELECT id FROM concert WHERE EXISTS (SELECT 1 FROM singer WHERE "Name" = \'Open Air\')',
  ],
  ['SELECT COUNT(*) AS "how many" FROM singer ORDER BY "how many"', '1: SELECT COUNT(*) AS "how many" FROM singer ORDER BY "how many"'],
  ['WITH "c t"("n n") AS (SELECT 1) SELECT "n n" FROM "c t"', '1: WITH "c t"("n n") AS (SELECT 1) SELECT "n n" FROM "c t"'],
  ['SELECT "rowid" FROM singer', '2: SELECT "rowid" FROM singer'],
])('%s', async (sql, expected) => {
  expect(await verify(sql)).toBe(expected);
});

test('of two statements that find nothing, the one with the value where the data have it', async () => {
  await opened.whenIndexed(10_000);
  const text = "SELECT age FROM singer WHERE age = 'Open Air' AND id = 9";
  expect(await verify(text, { completion: true, values: true })).toBe(
    `0: SELECT age FROM singer JOIN concert ON concert.singer_id = singer.id WHERE concert.Name = 'Open Air' AND singer.id = 9`,
  );
});

test('a text inside the values, where none equals it', async () => {
  await opened.whenIndexed(10_000);
  const count = (name: string): string => `SELECT COUNT(*) FROM song WHERE title = '${name}'`;
  expect(await verify(count('Blues'), { completion: true, values: true })).toBe(`1: SELECT COUNT(*) FROM song WHERE title LIKE '%Blue%'`);
  expect(await verify(count('Blue Moon 3'), { completion: true, values: true })).toBe(`1: ${count('Blue Moon 3')}`);
  expect(await verify(count('Waltz'), { completion: true, values: true })).toBe(`1: ${count('Waltz')}`);
});

const join = 'FROM singer JOIN concert ON singer.id = concert.singer_id';

test('a bare name of two tables is qualified when FROM is not completed', async () => {
  expect(await verify(`SELECT id ${join}`)).toBe(`1: SELECT singer.id ${join}`);
});

test('behind a begun statement too, whose text stays', async () => {
  expect(await verify(`${join} ORDER BY id`, { begun: 'select singer.id ' })).toBe(`1: select singer.id ${join} ORDER BY singer.id`);
  expect(await verify(join, { begun: 'select id ' })).toBe('error: ambiguous column name: id');
});

const planned = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'prompts', 'plannedAnswers.jsonl'), 'utf8')
  .trim()
  .split('\n');

test.each(planned.map((line) => JSON.parse(line) as { readonly sql: string; readonly answer: string }))(
  'the statement behind a plan: $sql',
  ({ sql, answer }) => {
    expect(statementOf(answer, 'think')).toBe(sql);
    expect(statementOf(answer.slice(0, answer.lastIndexOf(';')), 'think')).toBe(sql);
  },
);

test('a plan that never came to a statement has none', () => {
  expect(['1. Which?', '', '1. Which?\n```'].map((text) => statementOf(text, 'think'))).toEqual(['', '', '']);
});
