/**
 * Questions about a schema that its graph answers (D2): neighbours, joins, bridges, paths. They teach a small model to read the graph that the prompt
 * writes down. Only questions with one right answer are asked; answers follow from the graph alone.
 */
import { findJoinPaths } from '../../core/graph/findJoinPaths.js';
import { type JoinGraph } from '../../core/graph/joinGraph.js';
import { type JoinTree } from '../../core/graph/types.js';
import { relationCondition } from '../../core/nl2sql/schemaText.js';
import { type DatabaseKnowledge } from '../../core/nl2sql/types.js';
import { type Table } from '../../core/schema/types.js';
import { quoteIdentifier } from '../../core/sql/quote.js';
import { shuffled } from './chance.js';

export const graphTaskKinds = ['neighbours', 'columns', 'joinable', 'bridge', 'path', 'home'] as const;
export type GraphTaskKind = (typeof graphTaskKinds)[number];

export interface GraphTask {
  readonly kind: GraphTaskKind;
  readonly question: string;
  /** One line; lists are in the order of the alphabet. */
  readonly answer: string;
}

/** Pairs of tables that are looked at; more would teach nothing new about one schema. */
const mostPairs = 400;
const mostJoins = 4;
const nothing = 'none';

/** Up to `count` tasks, the kinds in turn; fewer where the schema has no more. */
export function graphTasks(knowledge: DatabaseKnowledge, graph: JoinGraph, count: number, seed: string): GraphTask[] {
  const tables = knowledge.schema.tables;
  const couples = shuffled(
    tables.flatMap((from) => tables.filter((to) => to !== from).map((to) => [from, to] as const)),
    seed,
    ([from, to]) => `${from.name}\u0000${to.name}`,
  ).slice(0, mostPairs);
  const tasks = [
    ...tables.map((table) => neighboursTask(table, graph)),
    ...couples.flatMap(([from, to]) => coupleTasks(from, to, graph, seed)),
    ...homeTasks(tables),
  ];
  const byKind = graphTaskKinds.map((kind) =>
    shuffled(
      tasks.filter((task) => task.kind === kind),
      seed,
      (task) => task.question,
    ),
  );
  const longest = Math.max(0, ...byKind.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => byKind.flatMap((list) => list[at] ?? []))
    .flat()
    .slice(0, count);
}

function neighboursTask(table: Table, graph: JoinGraph): GraphTask {
  const number = graph.find(table.name);
  const near = (number === undefined ? [] : (graph.incident[number] ?? [])).flatMap((index) => {
    const edge = graph.edges[index];
    return edge ? [graph.tables[edge.a === number ? edge.b : edge.a] ?? ''] : [];
  });
  return { kind: 'neighbours', question: `Which tables join ${quoteIdentifier(table.name)} directly?`, answer: listOf(near) };
}

function coupleTasks(from: Table, to: Table, graph: JoinGraph, seed: string): GraphTask[] {
  const names = `${quoteIdentifier(from.name)} and ${quoteIdentifier(to.name)}`;
  const paths = findJoinPaths(graph, from.name, to.name, { maxDepth: mostJoins, limit: 16 });
  const [best] = paths;
  if (!best) {
    const apart = { kind: 'path', question: `How do ${names} join?`, answer: 'no path' } as const;
    return graph.find(from.name) === undefined || graph.find(to.name) === undefined ? [apart] : [];
  }
  if (paths.some((path) => path !== best && path.steps.length <= best.steps.length)) return [];
  const between = best.tables.filter((table) => table !== from.name && table !== to.name);
  // Neighbours abound, and nothing lies between them: half of them are asked for.
  const isAsked = between.length > 0 || from.name < to.name;
  const tasks: GraphTask[] = isAsked ? [{ kind: 'bridge', question: `Which tables lie between ${names}?`, answer: listOf(between) }] : [];
  const [step] = best.steps;
  if (best.steps.length === 1 && step) {
    tasks.push({ kind: 'columns', question: `Which columns join ${names}?`, answer: relationCondition(step.relation) });
    return [...tasks, ...joinableTasks(from, to, best, seed)];
  }
  return [...tasks, { kind: 'path', question: `How do ${names} join?`, answer: pathText(best) }];
}

/** One pair of columns that joins, and one of the same tables that does not. */
function joinableTasks(from: Table, to: Table, path: JoinTree, seed: string): GraphTask[] {
  const relation = path.steps[0]?.relation;
  if (!relation || relation.childColumns.length !== 1) return [];
  const [own, theirs] =
    relation.child === from.name ? [relation.childColumns, relation.parentColumns] : [relation.parentColumns, relation.childColumns];
  const ask = (left: string, right: string, answer: string): GraphTask => ({
    kind: 'joinable',
    question: `Does ${columnName(from, left)} join ${columnName(to, right)}?`,
    answer,
  });
  const others = to.columns.filter((column) => column.name !== theirs[0]);
  const [wrong] = shuffled(others, `${seed} ${from.name} ${to.name}`, (column) => column.name);
  return [ask(own[0] ?? '', theirs[0] ?? '', 'yes'), ...(wrong ? [ask(own[0] ?? '', wrong.name, 'no')] : [])];
}

function homeTasks(tables: readonly Table[]): GraphTask[] {
  const homes = new Map<string, { readonly spelling: string; readonly tables: string[] }>();
  for (const table of tables) {
    for (const { name } of table.columns) {
      const home = homes.get(name.toLowerCase()) ?? { spelling: name, tables: [] };
      home.tables.push(table.name);
      homes.set(name.toLowerCase(), home);
    }
  }
  return [...homes.values()].map(({ spelling, tables: owners }) => ({
    kind: 'home',
    question: `Which tables have the column ${quoteIdentifier(spelling)}?`,
    answer: listOf(owners),
  }));
}

function columnName(table: Table, column: string): string {
  return `${quoteIdentifier(table.name)}.${quoteIdentifier(column)}`;
}

function listOf(tables: readonly string[]): string {
  return tables.length === 0 ? nothing : [...tables].sort().map(quoteIdentifier).join(', ');
}

function pathText(path: JoinTree): string {
  const hops = path.steps.map((step) => `JOIN ${quoteIdentifier(step.to)} ON ${relationCondition(step.relation)}`);
  return [quoteIdentifier(path.steps[0]?.from ?? ''), ...hops].join(' ');
}
