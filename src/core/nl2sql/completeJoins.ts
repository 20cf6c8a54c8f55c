/**
 * I1: the model writes which columns it wants, the graph supplies FROM. Columns of tables that a SELECT does not join are looked up in the
 * schema, the tables are connected along the cheapest join path, and names that became ambiguous are qualified (IRNet's SemQL
 * leaves FROM out altogether; RAT-SQL completes it by shortest paths). What cannot be placed is left as it is: SQLite then refuses it.
 */
import { type JoinTree, type Relation } from '../graph/types.js';
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { type ColumnUse, readScopes, type SelectScope, type Source } from './selectScopes.js';

export interface CompletionInput {
  readonly schema: DatabaseSchema;
  /** Cheapest trees first. */
  readonly joinTrees: (tables: readonly string[]) => readonly JoinTree[];
  /** Tables that the question speaks of, most relevant first; they win ties. */
  readonly preferred: readonly string[];
}

export interface Completion {
  readonly sql: string;
  /** Tables that were added to some FROM. */
  readonly added: readonly string[];
}

/** A source whose table exists. */
interface KnownSource extends Source {
  readonly stored: Table;
}

export function completeJoins(sql: string, input: CompletionInput): Completion {
  const tokens = significantTokens(sql);
  const added: string[] = [];
  const edits = readScopes(tokens).flatMap((scope) => completeScope(scope, tokens, input, added));
  return { sql: applyEdits(sql, edits), added };
}

function completeScope(scope: SelectScope, tokens: readonly Token[], input: CompletionInput, added: string[]): TextEdit[] {
  const sources = knownSources(scope, input.schema);
  if (!sources || sources.length === 0 || scope.fromEnd < 0) return [];
  const joined = new Map<string, string>(sources.map((source) => [source.stored.name, source.name]));
  const steps: string[] = [];
  const homes = new Map<ColumnUse, string>();
  for (const use of scope.columns) {
    const home = placeColumn(use, scope, sources, joined, input);
    if (home === undefined) continue;
    if (!joined.has(home) && !addPath(home, joined, steps, input, added)) continue;
    homes.set(use, home);
  }
  const last = tokens[scope.fromEnd - 1];
  const insert: TextEdit[] = steps.length > 0 && last ? [{ start: last.end, end: last.end, text: steps.join('') }] : [];
  return [...insert, ...qualify(scope, tokens, joined, homes, input.schema), ...starEdit(scope, tokens, steps, sources)];
}

/** Undefined when a source is a subquery or an unknown table: then nothing certain can be said about this scope. */
function knownSources(scope: SelectScope, schema: DatabaseSchema): KnownSource[] | undefined {
  const known: KnownSource[] = [];
  for (const source of scope.sources) {
    const stored = source.table === undefined ? undefined : findTable(schema, source.table);
    if (!stored) return undefined;
    known.push({ ...source, stored });
  }
  return known;
}

/** The stored name of the table that a column belongs to when it must be (newly) qualified; undefined leaves it alone. */
function placeColumn(
  use: ColumnUse,
  scope: SelectScope,
  sources: readonly KnownSource[],
  joined: ReadonlyMap<string, string>,
  input: CompletionInput,
): string | undefined {
  if (use.qualifier !== undefined) {
    const named = sources.find((source) => same(source.name, use.qualifier));
    if (named && hasColumn(named.stored, use.name)) return undefined;
    if (!named && isOuterSource(scope.parent, use.qualifier)) return undefined;
    const table = named ? undefined : findTable(input.schema, use.qualifier);
    if (table && hasColumn(table, use.name)) return table.name;
  } else {
    if (sources.some((source) => hasColumn(source.stored, use.name))) return undefined;
    if (scope.aliases.some((alias) => same(alias, use.name)) && use.clause !== 'select') return undefined;
    if (isOuterColumn(scope.parent, use.name, input.schema) && use.clause !== 'select') return undefined;
  }
  return closestOwner(use.name, [...joined.keys()], input);
}

function closestOwner(column: string, from: readonly string[], input: CompletionInput): string | undefined {
  const owners = input.schema.tables.filter((table) => hasColumn(table, column));
  const inFrom = owners.find((table) => from.includes(table.name));
  if (inFrom) return inFrom.name;
  const preference = (table: string): number => (input.preferred.includes(table) ? input.preferred.indexOf(table) : input.preferred.length);
  const ranked = owners
    .map((table) => ({ table: table.name, cost: cheapestTree(from, table.name, input)?.cost ?? Infinity }))
    .filter((entry) => entry.cost < Infinity)
    .sort((a, b) => a.cost - b.cost || preference(a.table) - preference(b.table));
  return ranked[0]?.table;
}

