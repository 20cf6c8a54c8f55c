import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EvalItem } from '../../../../src/core/eval/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import {
  type Augmentation,
  exportPrompts,
  type ExportLine,
  type ExportOptions,
  type PairLine,
  type PrefixLine,
  type TaskLine,
} from '../../../../src/engine/training/exportPrompts.js';
import { makeDatabase, makeFolder } from '../eval/makeDatabase.js';

const plain: ExportOptions = { template: 'chatml', views: ['ddl'], style: 'bare', showValues: true, schemaBudget: 2_600 };
const augmentation: Augmentation = { seed: 1, orders: 0, droppedKeys: 0, viewsEach: 9, graphTasks: 0 };
let catalogue: Catalogue;
let folder: ReturnType<typeof makeFolder>;
let database: string;

beforeAll(async () => {
  folder = makeFolder();
  catalogue = createCatalogue({ stateFolder: join(folder.path, 'state') });
  // A chain a - b - c - d - e, and f apart.
  database = await makeDatabase(
    join(folder.path, 'chain.sqlite'),
    `CREATE TABLE f (fid INTEGER PRIMARY KEY, note TEXT);
     CREATE TABLE a (aid INTEGER PRIMARY KEY, name TEXT, size INTEGER);
     CREATE TABLE b (bid INTEGER PRIMARY KEY, aid INTEGER REFERENCES a(aid), label TEXT);
     CREATE TABLE c (cid INTEGER PRIMARY KEY, bid INTEGER REFERENCES b(bid));
     CREATE TABLE d (did INTEGER PRIMARY KEY, cid INTEGER REFERENCES c(cid));
     CREATE TABLE e (eid INTEGER PRIMARY KEY, did INTEGER REFERENCES d(did));
     INSERT INTO a VALUES (1, 'Linda', 3), (2, 'Tracy', 4); INSERT INTO b VALUES (1, 1, 'x');`,
  );
});

afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

const golds = ['SELECT name FROM a', 'SELECT a.name FROM a JOIN b ON b.aid = a.aid', 'SELECT COUNT(*) FROM c', 'SELECT MAX(eid) FROM e'];

async function linesOf(
  changes: Partial<Augmentation> | undefined,
  options: Partial<ExportOptions> = {},
  repeat = 1,
): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  const all: ExportOptions = { ...plain, ...options, ...(changes === undefined ? {} : { augmentation: { ...augmentation, ...changes } }) };
  const items = Array.from({ length: repeat }, (_, round) =>
    golds.map((gold, at): EvalItem => ({ id: `q${round}-${at}`, db: 'chain', database, question: `What about ${gold.at(-1)}?`, gold })),
  ).flat();
  for await (const line of exportPrompts(catalogue, items, all, neverCancelled)) lines.push(line);
  return lines;
}

const pairs = (lines: readonly ExportLine[]): PairLine[] => lines.filter((line): line is PairLine => line.kind === 'pair');
const tasks = (lines: readonly ExportLine[]): TaskLine[] => lines.filter((line): line is TaskLine => line.kind === 'task');
const prefixes = (lines: readonly ExportLine[]): PrefixLine[] => lines.filter((line): line is PrefixLine => line.kind === 'prefix');
const schemaOf = (lines: readonly ExportLine[], key: string): string =>
  prefixes(lines).find((line) => line.key === key)?.parts.map((part) => part.text).join('') ?? ''; // prettier-ignore
const grammarOf = (lines: readonly ExportLine[]): boolean[] => pairs(lines).map((line) => line.inGrammar);
const tablesIn = (text: string): string[] => [...text.matchAll(/CREATE TABLE (\w+)/g)].map((match) => match[1] ?? '');

