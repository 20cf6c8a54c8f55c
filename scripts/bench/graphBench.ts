/**
 * What knowing a schema costs: introspection and graph of a generated file with 1,000 tables and 2,500 keys, join trees, join paths,
 * guessed relations and the value index. Some tables are hubs that many others refer to, as `users` is in real schemas.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { buildSchemaGraph } from '../../test/support/buildSchemaGraph.js';
import { declaredRelations } from '../../src/core/graph/declaredRelations.js';
import { findJoinPaths } from '../../src/core/graph/findJoinPaths.js';
import { findJoinTrees } from '../../src/core/graph/findJoinTrees.js';
import { inferRelations } from '../../src/core/graph/inferRelations.js';
import { buildJoinGraph, type JoinGraph } from '../../src/core/graph/joinGraph.js';
import { ValueIndex } from '../../src/core/graph/ValueIndex.js';
import { introspect } from '../../src/sqlite/introspect.js';
import { openDatabase } from '../../src/sqlite/openDatabase.js';
import { mean, median } from './averages.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
  readonly note?: string;
}

const columnsPerTable = 10;
const hubs = 10;

export async function runGraphBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'graph-bench-'));
  try {
    const path = join(folder, 'large.db');
    await execute(path, schemaText(1000, 2500));
    const rows: BenchRow[] = [];
    const database = await openDatabase(path);
    const indexing: number[] = [];
    let schema = await introspect(database, { name: 'large.db' });
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      schema = await introspect(database, { name: 'large.db' });
      buildSchemaGraph([{ schema, relations: declaredRelations(schema) }]);
      indexing.push(performance.now() - start);
    }
    await database.close();
    const relations = declaredRelations(schema);
    if (schema.tables.length !== 1000 || relations.length !== 2500)
      throw new Error(`made ${schema.tables.length} tables and ${relations.length} keys`);
    rows.push({ name: 'graph: 1,000 tables and 2,500 keys read and made', value: median(indexing), unit: 'ms', bar: 1000 });
    rows.push({
      name: 'graph: guesses for 1,000 tables without keys',
      value: time(() => inferRelations(schema, { known: [] })),
      unit: 'ms',
    });
    rows.push(...pathRows(buildJoinGraph(relations)), ...(await treeRows(join(folder, 'middle.db'))), ...valueRows());
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pathRows(graph: JoinGraph): BenchRow[] {
  const random = generator(5);
  const pick = (): string => graph.tables[Math.floor(random() * graph.tables.length)] ?? '';
  findJoinPaths(graph, pick(), pick());
  const times = Array.from({ length: 300 }, () => {
    const [from, to] = [pick(), pick()];
    return time(() => findJoinPaths(graph, from, to));
  });
  return [
    { name: 'graph: all join paths to depth 5, 1,000 tables, mean', value: mean(times), unit: 'ms', bar: 20 },
    { name: 'graph: all join paths to depth 5, 1,000 tables, slowest of 300', value: Math.max(...times), unit: 'ms', bar: 20 },
  ];
}

async function treeRows(path: string): Promise<BenchRow[]> {
  await execute(path, schemaText(200, 500));
  const database = await openDatabase(path);
  const graph = buildJoinGraph(declaredRelations(await introspect(database, { name: 'middle.db' })));
  await database.close();
  const random = generator(9);
  const pick = (): string => graph.tables[Math.floor(random() * graph.tables.length)] ?? '';
  const measure = (terminals: number, alternatives: number): number[] => {
    for (let round = 0; round < 20; round++) findJoinTrees(graph, Array.from({ length: terminals }, pick), { alternatives });
    return Array.from({ length: 100 }, () => {
      const tables = Array.from({ length: terminals }, pick);
      return time(() => findJoinTrees(graph, tables, { alternatives }));
    });
  };
  const name = 'graph: join tree over 200 tables';
  return [
    { name: `${name}, 5 terminals`, value: mean(measure(5, 0)), unit: 'ms', bar: 5 },
    { name: `${name}, 3 terminals with alternatives`, value: mean(measure(3, 4)), unit: 'ms', bar: 5 },
    { name: `${name}, 5 terminals with alternatives`, value: mean(measure(5, 4)), unit: 'ms' },
    { name: `${name}, 8 terminals, approximate`, value: mean(measure(8, 0)), unit: 'ms', bar: 5 },
  ];
}

function valueRows(): BenchRow[] {
  const random = generator(3);
  const syllables = ['ka', 'to', 'mi', 'ren', 'sol', 'ber', 'lin', 'da', 'vor', 'es', 'un', 'ha', 'ley', 'stra'];
  const word = (): string =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * syllables.length)]).join('');
  const columns = Array.from({ length: 10 }, (_, at) => ({
    table: `t${at}`,
    column: 'name',
    complete: true,
    values: Array.from({ length: 10_000 }, (_value, row) => `${word()} ${word()} ${row}`),
  }));
  let index = ValueIndex.build([]);
  const build = time(() => {
    index = ValueIndex.build(columns);
  });
  const asked = columns.flatMap((column) => column.values.slice(0, 20)).map((value) => value.slice(0, -1).toUpperCase());
  const finding = asked.map((mention) => time(() => index.find(mention, 20)));
  return [
    { name: `graph: value index over ${index.size} values built`, value: build, unit: 'ms', bar: 60_000 },
    { name: 'graph: value looked up, mean', value: mean(finding), unit: 'ms' },
  ];
}

/** DDL with exactly so many tables and keys; a tenth of the keys go to hubs. */
function schemaText(tables: number, keys: number): string {
  const random = generator(1);
  const wanted = new Map<number, Set<number>>();
  for (let made = 0; made < keys;) {
    const child = made < tables - 1 ? made + 1 : 1 + Math.floor(random() * (tables - 1));
    const parent = Math.floor(random() * (random() < 0.1 ? Math.min(hubs, child) : child));
    const parents = wanted.get(child) ?? new Set<number>();
    if (parents.has(parent) || parents.size > columnsPerTable - 3) {
      if (made < tables - 1) made++;
      continue;
    }
    wanted.set(child, parents.add(parent));
    made++;
  }
  // Tables whose first draw was taken already leave a few keys open.
  let missing = keys - [...wanted.values()].reduce((sum, parents) => sum + parents.size, 0);
  for (let child = tables - 1; missing > 0; child--) {
    const parents = wanted.get(child) ?? new Set<number>();
    for (let parent = 0; parent < child && missing > 0 && parents.size < columnsPerTable - 2; parent++) {
      if (parents.has(parent)) continue;
      wanted.set(child, parents.add(parent));
      missing--;
    }
  }
  return Array.from({ length: tables }, (_, table) => {
    const parents = [...(wanted.get(table) ?? [])];
    const references = parents.map((parent) => `thing_${parent}_id INTEGER REFERENCES thing_${parent}(id)`);
    const plain = Array.from({ length: columnsPerTable - 1 - parents.length }, (_column, at) => `detail_${at} TEXT`);
    return `CREATE TABLE thing_${table} (id INTEGER PRIMARY KEY, ${[...references, ...plain].join(', ')});`;
  }).join('\n');
}

function execute(path: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, (opened: Error | null) => {
      if (opened) return reject(opened);
      database.exec(`BEGIN;${sql};COMMIT`, (error: Error | null) =>
        error ? reject(error) : database.close((closed) => (closed ? reject(closed) : resolve())),
      );
    });
  });
}

/** Numbers in [0, 1), the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) / 0x800000;
  };
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
