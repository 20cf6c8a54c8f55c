/**
 * Joins nodes whose names mean the same by `name-sim` edges, across tables and databases. Names are equal when their words are,
 * last word in the singular; generic ones such as `name` are left out. A large group is a ring, since pairs grow with the square.
 */
import { type NamedNode } from './addTableNodes.js';
import { isGenericName, nameWords, singularKey } from './nameWords.js';
import { edgeKey } from './nodeKeys.js';
import { type TypedGraph } from './schemaGraphTypes.js';

const pairedNames = 5;

export class NameGroups {
  readonly #groups = new Map<string, Map<string, NamedNode>>();
  readonly #groupOf = new Map<string, string>();
  readonly #edges = new Map<string, readonly string[]>();
  readonly #touched = new Set<string>();

  constructor(private readonly graph: TypedGraph) {}

  add(nodes: readonly NamedNode[]): void {
    for (const node of nodes) {
      const words = nameWords(node.name);
      if (isGenericName(words)) continue;
      const group = `${node.kind} ${singularKey(words)}`;
      const members = this.#groups.get(group) ?? new Map<string, NamedNode>();
      this.#groups.set(group, members.set(node.key, node));
      this.#groupOf.set(node.key, group);
      this.#touched.add(group);
    }
  }

  remove(node: string): void {
    const group = this.#groupOf.get(node);
    if (group === undefined) return;
    this.#groupOf.delete(node);
    this.#groups.get(group)?.delete(node);
    this.#touched.add(group);
  }

  /** Renews the edges of every group that was changed. */
  connect(): void {
    for (const group of this.#touched) {
      for (const edge of this.#edges.get(group) ?? []) if (this.graph.hasEdge(edge)) this.graph.dropEdge(edge);
      const members = [...(this.#groups.get(group)?.values() ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
      const pairs = members.length <= pairedNames ? allPairs(members) : ring(members);
      const edges = pairs.filter(([a, b]) => a.owner !== b.owner).map(([a, b]) => this.#link(a.key, b.key));
      if (members.length === 0) this.#groups.delete(group);
      this.#edges.set(group, edges);
    }
    this.#touched.clear();
  }

  #link(a: string, b: string): string {
    return this.graph.addUndirectedEdgeWithKey(edgeKey('name-sim', a, b), a, b, { kind: 'name-sim' });
  }
}

function allPairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((a, at) => list.slice(at + 1).map((b): [T, T] => [a, b]));
}

function ring<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((a, at): [T, T][] => {
    const b = list[(at + 1) % list.length];
    return b === undefined ? [] : [[a, b]];
  });
}