describe('prompts for augmentation', () => {
  it('without an option are those that the product asks with', async () => {
    expect(await linesOf({})).toEqual(await linesOf(undefined));
  });

  it('several views write each pair in each, or in some, under ids of their own', async () => {
    const views = ['ddl', 'mSchema', 'edges'] as const;
    const all = pairs(await linesOf({}, { views }));
    expect(all.filter((line) => line.id.startsWith('q0-0')).map((line) => line.id).sort()).toEqual(['q0-0@ddl', 'q0-0@edges', 'q0-0@mSchema']); // prettier-ignore
    expect(new Set(all.map((line) => line.sql)).size).toBe(golds.length);
    const some = pairs(await linesOf({ viewsEach: 2 }, { views }, 5));
    expect(some).toHaveLength(2 * 5 * golds.length);
    expect(new Set(some.map((line) => line.id)).size).toBe(some.length);
    expect(new Set(some.map((line) => line.id.split('@')[1]))).toEqual(new Set(views));
  });

  it('orders are few, hold the same tables and columns, and leave the grammar its word', async () => {
    const lines = await linesOf({ orders: 3 }, {}, 8);
    expect(prefixes(lines).length).toBeGreaterThan(1);
    expect(prefixes(lines).length).toBeLessThanOrEqual(3);
    const orders = prefixes(lines).map((line) => tablesIn(schemaOf(lines, line.key)));
    expect(new Set(orders.map((order) => order.join())).size).toBe(orders.length);
    for (const order of orders) expect([...order].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    const columns = (text: string): string[] => [.../CREATE TABLE a \(([^;]*)\);/.exec(text)?.[1]?.matchAll(/^ {2}(\w+)/gm) ?? []].map((match) => match[1] ?? ''); // prettier-ignore
    const seen = prefixes(lines).map((line) => columns(schemaOf(lines, line.key)));
    for (const list of seen) expect([...list].sort()).toEqual(['aid', 'name', 'size']);
    expect(grammarOf(lines)).toEqual(grammarOf(await linesOf(undefined, {}, 8)));
    expect(await linesOf({ orders: 3 }, {}, 8)).toEqual(lines);
    expect(await linesOf({ orders: 3, seed: 2 }, {}, 8)).not.toEqual(lines);
  });

  it('distractors are the nearest tables; those of the SQL are always there', async () => {
    const shown = async (distractors: number): Promise<string[][]> => {
      const lines = await linesOf({ distractors });
      return pairs(lines).map((line) => tablesIn(schemaOf(lines, line.prefixKey)).sort());
    };
    expect(await shown(0)).toEqual([['a'], ['a', 'b'], ['c'], ['e']]);
    expect((await shown(1))[0]).toEqual(['a', 'b']);
    expect((await shown(2))[3]).toEqual(['c', 'd', 'e']);
    expect((await shown(4)).every((tables) => !tables.includes('f') || tables.length === 6)).toBe(true);
    expect((await shown(99))[0]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('keys can be left untold without anybody losing a statement', async () => {
    const lines = await linesOf({ droppedKeys: 1 });
    expect(JSON.stringify(lines)).not.toContain('FOREIGN KEY');
    expect(JSON.stringify(lines)).not.toContain('Join path');
    expect(grammarOf(lines)).toEqual(grammarOf(await linesOf(undefined)));
    const some = await linesOf({ droppedKeys: 0.5, orders: 6 }, {}, 12);
    const told = prefixes(some).map((line) => schemaOf(some, line.key).split('FOREIGN KEY').length - 1);
    expect(Math.min(...told)).toBeLessThan(4);
    expect(Math.max(...told)).toBeGreaterThan(0);
  });

  it('questions about the schema stand on the prefixes of its pairs and end for an answer in text', async () => {
    const lines = await linesOf({ graphTasks: 12 });
    expect(tasks(lines)).toHaveLength(12);
    expect(prefixes(lines)).toHaveLength(1);
    for (const task of tasks(lines)) {
      const text = task.rest.map((part) => part.text).join('');
      expect(task.prefixKey).toBe(prefixes(lines)[0]?.key);
      expect(text.endsWith('```text\n') && text.includes(`Question: ${task.question}`)).toBe(true);
      expect(text).not.toContain('Join path');
      expect(task.answer).toMatch(/^[^\n]+$/);
    }
    expect(tasks(lines).find((task) => task.question === 'Which tables join f directly?')?.answer ?? 'none').toBe('none');
  });
});
