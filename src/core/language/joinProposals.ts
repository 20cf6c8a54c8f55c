/**
 * What JOIN could be followed by, finished: neighbours along every relation, also parallel, composite and self-referring ones, and
 * tables several joins away with the tables between them. Ranked by the cost of the path, then by what the statement already
 * uses but does not have. The paths are the graph's; here they get names and conditions.
 */
import { findJoinTrees } from '../graph/findJoinTrees.js';
import { relationWeight } from '../graph/joinGraph.js';
import { orderJoinTree } from '../graph/joinTree.js';
import { growDistances } from '../graph/shortestPaths.js';
import { foldName } from '../graph/tableKeys.js';
import { type JoinStep, type Relation } from '../graph/types.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type LanguageSchema } from './languageSchema.js';
import { type Proposal } from './proposal.js';
import { pickName } from './tableAlias.js';

export interface JoinedTable {
  /** Stored name. */
  readonly table: string;
  /** By which the statement calls it. */
  readonly name: string;
  /** A common table or subquery that passes only these columns of the table on, folded, under these names. Absent for the table itself. */
  readonly columns?: ReadonlyMap<string, string>;
}

export interface JoinContext {
  readonly schema: LanguageSchema;
  /** Tables in scope in front of the cursor, in the order of the text. */
  readonly joined: readonly JoinedTable[];
  /** Folded names that are no longer free. */
  readonly taken: ReadonlySet<string>;
  /** New tables get aliases, as the ones before. */
  readonly wantsAlias: boolean;
  /** Qualifiers that the statement uses without having them, with the columns it wants of them. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
  /** Words for further joins, such as `LEFT JOIN`, and what separates them. */
  readonly joinWords: string;
  readonly separator: string;
  readonly on: string;
  readonly and: string;
}

/** Joins at most on a proposed path. */
const deepest = 3;
/** Proposals of several joins at most; nearest tables first. */
const farLimit = 24;
/** Of this many near tables other ways of about the same cost are offered too. */
const alternativesFor = 8;

interface Candidate {
  readonly steps: readonly JoinStep[];
  readonly cost: number;
  /** Where the path begins. */
  readonly from: JoinedTable;
  /** Order in which the table of FROM was written, the last one first. */
  readonly age: number;
}

export function joinProposals(context: JoinContext): readonly Proposal[] {
  const near = neighbourCandidates(context);
  return [...near, ...farCandidates(context)].map((candidate) => render(candidate, context)).sort((a, b) => a.rank - b.rank);
}

function ageOf({ joined }: JoinContext, table: JoinedTable): number {
  return joined.length - 1 - joined.indexOf(table);
}

/** One join: every relation of every table in scope, each once per table. */
function neighbourCandidates(context: JoinContext): Candidate[] {
  return context.joined.flatMap((from) => {
    const own = foldName(from.table);
    return context.schema.relations.flatMap((relation) => {
      const ends: (readonly [string, boolean])[] = [];
      if (foldName(relation.child) === own) ends.push([relation.parent, false]);
      if (foldName(relation.parent) === own) ends.push([relation.child, relation.cardinality === 'N:1']);
      const steps = ends
        .map(([to, fanOut]): JoinStep => ({ relation, from: from.table, to, fanOut }))
        .filter((step) => canStart(step, from));
      return steps.map((step): Candidate => ({ steps: [step], cost: relationWeight(relation), from, age: ageOf(context, from) }));
    });
  });
}

/** False when the columns that the step needs are not passed on. */
function canStart(step: JoinStep, { columns }: JoinedTable): boolean {
  const { relation } = step;
  return !columns || (newIsChild(step) ? relation.parentColumns : relation.childColumns).every((column) => columns.has(foldName(column)));
}

/** Two and three joins, through tables that are not in scope yet. */
function farCandidates(context: JoinContext): Candidate[] {
  const { graph } = context.schema;
  const origin = new Map<number, JoinedTable>();
  // The last table of FROM wins where two are equally far.
  for (const table of context.joined) {
    const number = graph.find(table.table);
    if (number !== undefined) origin.set(number, table);
  }
  const start = new Float64Array(graph.tables.length).fill(Infinity);
  for (const number of origin.keys()) start[number] = 0;
  const { cost, edge } = growDistances(graph, start, new Set());
  const targets = graph.tables.flatMap((_table, number) => {
    const relations: Relation[] = [];
    let at = number;
    while (!origin.has(at) && relations.length <= deepest) {
      const link = graph.edges[edge[at] ?? -1];
      const relation = link?.relations[0];
      if (!link || !relation) return [];
      relations.push(relation);
      at = link.a === at ? link.b : link.a;
    }
    const from = origin.get(at);
    return from && relations.length >= 2 && relations.length <= deepest
      ? [{ number, from, relations, cost: cost[number] ?? Infinity }]
      : [];
  });
  targets.sort((a, b) => a.cost - b.cost || a.number - b.number);
  const found = targets.slice(0, farLimit).flatMap(({ number, from, relations, cost: total }, place) => {
    const direct = { steps: orderJoinTree(from.table, relations).steps, cost: total };
    const trees = place < alternativesFor ? farTrees(context, from.table, graph.tables[number] ?? '') : [];
    const ways = trees.length > 0 ? trees : [direct];
    const possible = ways.filter(({ steps }) => steps[0] && canStart(steps[0], from));
    return possible.map((way): Candidate => ({ ...way, from, age: ageOf(context, from) }));
  });
  return found;
}

