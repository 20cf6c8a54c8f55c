/**
 * The typed multigraph over all databases of a workspace. It is updated in place and touches only tables that have changed. Paths
 * are searched on the relations themselves (`joinGraph`); this graph is for looking around and for whoever wants the whole picture.
 */
import { MultiGraph } from 'graphology';
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { hashText } from '../shared/hash.js';
import { addTableNodes } from './addTableNodes.js';
import { NameGroups } from './nameGroups.js';
import { edgeKey, inverseKey, nodeKey } from './nodeKeys.js';
import { type GraphDatabase, type GraphEdge, type GraphNode, type TypedGraph } from './schemaGraphTypes.js';
import { findColumn, foldName } from './tableKeys.js';
import { type Relation } from './types.js';

export interface GraphChange {
  /** Stored names of tables whose nodes were made anew. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export class SchemaGraph {
  readonly graph: TypedGraph = new MultiGraph<GraphNode, GraphEdge>({ allowSelfLoops: true });
  readonly #names = new NameGroups(this.graph);
  readonly #databases = new Map<string, { readonly tables: Map<string, string>; relations: Map<string, Relation> }>();

  /** Ids of the databases that are in the graph. */
  get databases(): readonly string[] {
    return [...this.#databases.keys()];
  }

  /** Stored names of the tables of a database, in the order of its schema; empty when it is not in the graph. */
  tablesOf(id: string): readonly string[] {
    return [...(this.#databases.get(id)?.tables.keys() ?? [])];
  }

  /** Ids of the databases that have a table of this name, whatever its case. */
  databasesWith(table: string): readonly string[] {
    const name = foldName(table);
    return this.databases.filter((id) => this.tablesOf(id).some((other) => foldName(other) === name));
  }

  /** Brings one database up to date; unchanged tables keep their nodes. */
  update(database: GraphDatabase): GraphChange {
    const { schema } = database;
    const known = this.#databases.get(schema.id) ?? { tables: new Map<string, string>(), relations: new Map<string, Relation>() };
    this.#databases.set(schema.id, known);
    const root = nodeKey('db', schema.id);
    this.graph.mergeNode(root, { kind: 'db', name: schema.name, schemaHash: schema.schemaHash });
    const present = new Set(schema.tables.map((table) => table.name));
    const removed = [...known.tables.keys()].filter((name) => !present.has(name));
    for (const name of removed) this.#dropTable(schema.id, name, known.tables);
    const profiles = groupProfiles(database);
    const changed = schema.tables.filter((table) => {
      const signature = hashText(JSON.stringify([table, profiles.get(table.name) ?? []], plainValue));
      if (known.tables.get(table.name) === signature) return false;
      this.#dropTable(schema.id, table.name, known.tables);
      this.#names.add(addTableNodes(this.graph, root, schema.id, table, signature, profiles.get(table.name) ?? []));
      known.tables.set(table.name, signature);
      return true;
    });
    this.#names.connect();
    known.relations = this.#updateRelations(schema, known.relations, database.relations);
    return { changed: changed.map((table) => table.name), removed };
  }

  /** Takes a database out; nothing happens when it is not there. */
  remove(id: string): void {
    const known = this.#databases.get(id);
    if (!known) return;
    for (const name of [...known.tables.keys()]) this.#dropTable(id, name, known.tables);
    this.graph.dropNode(nodeKey('db', id));
    this.#names.connect();
    this.#databases.delete(id);
  }

  #dropTable(database: string, name: string, tables: Map<string, string>): void {
    if (!tables.delete(name)) return;
    const table = nodeKey('table', database, name);
    const parts = this.graph.outNeighbors(table).filter((key) => key.startsWith('column:') || key.startsWith('index:'));
    for (const part of parts) {
      for (const value of this.graph.outNeighbors(part)) if (value.startsWith('value:')) this.graph.dropNode(value);
      this.#names.remove(part);
      this.graph.dropNode(part);
    }
    this.#names.remove(table);
    this.graph.dropNode(table);
  }

  #updateRelations(schema: DatabaseSchema, before: ReadonlyMap<string, Relation>, now: readonly Relation[]): Map<string, Relation> {
    const tables = new Map(schema.tables.map((table) => [foldName(table.name), table]));
    const next = new Map(now.map((relation) => [relation.id, relation]));
    for (const [id, relation] of before) {
      if (JSON.stringify(next.get(id)) !== JSON.stringify(relation)) this.#dropRelation(schema.id, relation);
    }
    for (const relation of next.values()) this.#addRelation(schema.id, relation, tables);
    return next;
  }

  #addRelation(database: string, relation: Relation, tables: ReadonlyMap<string, Table>): void {
    const [child, parent] = [tables.get(foldName(relation.child)), tables.get(foldName(relation.parent))];
    if (!child || !parent) return;
    const kind = relation.origin === 'inferred' ? 'inferred-fk' : 'fk';
    const [source, target] = [nodeKey('table', database, child.name), nodeKey('table', database, parent.name)];
    const key = edgeKey('fk', source, target, relation.id);
    if (this.graph.hasEdge(key)) return;
    const attributes = {
      kind,
      relation: relation.id,
      origin: relation.origin,
      confidence: relation.confidence,
      cardinality: relation.cardinality,
      equalities: relation.childColumns.map((column, at) => [column, relation.parentColumns[at] ?? ''] as const),
      ...(relation.reason ? { rule: relation.reason.rule } : {}),
    } as const;
    this.graph.addDirectedEdgeWithKey(key, source, target, { ...attributes, inverse: false });
    this.graph.addDirectedEdgeWithKey(inverseKey(key), target, source, { ...attributes, inverse: true });
    const share = relation.reason?.inclusion;
    const [childColumn, parentColumn] = [
      findColumn(child, relation.childColumns[0] ?? ''),
      findColumn(parent, relation.parentColumns[0] ?? ''),
    ];
    if (share === undefined || relation.childColumns.length > 1 || !childColumn || !parentColumn) return;
    const [a, b] = [nodeKey('column', database, child.name, childColumn.name), nodeKey('column', database, parent.name, parentColumn.name)];
    this.graph.mergeUndirectedEdgeWithKey(edgeKey('value-overlap', a, b), a, b, { kind: 'value-overlap', share });
  }

  /** Edges of a dropped table are gone already. */
  #dropRelation(database: string, relation: Relation): void {
    const key = edgeKey('fk', nodeKey('table', database, relation.child), nodeKey('table', database, relation.parent), relation.id);
    const [a, b] = [
      nodeKey('column', database, relation.child, relation.childColumns[0] ?? ''),
      nodeKey('column', database, relation.parent, relation.parentColumns[0] ?? ''),
    ];
    for (const edge of [key, inverseKey(key), edgeKey('value-overlap', a, b)]) if (this.graph.hasEdge(edge)) this.graph.dropEdge(edge);
  }
}

function groupProfiles(database: GraphDatabase): Map<string, NonNullable<GraphDatabase['profiles']>[number][]> {
  const groups = new Map<string, NonNullable<GraphDatabase['profiles']>[number][]>();
  for (const profile of database.profiles ?? []) {
    const group = groups.get(profile.table);
    if (group) group.push(profile);
    else groups.set(profile.table, [profile]);
  }
  return groups;
}

/** JSON knows no big integers and no bytes; for a signature their text will do. */
function plainValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? `bytes ${value.join()}` : value;
}
