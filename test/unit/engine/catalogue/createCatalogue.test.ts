/** The catalogue on real files: opened, indexed, refreshed, with verdicts kept beside the database. */
import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { type Relation } from '../../../../src/core/graph/types.js';

const ddl = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), agent_id INTEGER);
  CREATE TABLE agents (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO customers VALUES (1, 'Ada Lovelace', 'London'), (2, 'Grace Hopper', 'New York'), (3, 'Zoë', 'Köln');
  INSERT INTO agents VALUES (7, 'Smith'), (8, 'Jones'), (9, 'Brown');
  INSERT INTO orders VALUES (1, 1, 7), (2, 2, 8), (3, 2, 9);`;

let folder: string;
let path: string;
let catalogue: Catalogue;

function execute(file: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (opened: Error | null) => {
      if (opened) return reject(opened);
      database.exec(sql, (error: Error | null) =>
        error ? reject(error) : database.close((closed) => (closed ? reject(closed) : resolve())),
      );
    });
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  path = join(folder, 'shop.db');
  await execute(path, ddl);
  // Written long ago: what has just been written is not cached, since another write could leave the same marks.
  await utimes(path, 1_600_000_000, 1_600_000_000);
  catalogue = makeCatalogue();
});

afterEach(async () => {
  await catalogue.close();
  await rm(folder, { recursive: true });
});

function makeCatalogue(): Catalogue {
  return createCatalogue({ stateFolder: join(folder, 'state') });
}

function shown(relations: readonly Relation[]): string[] {
  return relations.map((relation) => `${relation.id} ${relation.origin} ${relation.confidence}`);
}

describe('open', () => {
  it('knows declared relations at once and guesses after indexing', async () => {
    const opened = await catalogue.open(path);
    expect(shown(opened.knowledge.relations)[0]).toBe('orders(customer_id)->customers(id) declared 1');
    await opened.whenIndexed(10_000);
    expect(opened.indexed).toBe(true);
    expect(shown(opened.knowledge.relations)).toEqual([
      'orders(customer_id)->customers(id) declared 1',
      'orders(agent_id)->agents(id) inferred 0.8',
    ]);
    expect(opened.knowledge.relations[1]?.reason).toEqual({ rule: 'tableIdSuffix', inclusion: 1, sampled: false });
    expect(opened.joinTrees(['customers', 'agents'])[0]?.tables).toEqual(['customers', 'orders', 'agents']);
  });

  it.each([
    ['Ada Lovelace', 'Ada Lovelace', 1],
    ['ada lovelace', 'Ada Lovelace', 0.95],
    ['koln', 'Köln', 0.94],
    ['New Yrok', 'New York', 0.875],
  ])('finds %s as stored', async (mention, value, score) => {
    const opened = await catalogue.open(path);
    await opened.whenIndexed(10_000);
    expect(opened.findValues(mention, 5)[0]).toMatchObject({ table: 'customers', value, score });
  });

  it('gives the same object while nothing changes', async () => {
    expect(await catalogue.open(path)).toBe(await catalogue.open(join(folder, '.', 'shop.db')));
  });

  it('rejects a missing file with its code and can open it later', async () => {
    const later = join(folder, 'later.db');
    await expect(catalogue.open(later)).rejects.toMatchObject({ name: 'JoineryError' });
    await execute(later, ddl);
    expect((await catalogue.open(later)).knowledge.schema.tables).toHaveLength(3);
  });

  it('does nothing when cancelled before', async () => {
    const source = new CancellationSource();
    source.cancel();
    await expect(catalogue.open(path, source.token)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('frees a caller who cancels, and goes on for the others', async () => {
    const source = new CancellationSource();
    const first = catalogue.open(path, source.token);
    const second = catalogue.open(path);
    source.cancel();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect((await second).knowledge.schema.tables).toHaveLength(3);
  });

  it('closes while indexing and can be closed twice', async () => {
    await catalogue.open(path);
    await catalogue.close();
    await catalogue.close();
    expect(await readdir(folder)).toEqual(['shop.db']);
  });

  it('reports a file that has vanished and takes it up again', async () => {
    await catalogue.open(path);
    const kept = join(folder, 'kept');
    await copyFile(path, kept);
    await rm(path);
    await expect(catalogue.open(path)).rejects.toThrow();
    await copyFile(kept, path);
    expect((await catalogue.open(path)).knowledge.schema.tables).toHaveLength(3);
  });

  it('leaves the database as it was', async () => {
    const before = await readFile(path);
    await (await catalogue.open(path)).whenIndexed(10_000);
    expect(await readFile(path)).toEqual(before);
  });
});

describe('refresh', () => {
  it.each(['DELETE', 'WAL'])('sees rows and tables that another connection wrote, journal %s', async (mode) => {
    await execute(path, `PRAGMA journal_mode=${mode}`);
    const before = await catalogue.open(path);
    await before.whenIndexed(10_000);
    const writer = await keepOpen(path);
    await writer.exec(
      "INSERT INTO customers VALUES (4, 'Hedy Lamarr', 'Vienna'); CREATE TABLE invoices (id INTEGER PRIMARY KEY, order_id INTEGER)",
    );
    const after = await catalogue.open(path);
    await after.whenIndexed(10_000);
    await writer.close();
    expect(after.findValues('hedy lamarr', 1)[0]?.value).toBe('Hedy Lamarr');
    expect(shown(after.knowledge.relations)).toContain('invoices(order_id)->orders(id) inferred 0.75');
  });

  it('keeps what it knew about relations while new rows are read, and no old values', async () => {
    const before = await catalogue.open(path);
    await before.whenIndexed(10_000);
    await execute(path, "DELETE FROM customers WHERE name = 'Ada Lovelace'");
    const after = await catalogue.open(path);
    expect(after).not.toBe(before);
    expect(shown(after.knowledge.relations)).toEqual(shown(before.knowledge.relations));
    await after.whenIndexed(10_000);
    expect(after.findValues('Ada Lovelace', 1)).toEqual([]);
  });

  it('sees a file that was replaced by another one', async () => {
    const before = await catalogue.open(path);
    const other = join(folder, 'other.db');
    await execute(other, 'CREATE TABLE only_one (x)');
    await rm(path);
    await copyFile(other, path);
    expect((await catalogue.open(path)).knowledge.schema.tables.map((table) => table.name)).toEqual(['only_one']);
    expect(before.knowledge.schema.tables).toHaveLength(3);
  });
});

async function keepOpen(file: string): Promise<{ exec(sql: string): Promise<void>; close(): Promise<void> }> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error: Error | null) => (error ? reject(error) : resolve(opened)));
  });
  const call = (run: (done: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
  return { exec: (sql) => call((done) => database.exec(sql, done)), close: () => call((done) => database.close(done)) };
}

describe('cache', () => {
  const cacheFolder = (): string => join(folder, 'state', 'catalogue');
  const indexOnce = async (): Promise<string> => {
    await (await catalogue.open(path)).whenIndexed(10_000);
    await catalogue.close();
    catalogue = makeCatalogue();
    const [name = ''] = await readdir(cacheFolder());
    return join(cacheFolder(), name);
  };

  it('opens warm in a second run', async () => {
    await indexOnce();
    const opened = await catalogue.open(path);
    expect(opened.indexed).toBe(true);
    expect(opened.findValues('grace hopper', 1)[0]?.value).toBe('Grace Hopper');
    expect(shown(opened.knowledge.relations)).toContain('orders(agent_id)->agents(id) inferred 0.8');
  });

  it('is not used after a change', async () => {
    await indexOnce();
    await execute(path, "INSERT INTO customers VALUES (4, 'Hedy Lamarr', 'Vienna')");
    const opened = await catalogue.open(path);
    expect(opened.indexed).toBe(false);
    await opened.whenIndexed(10_000);
    expect(opened.findValues('Hedy Lamarr', 1)[0]?.score).toBe(1);
    expect(opened.findValues('Viennese', 1)[0]).toMatchObject({ column: 'city', value: 'Vienna', score: 0.95 });
    expect(opened.findValues('Scottish', 1)).toEqual([]);
  });

  it.each(['', '{', '[]', 'null', '{"version":1}', '{"version":1,"values":[null]}', '"version"'])(
    'is rebuilt when broken: %s',
    async (text) => {
      const file = await indexOnce();
      const good = await readFile(file, 'utf8');
      await writeFile(file, text);
      const opened = await catalogue.open(path);
      expect(opened.indexed).toBe(false);
      await opened.whenIndexed(10_000);
      await catalogue.close();
      expect(await readFile(file, 'utf8')).toBe(good);
    },
  );

  it('does without a folder that cannot be made', async () => {
    await catalogue.close();
    catalogue = createCatalogue({ stateFolder: join(path, 'below-a-file') });
    const opened = await catalogue.open(path);
    await opened.whenIndexed(10_000);
    expect(opened.findValues('Smith', 1)).toHaveLength(1);
  });
});

describe('verdicts', () => {
  const file = (): string => join(folder, '.joinery', 'relations.json');
  const guess = async (): Promise<Relation> => {
    const opened = await catalogue.open(path);
    await opened.whenIndexed(10_000);
    return opened.knowledge.relations.find((relation) => relation.origin === 'inferred')!;
  };

  it('are kept beside the database and read by the next run', async () => {
    const relation = await guess();
    await (await catalogue.open(path)).setRelation(relation, 'confirmed');
    await catalogue.close();
    catalogue = makeCatalogue();
    expect(shown((await catalogue.open(path)).knowledge.relations)).toContain('orders(agent_id)->agents(id) confirmed 1');
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({
      version: 1,
      databases: {
        'shop.db': [{ verdict: 'confirmed', child: 'orders', childColumns: ['agent_id'], parent: 'agents', parentColumns: ['id'] }],
      },
    });
    expect(await readdir(join(folder, '.joinery'))).toEqual(['relations.json']);
  });

  it('take a rejected relation away at once, also after indexing', async () => {
    const opened = await catalogue.open(path);
    await opened.setRelation(await guess(), 'rejected');
    expect(shown(opened.knowledge.relations)).toEqual(['orders(customer_id)->customers(id) declared 1']);
  });

  it('give what is inferred back when they are taken back, and leave the others', async () => {
    const opened = await catalogue.open(path);
    const relation = await guess();
    await opened.setRelation(relation, 'rejected');
    await opened.setRelation(opened.knowledge.relations[0]!, 'confirmed');
    expect([...opened.verdicts.keys()].sort()).toEqual(['orders(agent_id)->agents(id)', 'orders(customer_id)->customers(id)']);
    await opened.forgetVerdicts([relation.id]);
    expect(shown(opened.knowledge.relations).join()).toContain('orders(agent_id)->agents(id) inferred');
    expect([...(await catalogue.open(path)).verdicts.keys()]).toEqual(['orders(customer_id)->customers(id)']);
    await opened.forgetVerdicts(['orders(customer_id)->customers(id)', 'no(such)->relation(id)']);
    expect(opened.verdicts.size).toBe(0);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({ version: 1, databases: {} });
  });

  it('are seen when the file is edited by hand', async () => {
    const opened = await catalogue.open(path);
    await opened.setRelation(await guess(), 'rejected');
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('rejected', 'confirmed'));
    expect(shown((await catalogue.open(path)).knowledge.relations)).toContain('orders(agent_id)->agents(id) confirmed 1');
  });

  it.each(['{ not json', '{"version":2,"databases":{}}', '{"version":1,"databases":{"shop.db":[{"verdict":"maybe"}]}}', '[]'])(
    'leave a file that is not understood alone: %s',
    async (text) => {
      const relation = await guess();
      const opened = await catalogue.open(path);
      await opened.setRelation(relation, 'confirmed');
      await writeFile(file(), text);
      expect((await catalogue.open(path)).knowledge.relations.map((known) => known.origin)).not.toContain('confirmed');
      await expect(opened.setRelation(relation, 'rejected')).rejects.toMatchObject({ code: 'config.invalid' });
      expect(await readFile(file(), 'utf8')).toBe(text);
    },
  );
});
