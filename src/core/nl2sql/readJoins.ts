/** Which relations a statement joins along, and whether an aggregate counts rows of a table more than once because of them. */
import { type JoinStep, type Relation } from '../graph/types.js';
import { type DatabaseSchema } from '../schema/types.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { type ColumnUse, equalColumns, readScopes, type SelectScope } from './selectScopes.js';

export interface JoinReading {
  /** In the order of the text, each relation once per SELECT. */
  readonly joins: readonly JoinStep[];
  /** Tables whose rows a 1:N join multiplies under SUM, AVG, TOTAL or COUNT of one of their columns. */
  readonly fanOut: readonly string[];
}

export function readJoins(sql: string, schema: DatabaseSchema, relations: readonly Relation[]): JoinReading {
  const tokens = significantTokens(sql);
  const joins: JoinStep[] = [];
  const fanOut = new Set<string>();
  for (const scope of readScopes(tokens)) {
    const found = scopeJoins(scope, tokens, schema, relations);
    joins.push(...found);
    for (const table of aggregatedTables(scope, tokens, schema)) if (isMultiplied(table, found)) fanOut.add(table);
  }
  return { joins, fanOut: [...fanOut] };
}

function scopeJoins(scope: SelectScope, tokens: readonly Token[], schema: DatabaseSchema, relations: readonly Relation[]): JoinStep[] {
  const equal = new Set<string>();
  for (const pair of equalColumns(scope, tokens)) {
    const [left, right] = [resolve(pair[0], scope, schema), resolve(pair[1], scope, schema)];
    if (left && right) equal.add(pairKey(left, right)).add(pairKey(right, left));
  }
  const order = scope.sources.map((source) => storedName(source.table, schema));
  const used = relations.filter((relation) =>
    relation.childColumns.every((column, at) =>
      equal.has(pairKey(`${relation.child}.${column}`, `${relation.parent}.${relation.parentColumns[at] ?? ''}`)),
    ),
  );
  return used.map((relation) => {
    const childFirst = order.indexOf(relation.child) <= order.indexOf(relation.parent);
    const [from, to] = childFirst ? [relation.child, relation.parent] : [relation.parent, relation.child];
    return { relation, from, to, fanOut: !childFirst && relation.cardinality === 'N:1' };
  });
}

function pairKey(a: string, b: string): string {
  return `${a.toLowerCase()}=${b.toLowerCase()}`;
}

/** `table.column` with stored names, undefined when it cannot be told. */
function resolve(use: ColumnUse, scope: SelectScope, schema: DatabaseSchema): string | undefined {
  const candidates = scope.sources.filter(
    (source) => use.qualifier === undefined || source.name.toLowerCase() === use.qualifier.toLowerCase(),
  );
  for (const source of candidates) {
    const table = schema.tables.find((entry) => entry.name.toLowerCase() === source.table?.toLowerCase());
    const column = table?.columns.find((entry) => entry.name.toLowerCase() === use.name.toLowerCase());
    if (table && column) return `${table.name}.${column.name}`;
  }
  return undefined;
}

function storedName(table: string | undefined, schema: DatabaseSchema): string {
  return schema.tables.find((entry) => entry.name.toLowerCase() === table?.toLowerCase())?.name ?? '';
}

function aggregatedTables(scope: SelectScope, tokens: readonly Token[], schema: DatabaseSchema): string[] {
  return scope.columns.flatMap((use) => {
    const call = tokens[use.start - 2]?.text ?? '';
    if (tokens[use.start - 1]?.text !== '(' || !/^(?:SUM|AVG|TOTAL|COUNT)$/i.test(call)) return [];
    const table = resolve(use, scope, schema)?.split('.')[0];
    return table === undefined ? [] : [table];
  });
}

/** The rows of a table come up several times when another table of the join hangs on it, or on a parent of it, by an N:1 relation. */
function isMultiplied(table: string, joins: readonly JoinStep[]): boolean {
  const open = [table];
  const climbed = new Set<Relation>();
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    for (const { relation } of joins) {
      if (climbed.has(relation) || relation.child === relation.parent) continue;
      if (relation.parent === here && relation.cardinality === 'N:1') return true;
      if (relation.child !== here && relation.parent !== here) continue;
      climbed.add(relation);
      open.push(relation.child === here ? relation.parent : relation.child);
    }
  }
  return false;
}
