/**
 * Indexes that might help a statement: columns that it compares, sorts or groups by. Generous on purpose, for SQLite's planner judges each of
 * them afterwards; it reads tokens and resolves a bare name to every table in sight that has it.
 */
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { quoteIdentifier, unquoteIdentifier } from './quote.js';
import { significantTokens, type Token } from './tokenize.js';

export interface IndexCandidate {
  readonly table: string;
  /** In the order of the index. */
  readonly columns: readonly string[];
}

type Use = 'equal' | 'range' | 'sort';

const equal: ReadonlySet<string> = new Set(['=', '==', 'IS', 'IN']);
const range: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'BETWEEN', 'LIKE', 'GLOB']);
const clauseEnds: ReadonlySet<string> = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'HAVING',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'WINDOW',
  ';',
]);
/** Columns of one index at most. */
const mostColumns = 4;

/** The table that a name in a plan means: a table, or the alias of one. */
export function tableOfSource(sql: string, source: string, schema: DatabaseSchema): Table | undefined {
  const bare = unquoteIdentifier(source.replace(/^main\./i, ''));
  const alias = aliasesOf(significantTokens(sql), schema).get(bare.toLowerCase());
  return alias ?? schema.tables.find(({ name, kind }) => kind === 'table' && sameName(name, bare));
}

/** For one table under one of its names; those with more columns first. Indexes that exist, or begin like one, are left out. */
export function indexCandidates(sql: string, source: string, table: Table): IndexCandidate[] {
  const uses = columnUses(significantTokens(sql), unquoteIdentifier(source.replace(/^main\./i, '')), table);
  const of = (use: Use): string[] => [...new Set(uses.filter((entry) => entry.use === use).map(({ column }) => column))];
  const [equals, ranges, sorts] = [of('equal'), of('range'), of('sort')];
  const lists = [
    ...ranges.map((column) => [...equals, column]),
    [...equals, ...sorts],
    equals,
    ...equals.map((column) => [column, ...sorts]),
    ...equals.flatMap((column) => ranges.map((other) => [column, other])),
    ...equals.map((column) => [column]),
    ...ranges.map((column) => [column]),
    sorts,
  ].map((columns) => [...new Set(columns)].slice(0, mostColumns));
  const isNew = (columns: readonly string[], at: number): boolean =>
    columns.length > 0 && !isIndexed(columns, table) && lists.findIndex((other) => other.join('\u0000') === columns.join('\u0000')) === at;
  return lists.filter(isNew).map((columns) => ({ table: table.name, columns }));
}

/** `CREATE INDEX orders_customer_id ON orders(customer_id)`, under a name that no table, column or index of the schema has. */
export function indexDdl({ table, columns }: IndexCandidate, schema: DatabaseSchema): string {
  const taken = new Set(
    schema.tables.flatMap((other) => [other.name, ...other.indexes.map(({ name }) => name)]).map((name) => name.toLowerCase()),
  );
  const base = `${table}_${columns.join('_')}`.replaceAll(/[^\p{L}\p{N}_]+/gu, '_');
  let name = base;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base}_${number}`;
  return `CREATE INDEX ${quoteIdentifier(name)} ON ${quoteIdentifier(table)}(${columns.map(quoteIdentifier).join(', ')})`;
}

function isIndexed(columns: readonly string[], table: Table): boolean {
  const begins = (longer: readonly (string | null)[]): boolean =>
    columns.every((column, at) => longer[at] !== null && sameName(longer[at] ?? '', column));
  return begins(table.primaryKey) || table.indexes.some((index) => !index.partial && begins(index.columns));
}

function columnUses(tokens: readonly Token[], source: string, table: Table): { column: string; use: Use }[] {
  const uses: { column: string; use: Use }[] = [];
  let sorting = false;
  tokens.forEach((token, at) => {
    const word = token.text.toUpperCase();
    if (word === 'BY' && token.kind === 'keyword') sorting = /^(?:ORDER|GROUP)$/i.test(tokens[at - 1]?.text ?? '');
    else if (clauseEnds.has(word)) sorting = false;
    const column = columnAt(tokens, at, source, table);
    if (column === undefined) return;
    if (sorting || isExtreme(tokens, at)) uses.push({ column, use: 'sort' });
    const use = comparison(tokens, at);
    if (use) uses.push({ column, use });
  });
  return uses;
}

/** A column of the table, bare or behind one of its names. */
function columnAt(tokens: readonly Token[], at: number, source: string, table: Table): string | undefined {
  const token = tokens[at];
  if (token?.kind !== 'identifier' || tokens[at + 1]?.text === '(' || tokens[at + 1]?.text === '.') return undefined;
  const isQualified = tokens[at - 1]?.text === '.';
  const qualifier = unquoteIdentifier(tokens[at - 2]?.text ?? '');
  if (isQualified && !sameName(qualifier, source) && !sameName(qualifier, table.name)) return undefined;
  return table.columns.find(({ name }) => sameName(name, unquoteIdentifier(token.text)))?.name;
}

/** `max(column)`: the end of an index answers it. */
function isExtreme(tokens: readonly Token[], at: number): boolean {
  const open = tokens[at - 1]?.text === '.' ? at - 3 : at - 1;
  return tokens[open]?.text === '(' && /^(?:min|max)$/i.test(tokens[open - 1]?.text ?? '');
}

/** What the column is compared by, on either side of it. */
function comparison(tokens: readonly Token[], at: number): Use | undefined {
  const isQualified = tokens[at - 1]?.text === '.';
  const before = tokens[isQualified ? at - 3 : at - 1]?.text.toUpperCase() ?? '';
  const collated = tokens[at + 1]?.text.toUpperCase() === 'COLLATE' ? 2 : 0;
  const after = tokens[at + 1 + collated]?.text.toUpperCase() ?? '';
  if (equal.has(after) || equal.has(before)) return 'equal';
  if (range.has(after) || range.has(before)) return 'range';
  // `BETWEEN a AND column` and the columns of USING.
  return before === '(' && tokens[at - 2]?.text.toUpperCase() === 'USING' ? 'equal' : undefined;
}

/** Aliases behind FROM, JOIN, UPDATE and commas, in lower case. */
function aliasesOf(tokens: readonly Token[], schema: DatabaseSchema): Map<string, Table> {
  const aliases = new Map<string, Table>();
  tokens.forEach((token, at) => {
    if (token.kind !== 'identifier') return;
    const table = schema.tables.find(({ name, kind }) => kind === 'table' && sameName(name, unquoteIdentifier(token.text)));
    const next = tokens[at + 1];
    const alias = next?.text.toUpperCase() === 'AS' ? tokens[at + 2] : next;
    if (table && alias?.kind === 'identifier') aliases.set(unquoteIdentifier(alias.text).toLowerCase(), table);
  });
  return aliases;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
