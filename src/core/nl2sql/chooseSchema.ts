/**
 * Step 2: which tables a question may need, most relevant first, and how they join. Tables that only connect others (bridges)
 * are kept because the join trees name them. With links switched off every table is kept in schema order.
 */
import { type JoinTree } from '../graph/types.js';
import { type DatabaseKnowledge, type LinkedQuestion, type QuestionLink, type SchemaChoice } from './types.js';

export interface ChooseOptions {
  /** Join trees over tables, cheapest first; absent switches join paths off. */
  readonly joinTrees?: (tables: readonly string[]) => readonly JoinTree[];
  /** How many tables may be kept at most, terminals and bridges always included. */
  readonly maxTables: number;
}

const weights: Readonly<Record<QuestionLink['kind'], number>> = {
  tableExact: 4,
  tablePartial: 1,
  columnExact: 2,
  columnPartial: 0.5,
  value: 3,
  number: 0,
  time: 0,
};
/** A word that this many tables share says nothing about which of them is meant. */
const ambiguousFrom = 3;
const maxTerminals = 5;

export function chooseSchema(knowledge: DatabaseKnowledge, linked: LinkedQuestion, options: ChooseOptions): SchemaChoice {
  const scores = scoreTables(knowledge, linked.links);
  const terminals = findTerminals(linked.links, scores);
  const joins = options.joinTrees && terminals.length > 1 ? options.joinTrees(terminals) : [];
  const bridges = [...new Set(joins[0]?.tables ?? [])].filter((table) => !terminals.includes(table));
  const first = [...terminals, ...bridges];
  const neighbours = neighboursOf(first, knowledge).filter((table) => !first.includes(table));
  const others = knowledge.schema.tables.map((table) => table.name).filter((name) => !first.includes(name) && !neighbours.includes(name));
  const byScore = (list: readonly string[]): string[] => [...list].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
  const scored = byScore([...neighbours, ...others].filter((table) => (scores.get(table) ?? 0) > 0));
  const unscored = (table: string): boolean => !scored.includes(table);
  const related = [...first, ...scored, ...neighbours.filter(unscored)];
  const most = Math.max(options.maxTables, first.length);
  const tables = [...related, ...others.filter(unscored)].slice(0, most);
  return { tables, related: related.slice(0, most), terminals, joins, bridges };
}

function scoreTables(knowledge: DatabaseKnowledge, links: readonly QuestionLink[]): Map<string, number> {
  const scores = new Map(knowledge.schema.tables.map((table) => [table.name, 0]));
  for (const [, group] of groupBySpan(links)) {
    const tables = new Set(group.map((link) => link.table));
    // A span shared by several tables is evidence for each of them, divided.
    for (const link of group) {
      if (link.table === undefined) continue;
      scores.set(link.table, (scores.get(link.table) ?? 0) + (weights[link.kind] * link.score) / tables.size);
    }
  }
  return scores;
}

function groupBySpan(links: readonly QuestionLink[]): Map<string, QuestionLink[]> {
  const groups = new Map<string, QuestionLink[]>();
  for (const link of links) {
    const key = `${link.start}-${link.end}`;
    const group = groups.get(key);
    if (group) group.push(link);
    else groups.set(key, [link]);
  }
  return groups;
}

/** Tables that the question names, and owners of columns and values that few tables share. */
function findTerminals(links: readonly QuestionLink[], scores: ReadonlyMap<string, number>): string[] {
  const found = new Set<string>();
  const named = links.filter((link) => link.kind === 'tableExact').map((link) => link.table);
  for (const table of named) if (table !== undefined) found.add(table);
  for (const [, group] of groupBySpan(links)) {
    const owners = [
      ...new Set(group.filter((link) => link.kind === 'columnExact' || link.kind === 'value').map((link) => link.table ?? '')),
    ];
    if (owners.length === 0 || owners.length >= ambiguousFrom || owners.some((owner) => found.has(owner))) continue;
    const best = owners.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0))[0];
    if (best) found.add(best);
  }
  return [...found].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0)).slice(0, maxTerminals);
}

function neighboursOf(tables: readonly string[], knowledge: DatabaseKnowledge): string[] {
  const found = new Set<string>();
  for (const relation of knowledge.relations) {
    if (tables.includes(relation.child)) found.add(relation.parent);
    if (tables.includes(relation.parent)) found.add(relation.child);
  }
  return [...found];
}
