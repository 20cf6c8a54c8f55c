/** What a graph shows of databases that are replaced, deleted, locked, migrated or vacuumed while it is open. */
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../src/core/shared/cancellation.js';
import { isJoineryError } from '../../../src/core/shared/errors.js';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { createCatalogue } from '../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../src/engine/catalogue/types.js';
import { readGraphContent } from '../../../src/host/features/graphPanel/graphContent.js';
import { SchemaService } from '../../../src/host/services/schemaService.js';
import { buildDatabase, makeTestFolder, type TestFolder, Writer } from '../../support/buildFixture.js';

const ddl = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id));`;

let folder: TestFolder;
let catalogue: Catalogue;
let schemas: SchemaService;
let changes: number;

beforeEach(() => {
  folder = makeTestFolder();
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
  schemas = new SchemaService(() => Promise.resolve(catalogue), silentLogger);
  changes = 0;
  schemas.onChanged(({ kind }) => kind !== 'facts' && changes++);
});
afterEach(async () => {
  schemas.dispose();
  await catalogue.close();
  folder.remove();
});

/** Tables with the number of their columns, relations, and what is said. */
async function graph(...paths: readonly string[]): Promise<string> {
  const words = {
    labelOf: (path: string) => path.slice(folder.path.length + 1),
    sentenceOf: (error: unknown) => (isJoineryError(error) ? error.code : String(error)),
  };
  const { databases, failures } = await readGraphContent(paths, schemas, words, neverCancelled);
  const drawn = databases.flatMap(({ tables, relations }) => [
    ...tables.map(({ name, columns }) => `${name}(${columns.length})`),
    ...relations.map(({ child, parent }) => `${child}→${parent}`),
  ]);
  return [...drawn, ...failures.map((text) => `! ${text}`)].join(' ');
}

const whole = 'customers(2) orders(2) orders→customers';

async function write(path: string, sql: string): Promise<void> {
  const writer = await Writer.open(path);
  await writer.exec(sql);
  await writer.close();
}

describe('while a graph is open, its database', () => {
  let path: string;
  beforeEach(async () => {
    path = await buildDatabase(folder.file('shop.db'), ddl);
    expect(await graph(path)).toBe(whole);
  });

  it.each([
    ['migrated', 'ALTER TABLE orders ADD COLUMN total; CREATE TABLE more (a)', 'customers(2) orders(3) more(1) orders→customers'],
    ['robbed of a table', 'DROP TABLE orders', 'customers(2)'],
    ['emptied', 'DROP TABLE orders; DROP TABLE customers', ''],
    ['vacuumed', 'INSERT INTO customers VALUES (1, 1); DELETE FROM customers; VACUUM', whole],
    ['vacuumed into another page size', 'PRAGMA page_size = 1024; VACUUM', whole],
  ])('is %s', async (_name, sql, expected) => {
    await write(path, sql);
    await schemas.checkChanged();
    expect(changes).toBeGreaterThan(0);
    expect(await graph(path)).toBe(expected);
  });

  it('is replaced by another file', async () => {
    await rename(await buildDatabase(folder.file('other.db'), 'CREATE TABLE other (a, b, c)'), path);
    await schemas.checkChanged();
    expect(await graph(path)).toBe('other(3)');
  });

  it('is overwritten in place', async () => {
    await copyFile(await buildDatabase(folder.file('other.db'), 'CREATE TABLE other (a, b, c); CREATE TABLE second (a)'), path);
    await schemas.checkChanged();
    expect(await graph(path)).toBe('other(3) second(1)');
  });

  it('is overwritten by what is no database, and comes back', async () => {
    await copyFile(path, folder.file('kept.db'));
    await writeFile(path, 'no database any more '.repeat(500));
    await schemas.checkChanged();
    expect(await graph(path)).toBe('! shop.db: file.notSqlite');
    await rename(folder.file('kept.db'), path);
    await schemas.checkChanged();
    expect(await graph(path)).toBe(whole);
  });

  it('is deleted, and comes back', async () => {
    await rename(path, folder.file('away'));
    await schemas.checkChanged();
    expect(await graph(path)).toMatch(/^! shop\.db: file\.(?:missing|vanished)$/);
    await rename(folder.file('away'), path);
    await schemas.checkChanged();
    expect(await graph(path)).toBe(whole);
  });

  it('is locked: the tables stay, and it is said; after the lock what it left is shown', async () => {
    const writer = await Writer.open(path);
    await writer.exec('BEGIN EXCLUSIVE; CREATE TABLE later (a)');
    await schemas.check(path);
    expect(await graph(path)).toBe(`${whole} ! shop.db: file.locked`);
    await writer.exec('COMMIT');
    await writer.close();
    await schemas.checkChanged();
    expect(await graph(path)).toBe('customers(2) orders(2) later(1) orders→customers');
  });
});

it('fifty databases in one graph: one that cannot be read is a sentence, the others are drawn', async () => {
  const paths: string[] = [];
  for (let number = 0; number < 50; number++) paths.push(await buildDatabase(folder.file(`d${number}.db`), `CREATE TABLE t${number} (a)`));
  await writeFile(paths[20] ?? '', 'no database '.repeat(200));
  const expected = paths.flatMap((_, number) => (number === 20 ? [] : [`t${number}(1)`]));
  expect(await graph(...paths)).toBe(`${expected.join(' ')} ! d20.db: file.notSqlite`);
});
