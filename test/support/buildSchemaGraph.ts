/** One graph over several databases, made at once. */
import { type GraphDatabase } from '../../src/core/graph/schemaGraphTypes.js';
import { SchemaGraph } from '../../src/core/graph/SchemaGraph.js';

export function buildSchemaGraph(databases: readonly GraphDatabase[]): SchemaGraph {
  const graph = new SchemaGraph();
  for (const database of databases) graph.update(database);
  return graph;
}
