/** One graph over several databases, made at once; later changes go through `SchemaGraph.update`. */
import { type GraphDatabase } from './schemaGraphTypes.js';
import { SchemaGraph } from './SchemaGraph.js';

export function buildSchemaGraph(databases: readonly GraphDatabase[]): SchemaGraph {
  const graph = new SchemaGraph();
  for (const database of databases) graph.update(database);
  return graph;
}
