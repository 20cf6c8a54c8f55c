/** Breadth-first join trees between two tables, for tests of steps that only need some right path. */
import { type JoinStep, type JoinTree, type Relation } from '../../src/core/graph/types.js';

export function plainJoinTrees(relations: readonly Relation[]): (tables: readonly string[]) => readonly JoinTree[] {
  return ([from = '', to = '']) => {
    const paths: JoinStep[][] = [[]];
    const seen = new Set([from]);
    for (let path = paths.shift(); path; path = paths.shift()) {
      const end = path.at(-1)?.to ?? from;
      if (end === to) return [{ tables: [from, ...path.map((step) => step.to)], steps: path, cost: path.length }];
      for (const relation of relations) {
        const next = relation.child === end ? relation.parent : relation.parent === end ? relation.child : undefined;
        if (next === undefined || seen.has(next)) continue;
        seen.add(next);
        paths.push([...path, { relation, from: end, to: next, fanOut: relation.parent === end }]);
      }
    }
    return [];
  };
}
