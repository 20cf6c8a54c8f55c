/** The schema graph as text that is equal for equal graphs, however they came about, and its way back for looking around. */
import { MultiGraph } from 'graphology';
import { inverseKey } from './nodeKeys.js';
import { type GraphEdge, type GraphNode, type TypedGraph } from './schemaGraphTypes.js';

interface GraphText {
  readonly version: 1;
  readonly nodes: readonly (readonly [key: string, node: GraphNode])[];
  /** Inverse edges are left out: each is its edge read backwards. */
  readonly edges: readonly (readonly [key: string, source: string, target: string, edge: GraphEdge])[];
}

/** Sorted by key, one node or edge a line. */
export function schemaGraphToJson(graph: TypedGraph): string {
  const nodes = graph.mapNodes((key, node) => JSON.stringify([key, node])).sort();
  const edges = graph
    .mapEdges((key, edge, source, target) => ('inverse' in edge && edge.inverse ? '' : JSON.stringify([key, source, target, edge])))
    .filter((line) => line !== '')
    .sort();
  return `{"version":1,"nodes":[\n${nodes.join(',\n')}\n],"edges":[\n${edges.join(',\n')}\n]}\n`;
}

/** Undefined when the text is no graph of this version or refers to nodes that it does not have. */
export function schemaGraphFromJson(text: string): TypedGraph | undefined {
  try {
    const content = JSON.parse(text) as GraphText;
    if (content.version !== 1) return undefined;
    const graph: TypedGraph = new MultiGraph<GraphNode, GraphEdge>({ allowSelfLoops: true });
    for (const [key, node] of content.nodes) graph.addNode(key, node);
    for (const [key, source, target, edge] of content.edges) {
      if (!('inverse' in edge)) graph.addUndirectedEdgeWithKey(key, source, target, edge);
      else {
        graph.addDirectedEdgeWithKey(key, source, target, edge);
        graph.addDirectedEdgeWithKey(inverseKey(key), target, source, { ...edge, inverse: true });
      }
    }
    return graph;
  } catch {
    // Not JSON, or not what was written: the caller builds the graph again.
    return undefined;
  }
}
