/** The schema graph as text that is equal for equal graphs, however they came about. */
import { type TypedGraph } from '../../src/core/graph/schemaGraphTypes.js';

/** Sorted by key, one node or edge a line. Inverse edges are left out: each is its edge read backwards. */
export function schemaGraphToJson(graph: TypedGraph): string {
  const nodes = graph.mapNodes((key, node) => JSON.stringify([key, node])).sort();
  const edges = graph
    .mapEdges((key, edge, source, target) => ('inverse' in edge && edge.inverse ? '' : JSON.stringify([key, source, target, edge])))
    .filter((line) => line !== '')
    .sort();
  return `{"version":1,"nodes":[\n${nodes.join(',\n')}\n],"edges":[\n${edges.join(',\n')}\n]}\n`;
}
