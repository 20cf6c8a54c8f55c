/**
 * Places of all tables: per database its connected parts in layers, big parts in clusters that are put
 * beside those they are tied to, tables without relations in a block of their own, everything on shelves. Deterministic; time follows the size of the parts.
 */
import { type LayoutRequest } from '../protocol/layoutThread.js';
import { clusterBoxes } from './clusterBoxes.js';
import { layeredGroup, type Placed, type Sized } from './layeredGroup.js';
import { packBoxes, tiedFirst } from './packBoxes.js';

type Edge = readonly [number, number];

/** Tables up to which a connected part is laid out at once. */
const wholeLimit = 40;
const clusterSize = 24;
const inside = { row: 32, layer: 96, isTight: false };
/** Inside clusters, most lines leave the cluster anyhow. */
const tight = { row: 28, layer: 80, isTight: true };
const partGap = 72;
const looseGap = 32;
const databaseGap = 160;

export function layoutSchema({ sizes, groups, edges }: Omit<LayoutRequest, 'id'>): readonly (readonly [number, number])[] {
  const boxes = sizes.map(([width, height]): Sized => ({ width, height }));
  const members = collect(groups);
  const plain = withoutDoubles(edges);
  const databases = members.map((own) => layoutDatabase(own, boxes, plain));
  return scatter(boxes.length, members, databases, packBoxes(databases, databaseGap));
}

function layoutDatabase(own: readonly number[], boxes: readonly Sized[], edges: readonly Edge[]): Placed {
  const { local, ties } = subgraph(own, edges);
  const sized = own.map((box) => boxes[box] ?? { width: 0, height: 0 });
  const parts = connectedParts(own.length, ties);
  const tied = parts.filter((part) => part.length > 1);
  const loose = parts.filter((part) => part.length === 1).flat();
  const placed = tied.map((part) => layoutPart(part, sized, ties));
  const blocks = loose.length === 0 ? tied : [...tied, loose];
  if (loose.length > 0) {
    const width = Math.max(0, ...placed.map((part) => part.width));
    placed.push(packBoxes(loose.map((box) => sized[box] ?? { width: 0, height: 0 }), looseGap, { width })); // prettier-ignore
  }
  const packed = packBoxes(placed, partGap);
  return { ...packed, places: scatter(local.size, blocks, placed, packed) };
}

function layoutPart(part: readonly number[], boxes: readonly Sized[], edges: readonly Edge[]): Placed {
  const { ties } = subgraph(part, edges);
  const sized = part.map((box) => boxes[box] ?? { width: 0, height: 0 });
  if (part.length <= wholeLimit) return layeredGroup(sized, ties, inside);
  const clusters = clusterBoxes(part.length, ties, clusterSize);
  const placed = clusters.map((cluster) => {
    const own = cluster.map((box) => sized[box] ?? { width: 0, height: 0 });
    return layeredGroup(own, subgraph(cluster, ties).ties, tight);
  });
  const clusterOf = new Map(clusters.flatMap((cluster, at) => cluster.map((box) => [box, at] as const)));
  const between = ties.map(([from, to]): Edge => [clusterOf.get(from) ?? 0, clusterOf.get(to) ?? 0]).filter(([from, to]) => from !== to);
  // Layers of clusters would be mostly empty: nearly every cluster refers to every other.
  const whole = packBoxes(placed, partGap, { order: tiedFirst(placed.length, between) });
  return { ...whole, places: scatter(part.length, clusters, placed, whole) };
}

/** Numbers edges anew, by the position of their ends in `own`; edges that leave it are dropped. */
function subgraph(own: readonly number[], edges: readonly Edge[]): { local: ReadonlyMap<number, number>; ties: readonly Edge[] } {
  const local = new Map(own.map((box, at) => [box, at]));
  const ties = edges.flatMap(([from, to]): readonly Edge[] => {
    const [a, b] = [local.get(from), local.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [[a, b]];
  });
  return { local, ties };
}

/** Places of the members of blocks that were placed themselves. */
function scatter(count: number, blocks: readonly (readonly number[])[], placed: readonly Placed[], outer: Placed): readonly Edge[] {
  const places: Edge[] = new Array<Edge>(count).fill([0, 0]);
  blocks.forEach((block, at) => {
    const [left, top] = outer.places[at] ?? [0, 0];
    block.forEach((box, index) => {
      const [x, y] = placed[at]?.places[index] ?? [0, 0];
      places[box] = [left + x, top + y];
    });
  });
  return places;
}

function connectedParts(count: number, edges: readonly Edge[]): readonly (readonly number[])[] {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of edges) {
    near[a]?.push(b);
    near[b]?.push(a);
  }
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen.has(start)) continue;
    const part: number[] = [];
    const queue = [start];
    seen.add(start);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      part.push(next);
      for (const other of near[next] ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        queue.push(other);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}

function collect(groups: readonly number[]): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  groups.forEach((group, box) => {
    const own = members.get(group);
    if (own) own.push(box);
    else members.set(group, [box]);
  });
  return [...members.values()];
}

function withoutDoubles(edges: readonly Edge[]): readonly Edge[] {
  const seen = new Set<string>();
  return edges.filter(([from, to]) => {
    const key = `${from} ${to}`;
    if (from === to || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
