/** A result that is open in the grid while its database is replaced, deleted, locked, migrated or vacuumed: what the page gets to show. */
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cell } from '../../../../src/core/sql/resultTypes.js';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { ResultTabs } from '../../../../src/engine/results/resultTabs.js';
import { type ToPage } from '../../../../src/protocol/resultsPage.js';
import { Writer } from '../../../support/buildFixture.js';
import { makeDatabase, numbers, type TemporaryDatabase } from './temporaryDatabase.js';

const rows = 1_000;
const ddl = `CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, price INTEGER); ${numbers(rows)} INSERT INTO t SELECT i, 'n' || i, i * 2 FROM n;`;

let database: TemporaryDatabase;
let tabs: ResultTabs;
let sent: ToPage[];

beforeEach(async () => {
  database = await makeDatabase(ddl);
  sent = [];
  tabs = new ResultTabs({
    send: (message) => sent.push(message),
    describe: (error) => ({ sentence: isJoineryError(error) ? error.code : String(error), next: '' }),
    labelOf: () => 'shop.db',
    writeClipboard: async () => undefined,
    copied: String,
    exportRows: async () => undefined,
    saveValue: async () => undefined,
    openSql: async () => undefined,
    remember: () => undefined,
  });
});
afterEach(async () => {
  await tabs.dispose();
  await database.remove();
});

const show = (sql = 'SELECT * FROM t'): Promise<void> => tabs.open({ database: database.path, sql, title: 'rows' });

/** State, error and staleness of the tab, as its page has them. */
function shown(): string {
  const last = sent.filter((message) => message.type === 'tabs').at(-1)?.tabs[0];
  return `${last?.state ?? 'none'}${last?.error ? ` ${last.error.sentence}` : ''}${last?.stale ? ' stale' : ''}`;
}

/** Rows that the page is given when it scrolls there, or why it is given none. */
async function scrollTo(from: number, count: number): Promise<readonly (readonly Cell[])[] | string> {
  const generation = sent.filter((message) => message.type === 'tabs').at(-1)?.tabs[0]?.generation ?? 0;
  const before = sent.length;
  await tabs.receive({ type: 'rows', tab: 1, generation, from, count });
  const answer = sent.slice(before).find((message) => message.type === 'rows' || message.type === 'rowsFailed');
  return answer?.type === 'rows' ? answer.rows : answer?.type === 'rowsFailed' ? answer.error.sentence : 'nothing';
}

async function rerun(): Promise<string> {
  await tabs.receive({ type: 'rerun', tab: 1 });
  return shown();
}

const other = `CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, price INTEGER); ${numbers(rows)} INSERT INTO t SELECT i, 'other', 0 FROM n;`;

