/** The graph without names: what a layout needs to know. Nodes are the tables of all databases, in order. */
import { type GraphDetail, tableBox } from './graphBoxes.js';
import { type GraphDatabase } from './graphModel.js';

export interface GraphInNumbers {
  /** Pixels of each box. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
  /** Number of the database that each box belongs to. */
  readonly groups: readonly number[];
  /** From the table that refers to the one referred to; one per relation. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export function graphInNumbers(databases: readonly GraphDatabase[], detail: GraphDetail): GraphInNumbers {
  const numbers = new Map<string, number>();
  const sizes: [number, number][] = [];
  const groups: number[] = [];
  databases.forEach(({ path, tables }, group) => {
    for (const table of tables) {
      const { width, height } = tableBox(table, detail);
      numbers.set(`${path}\0${table.name}`, sizes.length);
      sizes.push([width, height]);
      groups.push(group);
    }
  });
  const edges = databases.flatMap(({ path, relations }) =>
    relations.flatMap(({ child, parent }): [number, number][] => {
      const [from, to] = [numbers.get(`${path}\0${child}`), numbers.get(`${path}\0${parent}`)];
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
  return { sizes, groups, edges };
}