function cheapestTree(from: readonly string[], table: string, input: CompletionInput): JoinTree | undefined {
  const trees = from.flatMap((start) => input.joinTrees([start, table]).slice(0, 1)).filter((tree) => tree.steps.length > 0);
  return trees.sort((a, b) => a.cost - b.cost)[0];
}

/** Joins the path to a table; tables on the way that are already there are used as they are. */
function addPath(table: string, joined: Map<string, string>, steps: string[], input: CompletionInput, added: string[]): boolean {
  const tree = cheapestTree([...joined.keys()], table, input);
  if (!tree) return false;
  let open = [...tree.steps];
  while (open.length > 0) {
    const next = open.find((step) => joined.has(step.from) !== joined.has(step.to));
    if (!next) break;
    const fresh = joined.has(next.from) ? next.to : next.from;
    joined.set(fresh, fresh);
    steps.push(` JOIN ${quoteIdentifier(fresh)} ON ${condition(next.relation, joined)}`);
    added.push(fresh);
    open = open.filter((step) => step !== next && !(joined.has(step.from) && joined.has(step.to)));
  }
  return joined.has(table);
}

function condition(relation: Relation, names: ReadonlyMap<string, string>): string {
  const column = (table: string, name: string): string => `${quoteIdentifier(names.get(table) ?? table)}.${quoteIdentifier(name)}`;
  return relation.childColumns
    .map((own, at) => `${column(relation.child, own)} = ${column(relation.parent, relation.parentColumns[at] ?? '')}`)
    .join(' AND ');
}

/** Writes the new homes, and a qualifier wherever two joined tables have the name. */
function qualify(
  scope: SelectScope,
  tokens: readonly Token[],
  joined: ReadonlyMap<string, string>,
  homes: ReadonlyMap<ColumnUse, string>,
  schema: DatabaseSchema,
): TextEdit[] {
  const tables = [...joined.keys()].flatMap((name) => findTable(schema, name) ?? []);
  return scope.columns.flatMap((use): TextEdit[] => {
    const owners = tables.filter((table) => hasColumn(table, use.name));
    const home = homes.get(use) ?? (use.qualifier === undefined && owners.length > 1 ? owners[0]?.name : undefined);
    if (home === undefined || (scope.aliases.some((alias) => same(alias, use.name)) && use.clause === 'order')) return [];
    const stored = findTable(schema, home)?.columns.find((column) => same(column.name, use.name))?.name ?? use.name;
    const name =
      owners.length > 1 || use.qualifier !== undefined
        ? `${quoteIdentifier(joined.get(home) ?? home)}.${quoteIdentifier(stored)}`
        : quoteIdentifier(stored);
    const start = tokens[use.start]?.start ?? 0;
    const end = tokens[use.end - 1]?.end ?? start;
    return [{ start, end, text: name }];
  });
}

/** `SELECT *` keeps its meaning when tables are added: the columns of the tables that were written. */
function starEdit(scope: SelectScope, tokens: readonly Token[], steps: readonly string[], sources: readonly KnownSource[]): TextEdit[] {
  const star = tokens[scope.star];
  if (!star || steps.length === 0) return [];
  return [{ start: star.start, end: star.end, text: sources.map((source) => `${quoteIdentifier(source.name)}.*`).join(', ') }];
}

function isOuterSource(scope: SelectScope | undefined, name: string): boolean {
  return scope !== undefined && (scope.sources.some((source) => same(source.name, name)) || isOuterSource(scope.parent, name));
}

function isOuterColumn(scope: SelectScope | undefined, name: string, schema: DatabaseSchema): boolean {
  if (!scope) return false;
  const here = scope.sources.some((source) => source.table === undefined || hasColumn(findTable(schema, source.table), name));
  return here || isOuterColumn(scope.parent, name, schema);
}

function findTable(schema: DatabaseSchema, name: string): Table | undefined {
  return schema.tables.find((table) => same(table.name, name));
}

function hasColumn(table: Table | undefined, name: string): boolean {
  return table !== undefined && (table.columns.some((column) => same(column.name, name)) || /^(?:rowid|oid|_rowid_)$/i.test(name));
}

/** SQLite compares names without ASCII case. */
function same(a: string, b: string | undefined): boolean {
  return b !== undefined && sameName(a, b);
}
