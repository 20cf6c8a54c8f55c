/** A database of 10 GB costs what is shown of it: the bytes that this process reads are counted by the kernel, not the time. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../src/core/shared/cancellation.js';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { createCatalogue } from '../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../src/engine/catalogue/types.js';
import { ResultSet } from '../../../src/engine/results/resultSet.js';
import { readGraphContent } from '../../../src/host/features/graphPanel/graphContent.js';
import { TreeModel } from '../../../src/host/features/schemaTree/treeModel.js';
import { SchemaService } from '../../../src/host/services/schemaService.js';
import { layoutSchema } from '../../../src/layout/layoutSchema.js';
import { graphInNumbers } from '../../../src/core/presentation/graphInNumbers.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { makeTestFolder, type TestFolder } from '../../support/buildFixture.js';
import { buildSparseDatabase, sparseRows } from '../../support/sparseDatabase.js';

const counters = '/proc/self/io';
const note = existsSync(counters) ? '' : ' (skipped: this system does not count what a process reads)';
const megabyte = 1024 * 1024;

/** Bytes that this process has read so far, from the cache of the system too. */
const readSoFar = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync(counters, 'utf8'))?.[1]);

/** Megabytes read by the work. */
async function cost(work: () => Promise<void>): Promise<number> {
  const before = readSoFar();
  await work();
  return (readSoFar() - before) / megabyte;
}

describe.skipIf(note !== '')(`a database of 10 GB${note}`, () => {
  let folder: TestFolder;
  let path: string;
  let catalogue: Catalogue;
  let schemas: SchemaService;

  beforeAll(async () => {
    folder = makeTestFolder();
    path = await buildSparseDatabase(folder.file('huge.db'));
    catalogue = createCatalogue({ stateFolder: folder.file('state') });
    schemas = new SchemaService(() => Promise.resolve(catalogue), silentLogger);
  });
  afterAll(async () => {
    schemas.dispose();
    await catalogue.close();
    folder.remove();
  });

  it('is one that SQLite reads, and reading all of it would be seen', async () => {
    const database = await openDatabase(path);
    const limits = { timeoutMs: 60_000, maxRows: 1 };
    const all = await cost(async () => {
      const { rows } = await database.run('SELECT count(*), min(id), max(id), sum(length(body)), count(DISTINCT kind) FROM huge', limits);
      expect(rows).toEqual([[sparseRows, 1, sparseRows, sparseRows * 60_000, 7]]);
    });
    expect(all).toBeGreaterThan(200);
    await database.close();
  });

  it('tree: opening and expanding reads the schema', async () => {
    const model = new TreeModel(schemas, () => Promise.resolve([path]));
    const read = await cost(async () => {
      const nodes = await model.children(model.root(path));
      expect(nodes.map((node) => node.kind === 'table' && node.table.name)).toEqual(['huge', 'small']);
      for (const node of nodes) expect((await model.children(node)).length).toBeGreaterThan(1);
    });
    expect(read).toBeLessThan(8);
  });

  it('graph: drawing it reads nothing more', async () => {
    const read = await cost(async () => {
      const words = { labelOf: () => 'huge.db', sentenceOf: String };
      const { databases, failures } = await readGraphContent([path], schemas, words, neverCancelled);
      expect(failures).toEqual([]);
      expect(databases[0]?.relations.map(({ child, parent }) => `${child}→${parent}`)).toEqual(['small→huge']);
      expect(layoutSchema(graphInNumbers(databases, 'columns'))).toHaveLength(2);
    });
    expect(read).toBeLessThan(2);
  });

  it('indexing reads samples that weigh a bounded amount, whatever a row weighs', async () => {
    const opened = await schemas.open(path);
    const read = await cost(() => opened.whenIndexed(60_000));
    expect(opened.indexed).toBe(true);
    const kind = opened.knowledge.profiles.find(({ column }) => column === 'kind');
    expect(kind).toMatchObject({ distinct: 7, sampled: true });
    expect(read).toBeLessThan(1024);
    expect(opened.knowledge.profiles.find(({ table, column }) => table === 'small' && column === 'huge_id')?.sampled).toBe(false);
  });

  it('hover: facts of a column are at hand, those of a relation are a few look-ups', async () => {
    const opened = await schemas.open(path);
    const relation = opened.knowledge.relations[0];
    const read = await cost(async () => {
      expect(relation && (await opened.inclusionOf(relation))).toEqual({ distinct: 3, share: 2 / 3, sampled: false });
    });
    expect(read).toBeLessThan(8);
  });

  it('grid: a first page, a sorted one by the key and the last rows read what they show', async () => {
    const set = await ResultSet.open({ database: path, sql: 'SELECT id, kind, length(body) AS bytes FROM huge' }, neverCancelled);
    const first = await cost(async () => {
      expect((await set.page(0, 100, neverCancelled)).rows.at(-1)).toEqual([100, 'kind 2', 60_000]);
    });
    expect(first).toBeLessThan(16);
    await set.close();
    const last = await ResultSet.open({ database: path, sql: 'SELECT * FROM huge WHERE id > 3990' }, neverCancelled);
    const end = await cost(async () => expect((await last.page(0, 100, neverCancelled)).rows).toHaveLength(10));
    expect(end).toBeLessThan(4);
    await last.close();
  });
});
