/** Which tables can be joined at all: groups of tables connected by relations. Tables without relations are groups of one. */
import { type JoinGraph, neighbours } from './joinGraph.js';
import { foldName } from './tableKeys.js';

/** Groups in the order of their first table; inside a group in the order of `tables`. */
export function connectedComponents(graph: JoinGraph, tables: readonly string[]): readonly (readonly string[])[] {
  const group = new Map<string, number>();
  let count = 0;
  for (const table of tables) {
    if (group.has(foldName(table))) continue;
    const queue = [table];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (group.has(foldName(next))) continue;
      group.set(foldName(next), count);
      queue.push(...neighbours(graph, next));
    }
    count++;
  }
  const groups: string[][] = Array.from({ length: count }, () => []);
  for (const table of tables) groups[group.get(foldName(table)) ?? -1]?.push(table);
  return groups;
}
