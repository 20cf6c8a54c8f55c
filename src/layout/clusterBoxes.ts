/**
 * Cuts a connected graph into clusters of bounded size: edges between sparsely tied boxes join first, so that a table that everybody refers
 * to does not pull everything together. Kruskal's spanning forest with a bound, linear but for the sort. Same input, same clusters.
 */
export function clusterBoxes(
  count: number,
  edges: readonly (readonly [number, number])[],
  largest: number,
): readonly (readonly number[])[] {
  const ties = new Array<number>(count).fill(0);
  for (const end of edges.flat()) ties[end] = (ties[end] ?? 0) + 1;
  const looseness = ([a, b]: readonly [number, number]): number => (ties[a] ?? 0) * (ties[b] ?? 0);
  const sorted = edges.map((edge, at) => ({ edge, at })).sort((a, b) => looseness(a.edge) - looseness(b.edge) || a.at - b.at);
  const parent = Array.from({ length: count }, (_, at) => at);
  const size = new Array<number>(count).fill(1);
  const find = (box: number): number => {
    let root = box;
    while (parent[root] !== root) root = parent[root] ?? root;
    parent[box] = root;
    return root;
  };
  const join = (bound: number, mayJoin: (a: number, b: number) => boolean): void => {
    for (const { edge } of sorted) {
      const [a, b] = [find(edge[0]), find(edge[1])];
      const joined = (size[a] ?? 0) + (size[b] ?? 0);
      if (a === b || joined > bound || !mayJoin(size[a] ?? 0, size[b] ?? 0)) continue;
      parent[b] = a;
      size[a] = joined;
    }
  };
  join(largest, () => true);
  // What a full cluster turned away: a few boxes more beside it are better than single ones all over.
  join(2 * largest, (a, b) => Math.min(a, b) <= largest / 4);
  const clusters = new Map<number, number[]>();
  for (let box = 0; box < count; box++) {
    const root = find(box);
    const cluster = clusters.get(root);
    if (cluster) cluster.push(box);
    else clusters.set(root, [box]);
  }
  return [...clusters.values()];
}
