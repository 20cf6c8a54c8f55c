/** Turns chosen relations into a join tree: steps in joining order, with the direction of each and whether rows multiply. */
import { foldName } from './tableKeys.js';
import { relationWeight } from './joinGraph.js';
import { type JoinStep, type JoinTree, type Relation } from './types.js';

/** Steps go out from `root`, breadth first. The relations must form a tree that holds `root`. */
export function orderJoinTree(root: string, relations: readonly Relation[]): JoinTree {
  const tables = [root];
  const seen = new Set([foldName(root)]);
  const steps: JoinStep[] = [];
  let open = [...relations];
  for (let at = 0; at < tables.length; at++) {
    const from = tables[at] ?? root;
    const left: Relation[] = [];
    for (const relation of open) {
      const down = foldName(relation.parent) === foldName(from);
      const to = down ? relation.child : relation.parent;
      if ((!down && foldName(relation.child) !== foldName(from)) || seen.has(foldName(to))) {
        left.push(relation);
        continue;
      }
      seen.add(foldName(to));
      tables.push(to);
      steps.push({ relation, from, to, fanOut: down && relation.cardinality === 'N:1' });
    }
    open = left;
  }
  return { tables, steps, cost: steps.reduce((sum, step) => sum + relationWeight(step.relation), 0) };
}

/** Equal ids, equal joins, whatever the order of the steps. */
export function joinTreeId(tree: JoinTree): string {
  return tree.steps
    .map((step) => step.relation.id)
    .sort()
    .join('\n');
}

/** Cheapest first, then fewest tables, then by name, so that equal input gives equal order. */
export function compareJoinTrees(a: JoinTree, b: JoinTree): number {
  const order = Math.round((a.cost - b.cost) * 1e6) || a.steps.length - b.steps.length;
  if (order !== 0) return order;
  const [idA, idB] = [joinTreeId(a), joinTreeId(b)];
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}
