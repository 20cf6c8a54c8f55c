/** The tree on real files that change, go, are locked or are huge while it is open. */
import { copyFile, mkdir, open, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TreeNode } from '../../../src/core/presentation/schemaTree.js';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { createCatalogue } from '../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../src/engine/catalogue/types.js';
import { TreeModel } from '../../../src/host/features/schemaTree/treeModel.js';
import { type SchemaChange, SchemaService } from '../../../src/host/services/schemaService.js';
import { buildDatabase, makeTestFolder, type TestFolder, Writer } from '../../support/buildFixture.js';

const ddl = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id));
  INSERT INTO customers VALUES (1, 'Ada'), (2, 'Ben');
  INSERT INTO orders VALUES (1, 1), (2, 1);`;

let folder: TestFolder;
let catalogue: Catalogue;
let schemas: SchemaService;
let model: TreeModel;
let paths: string[];
let changes: string[];

beforeEach(() => {
  folder = makeTestFolder();
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
  schemas = new SchemaService(() => Promise.resolve(catalogue), silentLogger);
  changes = [];
  schemas.onChanged(({ kind, path }: SchemaChange) => kind !== 'facts' && changes.push(`${kind} ${path.slice(folder.path.length + 1)}`));
  paths = [];
  model = new TreeModel(schemas, () => Promise.resolve(paths));
});

afterEach(async () => {
  schemas.dispose();
  await catalogue.close();
  folder.remove();
});

async function build(name: string, sql = ddl): Promise<string> {
  const path = await buildDatabase(folder.file(name), sql);
  paths.push(path);
  return path;
}

/** Names of the tables of a database, or why there are none. */
async function tables(path: string): Promise<string> {
  const nodes = await model.children(model.root(path));
  return nodes.map((node) => (node.kind === 'table' ? node.table.name : node.kind === 'failure' ? `! ${node.code}` : node.kind)).join(' ');
}

async function write(path: string, sql: string): Promise<void> {
  const writer = await Writer.open(path);
  await writer.exec(sql);
  await writer.close();
}

it('opens nothing before a database is expanded', async () => {
  const path = await build('shop.db');
  expect((await model.roots()).map(({ id }) => id)).toEqual([`database|${path}`]);
  expect(schemas.paths).toEqual([]);
  expect(await tables(path)).toBe('customers orders');
  expect(schemas.paths).toEqual([path]);
  expect(changes).toEqual([]);
});

describe('while the tree is open', () => {
  it('a migration shows with the same ids for what stayed', async () => {
    const path = await build('shop.db');
    const before = await model.children(model.root(path));
    await write(path, 'ALTER TABLE orders ADD COLUMN total; DROP TABLE customers; CREATE TABLE agents (id)');
    await schemas.checkChanged();
    expect(changes).toEqual(['schema shop.db']);
    const after = await model.children(model.root(path));
    expect(await tables(path)).toBe('agents orders');
    const orders = (nodes: readonly TreeNode[]): TreeNode | undefined =>
      nodes.find((node) => node.kind === 'table' && node.table.name === 'orders');
    expect(orders(after)?.id).toBe(orders(before)?.id);
    // The editor asks with the nodes that it has; they give what is there now.
    const old = orders(before);
    expect(old && (await model.children(old)).map((node) => (node.kind === 'column' ? node.column.name : node.kind))).toEqual(['id', 'customer_id', 'total']); // prettier-ignore
  });

  it('a commit to the write-ahead log is seen', async () => {
    const path = await build('shop.db', `PRAGMA journal_mode = WAL; ${ddl}`);
    expect(await tables(path)).toBe('customers orders');
    const writer = await Writer.open(path);
    await writer.exec('CREATE TABLE agents (id)');
    await schemas.checkChanged();
    expect(await tables(path)).toBe('agents customers orders');
    await writer.close();
  });

  it('a vacuum leaves everything as it is', async () => {
    const path = await build('shop.db');
    const before = (await model.children(model.root(path))).map(({ id }) => id);
    await write(path, 'DELETE FROM customers; VACUUM');
    await schemas.checkChanged();
    expect((await model.children(model.root(path))).map(({ id }) => id)).toEqual(before);
    expect(schemas.peek(path)?.failure).toBeUndefined();
  });

  it('a deleted file says so, and one that comes back is read', async () => {
    const path = await build('shop.db');
    expect(await tables(path)).toBe('customers orders');
    await rename(path, folder.file('away'));
    await schemas.checkChanged();
    expect(await tables(path)).toMatch(/^! file\.(?:missing|vanished)$/);
    await rename(folder.file('away'), path);
    await schemas.checkChanged();
    expect(await tables(path)).toBe('customers orders');
    expect(changes).toEqual(['failure shop.db', 'schema shop.db']);
  });

  it('a deleted file that left the list is forgotten', async () => {
    const path = await build('shop.db');
    await tables(path);
    await rm(path);
    paths = [];
    expect(await model.roots()).toEqual([]);
    expect(schemas.paths).toEqual([]);
  });

  it('a database outside the workspace, which a SQL file names, is left alone', async () => {
    const path = await build('named.db');
    paths = [];
    await schemas.open(path);
    expect(await model.roots()).toEqual([]);
    expect(model.isShown(path)).toBe(false);
    expect(schemas.paths).toEqual([path]);
  });

  it('a replaced file shows what it holds now', async () => {
    const path = await build('shop.db');
    expect(await tables(path)).toBe('customers orders');
    for (let round = 0; round < 8; round++) {
      const other = await buildDatabase(folder.file(`other${round}`), `CREATE TABLE round_${round} (a)`);
      await rename(other, path);
      await schemas.checkChanged();
      expect(await tables(path)).toBe(`round_${round}`);
    }
    await copyFile(path, folder.file('copy.db'));
    await writeFile(path, 'no database any more');
    await schemas.checkChanged();
    expect(await tables(path)).toMatch(/^! file\./);
    await rename(folder.file('copy.db'), path);
    await schemas.checkChanged();
    expect(await tables(path)).toBe('round_7');
  });

  it('a locked database keeps what is known, says that it is locked, and recovers', async () => {
    const path = await build('shop.db');
    expect(await tables(path)).toBe('customers orders');
    const writer = await Writer.open(path);
    await writer.exec('BEGIN EXCLUSIVE; CREATE TABLE later (a)');
    const state = await schemas.check(path);
    expect(state.failure).toMatchObject({ code: 'file.locked' });
    expect(await tables(path)).toBe('customers orders');
    const opened = state.opened;
    await writer.exec('COMMIT');
    await writer.close();
    await schemas.checkChanged();
    expect(schemas.peek(path)?.failure).toBeUndefined();
    expect(await tables(path)).toBe('customers later orders');
    expect(schemas.peek(path)?.opened).not.toBe(opened);
  });

  it('a lock that changed nothing leaves the same state', async () => {
    const path = await build('shop.db');
    await tables(path);
    const opened = schemas.peek(path)?.opened;
    const writer = await Writer.open(path);
    await writer.exec('BEGIN EXCLUSIVE');
    await schemas.check(path);
    await writer.exec('ROLLBACK');
    await writer.close();
    await schemas.checkChanged();
    expect(schemas.peek(path)).toEqual({ opened });
    expect(changes).toEqual(['failure shop.db', 'schema shop.db']);
  });

  it('a database that was locked when it was first expanded opens later', async () => {
    const path = await build('shop.db');
    const writer = await Writer.open(path);
    await writer.exec('BEGIN EXCLUSIVE');
    expect(await tables(path)).toBe('! file.locked');
    await writer.exec('ROLLBACK');
    await writer.close();
    await schemas.checkChanged();
    expect(await tables(path)).toBe('customers orders');
  });

  it('another engine means that everything is read again', async () => {
    const path = await build('shop.db');
    await tables(path);
    await catalogue.close();
    catalogue = createCatalogue({ stateFolder: folder.file('state') });
    schemas.reset();
    expect(changes).toEqual(['schema shop.db']);
    expect(await tables(path)).toBe('customers orders');
  });

  it('a verdict and the end of indexing are told as facts', async () => {
    const path = await build('shop.db', 'CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a_id INTEGER); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)'); // prettier-ignore
    let facts = 0;
    schemas.onChanged(({ kind }) => {
      if (kind === 'facts') facts++;
    });
    const opened = await schemas.open(path);
    await opened.whenIndexed(10_000);
    expect(facts).toBeGreaterThan(0);
    const relation = opened.knowledge.relations[0];
    if (!relation) throw new Error('nothing inferred');
    const before = facts;
    await opened.setRelation(relation, 'rejected');
    expect(facts).toBeGreaterThan(before);
    expect(opened.knowledge.relations).toEqual([]);
  });
});

it('verdicts that came with the repository change the relations at the next look', async () => {
  const path = await build('shop.db', 'CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a_id INTEGER)');
  expect((await schemas.open(path)).knowledge.relations.map(({ origin }) => origin)).toEqual(['inferred']);
  const verdict = { verdict: 'confirmed', child: 'b', childColumns: ['a_id'], parent: 'a', parentColumns: ['id'] };
  await mkdir(folder.file('.joinery'));
  await writeFile(folder.file('.joinery/relations.json'), JSON.stringify({ version: 1, databases: { 'shop.db': [verdict] } }));
  await schemas.check(path);
  expect((await schemas.open(path)).knowledge.relations.map(({ origin }) => origin)).toEqual(['confirmed']);
});

it('fifty databases: all listed, opened one by one, and one that is broken harms none', async () => {
  for (let number = 0; number < 50; number++) await build(`d${number}.db`, `CREATE TABLE t${number} (a)`);
  const broken = folder.file('broken.db');
  await writeFile(broken, 'SQLite format 3\u0000 and nothing else');
  paths.push(broken);
  expect((await model.roots()).length).toBe(51);
  expect(await Promise.all(paths.map(tables))).toEqual([
    ...Array.from({ length: 50 }, (_, number) => `t${number}`),
    expect.stringMatching(/^! file\./),
  ]);
  await write(paths[7] ?? '', 'CREATE TABLE more (a)');
  await schemas.checkChanged();
  expect(changes).toEqual(['schema d7.db']);
});

it('a sparse file of 10 GB behind a small database is opened, expanded and measured', async () => {
  const path = await build('huge.db', 'PRAGMA page_size = 65536; CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES a(id)); INSERT INTO a VALUES (1, 1), (2, 9)'); // prettier-ignore
  const pages = Math.floor((10 * 1024 ** 3) / 65_536);
  await truncate(path, pages * 65_536);
  // The header counts the pages, as after a large deletion.
  const file = await open(path, 'r+');
  const count = Buffer.alloc(4);
  count.writeUInt32BE(pages);
  await file.write(count, 0, 4, 28);
  await file.close();
  expect(await tables(path)).toBe('a');
  const opened = await schemas.open(path);
  await opened.whenIndexed(20_000);
  expect(opened.indexed).toBe(true);
  const relation = opened.knowledge.relations[0];
  expect(relation && (await opened.inclusionOf(relation))).toEqual({ distinct: 2, share: 0.5, sampled: false });
});
