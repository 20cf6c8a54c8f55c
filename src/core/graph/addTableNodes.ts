/** Puts one table with its columns, indexes and sample values into the schema graph. Relations between tables come later. */
import { type ColumnProfile, type SqlValue, type Table } from '../schema/types.js';
import { edgeKey, inverseKey, nodeKey } from './nodeKeys.js';
import { type GraphEdge, type TypedGraph } from './schemaGraphTypes.js';
import { findColumn } from './tableKeys.js';

/** Up to this many columns every pair is joined by a `same-table` edge; a wider table joins neighbours only, as pairs grow with the square. */
const pairedColumns = 8;
/** Shared by all edges: large schemas have tens of thousands of them. */
const has: GraphEdge & { kind: 'has' } = Object.freeze({ kind: 'has', inverse: false });
const hasInverse: GraphEdge = Object.freeze({ kind: 'has', inverse: true });
const sameTable: GraphEdge = Object.freeze({ kind: 'same-table' });
/** Characters of a sample value. */
const sampleLength = 60;

/** A node whose name may resemble others. */
export interface NamedNode {
  readonly key: string;
  readonly kind: 'table' | 'column';
  readonly name: string;
  readonly owner: string;
}

/** Gives the table and its columns for comparison by name. */
export function addTableNodes(
  graph: TypedGraph,
  root: string,
  database: string,
  table: Table,
  signature: string,
  profiles: readonly ColumnProfile[],
): readonly NamedNode[] {
  const key = nodeKey('table', database, table.name);
  graph.addNode(key, { kind: table.kind === 'view' ? 'view' : 'table', name: table.name, tableKind: table.kind, signature });
  link(graph, root, key, has);
  const columns = table.columns.map((column) => {
    const node = nodeKey('column', database, table.name, column.name);
    graph.addNode(node, { kind: 'column', name: column.name, type: column.type });
    link(graph, key, node, has);
    return node;
  });
  table.primaryKey.forEach((name, at) => {
    const column = findColumn(table, name);
    if (column) link(graph, key, nodeKey('column', database, table.name, column.name), { kind: 'pk', inverse: false, position: at + 1 });
  });
  addSameTable(graph, columns);
  addIndexes(graph, database, table, key);
  addSamples(graph, database, table, profiles);
  const named = table.columns.map((column, at): NamedNode => ({ key: columns[at] ?? '', kind: 'column', name: column.name, owner: key }));
  return [{ key, kind: 'table', name: table.name, owner: root }, ...named];
}

function addSameTable(graph: TypedGraph, columns: readonly string[]): void {
  columns.forEach((a, at) => {
    const others = columns.length <= pairedColumns ? columns.slice(at + 1) : columns.slice(at + 1, at + 2);
    for (const b of others) graph.addUndirectedEdgeWithKey(edgeKey('same-table', a, b), a, b, sameTable);
  });
}

function addIndexes(graph: TypedGraph, database: string, table: Table, key: string): void {
  for (const index of table.indexes) {
    const node = nodeKey('index', database, table.name, index.name);
    if (graph.hasNode(node)) continue;
    graph.addNode(node, { kind: 'index', name: index.name, unique: index.unique });
    link(graph, key, node, has);
    for (const name of new Set(index.columns)) {
      const column = name === null ? undefined : findColumn(table, name);
      if (column) link(graph, node, nodeKey('column', database, table.name, column.name), has);
    }
  }
}

function addSamples(graph: TypedGraph, database: string, table: Table, profiles: readonly ColumnProfile[]): void {
  for (const profile of profiles) {
    const column = findColumn(table, profile.column);
    if (!column) continue;
    for (const value of new Set(profile.examples.flatMap(sampleText))) {
      const node = nodeKey('value', database, table.name, column.name, value);
      graph.addNode(node, { kind: 'value-sample', value });
      link(graph, nodeKey('column', database, table.name, column.name), node, has);
    }
  }
}

/** Bytes and nothing are no samples for people. */
function sampleText(value: SqlValue): string | [] {
  return value === null || value instanceof Uint8Array ? [] : String(value).slice(0, sampleLength);
}

function link(graph: TypedGraph, source: string, target: string, edge: Extract<GraphEdge, { kind: 'has' | 'pk' }>): void {
  const key = edgeKey(edge.kind, source, target);
  graph.addDirectedEdgeWithKey(key, source, target, edge);
  graph.addDirectedEdgeWithKey(inverseKey(key), target, source, edge.kind === 'has' ? hasInverse : { ...edge, inverse: true });
}