function farTrees({ schema, joined }: JoinContext, from: string, to: string): Pick<Candidate, 'steps' | 'cost'>[] {
  const inScope = new Set(joined.map(({ table }) => foldName(table)));
  return findJoinTrees(schema.graph, [from, to], { alternatives: 3, maxDepth: deepest }).filter(
    ({ steps }) => steps.length >= 2 && steps.every((step) => !inScope.has(foldName(step.to))),
  );
}

interface NamedStep {
  readonly step: JoinStep;
  readonly name: string;
  readonly text: string;
}

function render(candidate: Candidate, context: JoinContext): Proposal {
  const taken = new Set(context.taken);
  const named = new Map<string, JoinedTable>([[foldName(candidate.from.table), candidate.from]]);
  const parts = candidate.steps.map((step, at): NamedStep => {
    const isLast = at === candidate.steps.length - 1;
    const wished = isLast ? wishedName(step.to, context) : undefined;
    const name = wished ?? pickName(step.to, taken, context.wantsAlias);
    taken.add(foldName(name));
    const source = foldName(name) === foldName(step.to) ? quoteIdentifier(step.to) : `${quoteIdentifier(step.to)} ${quoteIdentifier(name)}`;
    const before = named.get(foldName(step.from)) ?? { table: step.from, name: step.from };
    const fresh: JoinedTable = { table: step.to, name };
    if (!isLast) named.set(foldName(step.to), fresh);
    return { step, name, text: `${source} ${context.on} ${conditionText(step, before, fresh, context.and)}` };
  });
  const last = parts.at(-1);
  const table = last?.step.to ?? '';
  const bridges = parts.slice(0, -1).map(({ step }) => step.to);
  const source = last?.text.slice(0, last.text.indexOf(` ${context.on} `)) ?? '';
  const detail = bridges.length > 0 ? ` ← ${[...bridges].reverse().join(' ← ')}` : last?.text.slice(source.length);
  return {
    kind: 'join',
    label: source,
    ...(detail === undefined ? {} : { detail }),
    description: cardinality(candidate.steps),
    insert: parts.map(({ text }) => text).join(`${context.separator}${context.joinWords} `),
    filter: [source, ...bridges].join(' '),
    rank: rankOf(candidate, table, context),
    steps: candidate.steps,
    table,
  };
}

/** A qualifier that is used already, when the table has all the columns that are wanted of it. */
function wishedName(table: string, { wanted, schema, taken }: JoinContext): string | undefined {
  const stored = schema.table(table);
  const columns = new Set(stored?.columns.map(({ name }) => foldName(name)));
  for (const [qualifier, names] of wanted) {
    if (taken.has(foldName(qualifier)) || names.length === 0) continue;
    if (names.every((name) => columns.has(foldName(name))) && foldName(qualifier).charAt(0) === foldName(table).charAt(0)) return qualifier;
  }
  return undefined;
}

/** A table that refers to itself: with fan-out the new rows are the children. */
function newIsChild({ relation, fanOut, to }: JoinStep): boolean {
  return foldName(relation.child) === foldName(relation.parent) ? fanOut : foldName(relation.child) === foldName(to);
}

/** Equalities of one step, from what is joined already to what is new. */
export function conditionText(step: JoinStep, from: JoinedTable, fresh: JoinedTable, and: string): string {
  const { childColumns, parentColumns } = step.relation;
  const [child, parent] = newIsChild(step) ? [fresh, from] : [from, fresh];
  return childColumns.map((column, at) => `${columnText(child, column)} = ${columnText(parent, parentColumns[at] ?? '')}`).join(` ${and} `);
}

function columnText({ name, columns }: JoinedTable, column: string): string {
  return `${quoteIdentifier(name)}.${quoteIdentifier(columns?.get(foldName(column)) ?? column)}`;
}

/** Rows on the side of the statement to rows of the new table. */
function cardinality(steps: readonly JoinStep[]): string {
  const isMany = steps.some(({ fanOut }) => fanOut);
  const isUnique = steps.every(({ relation }) => relation.cardinality === '1:1');
  if (isUnique) return '1:1';
  return isMany ? (steps.every(({ fanOut }) => fanOut) ? '1:N' : 'N:N') : 'N:1';
}

function rankOf({ cost, age, steps }: Candidate, table: string, context: JoinContext): number {
  const isAgain = context.joined.some((entry) => foldName(entry.table) === foldName(table));
  const isWished = wishedName(table, context) !== undefined || hasWantedColumn(table, context);
  const { graph } = context.schema;
  // Among equals, tables that many others hang on are what one is usually after; more rows than before less so.
  const degree = Math.min(graph.incident[graph.find(table) ?? -1]?.length ?? 0, 20) / 20;
  const fanOut = steps.some((step) => step.fanOut) ? 1.5 : 0;
  return cost * 10 + (steps.length - 1) * 5 + Math.min(age, 9) * 2 + fanOut - degree + (isAgain ? 15 : 0) - (isWished ? 30 : 0);
}

/** Unqualified columns that no table in scope has stand under the empty qualifier. */
function hasWantedColumn(table: string, { wanted, schema }: JoinContext): boolean {
  const columns = new Set(schema.table(table)?.columns.map(({ name }) => foldName(name)));
  const names = wanted.get('') ?? [];
  return wanted.has(foldName(table)) || names.some((name) => columns.has(foldName(name)));
}