describe('the database of open rows', () => {
  test('replaced by another file: no row of it comes, the old rows are marked, and a new run shows it', async () => {
    await show();
    const replacement = await makeDatabase(other);
    await rename(replacement.path, database.path);
    expect(await scrollTo(600, 2)).toBe('file.vanished');
    expect(shown()).toBe('shown stale');
    expect(await rerun()).toBe('shown');
    expect(await scrollTo(600, 2)).toEqual([[601, 'other', 0], [602, 'other', 0]]); // prettier-ignore
    await replacement.remove();
  });

  test('replaced while all rows are at hand: they stay what they were, and are marked', async () => {
    await show('SELECT *, random() AS chance FROM t');
    const replacement = await makeDatabase(other);
    await rename(replacement.path, database.path);
    expect(await scrollTo(600, 1)).toEqual([[601, 'n601', 1202, expect.anything()]]);
    await tabs.receive({ type: 'rows', tab: 1, generation: -1, from: 0, count: 1 });
    await expect.poll(async () => { await tabs.checkStale(); return shown(); }).toBe('shown stale'); // prettier-ignore
    await replacement.remove();
  });

  test.each([
    ['seen by SQLite', 'CREATE TABLE later(a)'],
    ['with the same counters, which SQLite does not see', ''],
  ])('overwritten in place by another schema, %s: a sentence instead of its rows under the old names', async (_name, more) => {
    await show();
    const replacement = await makeDatabase(`CREATE TABLE t(a, b, c); ${numbers(rows)} INSERT INTO t SELECT 'a', 'b', i FROM n;`);
    await replacement.run(more);
    await copyFile(replacement.path, database.path);
    expect(await scrollTo(600, 2)).toBe('sql.columnsChanged');
    expect(shown()).toBe('shown stale');
    expect(await rerun()).toBe('shown');
    expect(await scrollTo(600, 1)).toEqual([['a', 'b', 601]]);
    await replacement.remove();
  });

  test('overwritten by what is no database', async () => {
    await show();
    await writeFile(database.path, 'no database any more, but as long as some pages '.repeat(500));
    expect(await scrollTo(600, 2)).toMatch(/^file\./);
    expect(await rerun()).toBe('failed file.notSqlite');
  });

  test('deleted: the old rows are marked, more of them do not come, a new run says why, and the file can come back', async () => {
    await show();
    await rename(database.path, `${database.path}.away`);
    expect(await scrollTo(600, 2)).toBe('file.vanished');
    expect(shown()).toBe('shown stale');
    await tabs.receive({ type: 'cell', tab: 1, row: 0, column: 0 });
    expect(sent.at(-1)).toMatchObject({ type: 'notice', text: expect.stringContaining('file.vanished') as unknown });
    expect(await rerun()).toBe('failed file.missing');
    await rename(`${database.path}.away`, database.path);
    expect(await rerun()).toBe('shown');
  });

  test('locked: the old rows stay and are not called old, more come when the lock is gone', async () => {
    await show();
    const writer = await Writer.open(database.path);
    await writer.exec("BEGIN EXCLUSIVE; UPDATE t SET name = 'new'");
    expect(await scrollTo(600, 1)).toBe('file.locked');
    expect(shown()).toBe('shown');
    await writer.exec('ROLLBACK');
    expect(await scrollTo(600, 1)).toEqual([[601, 'n601', 1202]]);
    expect(shown()).toBe('shown');
    await writer.close();
  });

  test('locked before the first run: it fails with the reason and runs again', async () => {
    const writer = await Writer.open(database.path);
    await writer.exec('BEGIN EXCLUSIVE');
    await expect(show()).rejects.toMatchObject({ code: 'file.locked' });
    expect(shown()).toBe('failed file.locked');
    await writer.exec('ROLLBACK');
    await writer.close();
    expect(await rerun()).toBe('shown');
  });

  test.each([
    ['a column came', 'ALTER TABLE t ADD COLUMN more', 'sql.columnsChanged'],
    ['a column went', 'ALTER TABLE t DROP COLUMN price', 'sql.columnsChanged'],
    ['a column went and another came', 'ALTER TABLE t DROP COLUMN name; ALTER TABLE t ADD COLUMN later', 'sql.columnsChanged'],
    ['a column has another name', 'ALTER TABLE t RENAME COLUMN price TO cost', 'sql.columnsChanged'],
    ['the table went', 'DROP TABLE t', 'sql.unknownName'],
    ['another table came in its place', 'DROP TABLE t; CREATE TABLE t(price, name, id)', 'sql.columnsChanged'],
  ])('migrated, %s: a sentence, never values under the names of other columns', async (_name, sql, code) => {
    await show();
    await database.run(sql);
    expect(await scrollTo(600, 2)).toBe(code);
    expect(shown()).toBe('shown stale');
  });

  test.each([
    ['an index came', 'CREATE INDEX t_name ON t(name)'],
    ['another table came', 'CREATE TABLE other(a)'],
    ['rows changed', "UPDATE t SET name = 'new' WHERE id = 1"],
    ['vacuumed', 'VACUUM'],
    ['vacuumed after rows went', 'DELETE FROM t WHERE id = 1000; VACUUM'],
  ])('%s: rows go on to come, and are marked as of another state', async (_name, sql) => {
    await show();
    await database.run(sql);
    expect(await scrollTo(600, 2)).toEqual([[601, 'n601', 1202], [602, 'n602', 1204]]); // prettier-ignore
    await expect.poll(async () => { await tabs.checkStale(); return shown(); }).toBe('shown stale'); // prettier-ignore
    expect(await rerun()).toBe('shown');
  });

  test('vacuumed into another page size while it is sorted and filtered', async () => {
    await show();
    await tabs.receive({ type: 'view', tab: 1, view: { sort: [{ column: 0, descending: true }], filters: [] } });
    await database.run('PRAGMA page_size = 512; VACUUM');
    expect(await scrollTo(300, 1)).toEqual([[700, 'n700', 1400]]);
  });

  test('a plan of a statement outlives a migration', async () => {
    await show('EXPLAIN QUERY PLAN SELECT * FROM t');
    await database.run('ALTER TABLE t ADD COLUMN more');
    expect(await scrollTo(0, 1)).toEqual([[expect.anything(), expect.anything(), expect.anything(), expect.stringContaining('SCAN')]]);
  });

  test('deleted for good: closing the tab is no fault', async () => {
    await show();
    await rm(database.path);
    await tabs.receive({ type: 'close', tab: 1 });
    expect(sent.filter((message) => message.type === 'notice')).toEqual([]);
  });
});
