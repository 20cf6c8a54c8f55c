/**
 * A database as another prompt may show it (D1): tables and columns in another order, the gold's tables among a few near ones only, some keys
 * untold. What the gold needs is always there. Variants are few and shared by many pairs, so that training still shares their prefix.
 */
import { findJoinTrees } from '../../core/graph/findJoinTrees.js';
import { buildJoinGraph, type JoinGraph, otherEnd } from '../../core/graph/joinGraph.js';
import { type DatabaseKnowledge } from '../../core/nl2sql/types.js';
import { type Table } from '../../core/schema/types.js';
import { unquoteIdentifier } from '../../core/sql/quote.js';
import { significantTokens } from '../../core/sql/tokenize.js';
import { type OpenedDatabase } from '../catalogue/types.js';
import { drawn, shuffled } from './chance.js';

export interface Variation {
  readonly seed: number;
  /** In how many orders of tables and columns each database is written; 0 keeps its own. */
  readonly orders: number;
  /** Tables shown beside those of the gold, nearest by joins first; absent shows all. */
  readonly distractors?: number;
  /** Share 0..1 of the relations that a variant does not tell. */
  readonly droppedKeys: number;
}

const variants = new WeakMap<DatabaseKnowledge, Map<string, OpenedDatabase>>();

/** The database as the prompt of one pair shows it. Equal variants are one object. */
export function variedDatabase(
  opened: OpenedDatabase,
  pair: { readonly id: string; readonly gold: string },
  variation: Variation,
): OpenedDatabase {
  const { knowledge } = opened;
  const order = variation.orders > 0 ? Math.floor(drawn(`${variation.seed} order ${pair.id}`) * variation.orders) : 0;
  const seed = `${variation.seed} ${knowledge.schema.name} ${order}`;
  const shown =
    variation.distractors === undefined ? undefined : tablesAround(opened, tablesOf(pair.gold, knowledge), variation.distractors, seed);
  const key = `${seed} ${variation.orders} ${variation.droppedKeys} ${shown?.join('\u0000') ?? ''}`;
  const known = variants.get(knowledge) ?? new Map<string, OpenedDatabase>();
  variants.set(knowledge, known);
  const made = known.get(key) ?? withKnowledge(opened, variedKnowledge(knowledge, variation, seed, shown));
  known.set(key, made);
  return made;
}

/** Stored names of the tables that a statement names, and of those that are named like one of its columns or aliases: never too few. */
export function tablesOf(sql: string, { schema }: DatabaseKnowledge): string[] {
  const named = new Set(significantTokens(sql).map((token) => unquoteIdentifier(token.text).toLowerCase()));
  return schema.tables.filter((table) => named.has(table.name.toLowerCase())).map((table) => table.name);
}

/** The tables and the `count` nearest others: fewest joins first, those that no join reaches last, ties by chance. */
function tablesAround(opened: OpenedDatabase, tables: readonly string[], count: number, seed: string): string[] {
  const hops = hopsFrom(opened.joinGraph, tables);
  const hopsTo = (table: Table): number => hops[opened.joinGraph.find(table.name) ?? -1] ?? Infinity;
  const others = shuffled(
    opened.knowledge.schema.tables.filter((table) => !tables.includes(table.name)),
    `${seed} near`,
    (table) => table.name,
  );
  // Two infinities have no difference; a stable sort keeps equals in their order of chance.
  others.sort((a, b) => (hopsTo(a) === hopsTo(b) ? 0 : hopsTo(a) - hopsTo(b)));
  return [...tables, ...others.slice(0, count).map((table) => table.name)].sort();
}

function hopsFrom(graph: JoinGraph, tables: readonly string[]): number[] {
  const hops = graph.tables.map(() => Infinity);
  let level = tables.flatMap((table) => graph.find(table) ?? []);
  for (let depth = 0; level.length > 0; depth++) {
    for (const table of level) hops[table] = Math.min(hops[table] ?? Infinity, depth);
    const next = level.flatMap((table) =>
      (graph.incident[table] ?? []).flatMap((index) => (graph.edges[index] ? [otherEnd(graph.edges[index], table)] : [])),
    );
    level = [...new Set(next)].filter((table) => hops[table] === Infinity);
  }
  return hops;
}

function variedKnowledge(knowledge: DatabaseKnowledge, variation: Variation, seed: string, shown?: readonly string[]): DatabaseKnowledge {
  const { schema, relations, profiles } = knowledge;
  const visible = shown === undefined ? schema.tables : schema.tables.filter((table) => shown.includes(table.name));
  const names = new Set(visible.map((table) => table.name));
  const told = relations.filter(
    (relation) => names.has(relation.child) && names.has(relation.parent) && drawn(`${seed} key ${relation.id}`) >= variation.droppedKeys,
  );
  const tables = variation.orders === 0 ? visible : shuffled(visible, seed, (table) => table.name).map((table) => reordered(table, seed));
  return {
    schema: { ...schema, tables },
    relations: variation.orders === 0 ? told : shuffled(told, seed, (relation) => relation.id),
    profiles: profiles.filter((profile) => names.has(profile.table)),
  };
}

function reordered(table: Table, seed: string): Table {
  return { ...table, columns: shuffled(table.columns, `${seed} ${table.name}`, (column) => column.name) };
}

function withKnowledge(opened: OpenedDatabase, knowledge: DatabaseKnowledge): OpenedDatabase {
  const joinGraph = buildJoinGraph(knowledge.relations);
  const names = new Set(knowledge.schema.tables.map((table) => table.name));
  return {
    knowledge,
    joinGraph,
    database: opened.database,
    onChanged: opened.onChanged,
    indexed: opened.indexed,
    joinTrees: (tables) => findJoinTrees(joinGraph, tables),
    findValues: (mention, limit) => opened.findValues(mention, limit).filter((match) => names.has(match.table)),
    smallDomain: (table, column) => opened.smallDomain(table, column),
    whenIndexed: (timeoutMs, token) => opened.whenIndexed(timeoutMs, token),
    inclusionOf: (relation) => opened.inclusionOf(relation),
    setRelation: (relation, verdict) => opened.setRelation(relation, verdict),
    verdicts: opened.verdicts,
    forgetVerdicts: (ids) => opened.forgetVerdicts(ids),
  };
}
