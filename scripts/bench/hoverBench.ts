/**
 * What the tree costs on generated schemas that double: the hover of a table with its ranked join paths, for the tables of an open
 * file and for central ones, and the list of all tables. A hub is referred to by many, as `users` is in real schemas.
 */
import { buildJoinGraph } from '../../src/core/graph/joinGraph.js';
import { rankJoinPaths } from '../../src/core/graph/rankJoinPaths.js';
import { type Relation } from '../../src/core/graph/types.js';
import { tableNodes } from '../../src/core/presentation/schemaTree.js';
import { tableHover } from '../../src/core/presentation/tableHover.js';
import { type DatabaseSchema, type Table } from '../../src/core/schema/types.js';
import { sayInEnglish } from '../../src/engine/words/hoverSentences.js';
import { median } from './averages.js';
import { type BenchRow } from './graphBench.js';

const sizes = [25, 50, 100, 200, 400, 800, 1600];
const columnsPerTable = 10;
const hubs = 10;
/** Milliseconds that a hover may take. */
const bar = 50;

export function runHoverBench(): Promise<BenchRow[]> {
  const found = sizes.map((size) => ({ size, ...measure(size) }));
  const small = found[0];
  const large = found.at(-1);
  if (!small || !large) throw new Error('nothing was measured');
  const doublings = sizes.length - 1;
  const rows = [small, large].flatMap(({ size, middle, worst, list }): BenchRow[] => [
    { name: `hover: table of ${size}, median`, value: middle, unit: 'ms', bar },
    { name: `hover: table of ${size}, worst`, value: worst, unit: 'ms', bar },
    { name: `tree: list of ${size} tables`, value: list, unit: 'ms' },
  ]);
  const growth = (before: number, after: number): number => (after / before) ** (1 / doublings);
  return Promise.resolve([
    ...rows,
    { name: 'hover: growth of the median per doubling', value: growth(small.middle, large.middle), unit: 'times' },
    { name: 'tree: growth of the list per doubling', value: growth(small.list, large.list), unit: 'times' },
  ]);
}

interface Times {
  readonly middle: number;
  readonly worst: number;
  readonly list: number;
}

function measure(size: number): Times {
  const schema = makeSchema(size);
  const relations = makeRelations(size);
  const graph = buildJoinGraph(relations);
  const hover = (table: Table, working: readonly string[]): string =>
    tableHover(
      {
        database: '/data/large.db',
        databaseLabel: 'large.db',
        table,
        profiles: [],
        paths: rankJoinPaths(graph, table.name, { working }),
        elsewhere: [],
        reading: false,
      },
      sayInEnglish,
    );
  const step = Math.max(1, Math.floor(size / 100));
  const tables = schema.tables.filter((_, at) => at % step === 0);
  for (const table of tables.slice(0, 20)) hover(table, []);
  const times = tables.flatMap((table, at) => {
    const far = [1, 2, 3].map((part) => name((at * 7 + Math.floor((size * part) / 4)) % size));
    return [time(() => hover(table, [])), time(() => hover(table, far))];
  });
  const lists = Array.from({ length: 9 }, () => time(() => tableNodes({ path: '/data/large.db', schema, relations }, { filter: '', sort: 'name' }))); // prettier-ignore
  return { middle: median(times), worst: Math.max(...times), list: median(lists) };
}

function time(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function name(at: number): string {
  return `table_${at}`;
}

function makeSchema(size: number): DatabaseSchema {
  const columns = Array.from({ length: columnsPerTable }, (_, at) => ({ name: `column_${at}`, type: 'INTEGER', affinity: 'INTEGER' as const, notNull: false, primaryKey: at === 0 ? 1 : 0 })); // prettier-ignore
  const tables = Array.from({ length: size }, (_, at): Table => ({ name: name(at), kind: 'table', columns, primaryKey: ['column_0'], foreignKeys: [], indexes: [], triggers: [], checks: [], withoutRowid: false, strict: false, ddl: '' })); // prettier-ignore
  return { id: '/data/large.db', name: 'large.db', tables, problems: [], schemaHash: '' };
}

/** 2.5 keys a table: to hubs, to a neighbour, and anywhere. Every run makes the same ones. */
function makeRelations(size: number): readonly Relation[] {
  let state = 7;
  const below = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % limit;
  };
  return Array.from({ length: Math.floor(size * 2.5) }, (_, at): Relation => {
    const child = name(at % size);
    const parent = name(at % 3 === 0 ? below(Math.min(hubs, size)) : at % 3 === 1 ? (at + 1) % size : below(size));
    const isGuess = at % 5 === 0;
    return {
      id: `${child}(column_${1 + (at % 9)})->${parent}(column_0) ${at}`,
      child,
      childColumns: [`column_${1 + (at % 9)}`],
      parent,
      parentColumns: ['column_0'],
      origin: isGuess ? 'inferred' : 'declared',
      confidence: isGuess ? 0.7 : 1,
      cardinality: 'N:1',
      ...(isGuess ? { reason: { rule: 'tableIdSuffix' as const } } : {}),
    };
  });
}
