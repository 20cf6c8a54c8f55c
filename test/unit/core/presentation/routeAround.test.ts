/** Lines of the schema graph keep off the tables that they have nothing to do with. */
import { describe, expect, test } from 'vitest';
import { BoxIndex, type PlacedBox, type Point } from '../../../../src/core/presentation/boxIndex.js';
import { tableBox } from '../../../../src/core/presentation/graphBoxes.js';
import { graphInNumbers } from '../../../../src/core/presentation/graphInNumbers.js';
import { type GraphDatabase } from '../../../../src/core/presentation/graphModel.js';
import { lineDistance, relationRoute } from '../../../../src/core/presentation/graphRoute.js';
import { routeAround } from '../../../../src/core/presentation/routeAround.js';
import { layoutSchema } from '../../../../src/layout/layoutSchema.js';
import { largeGraph, shopGraph } from '../../../support/graphDatabases.js';
import { seededRandom } from '../../../support/seededRandom.js';

const box = (x: number, y: number, width = 100, height = 100): PlacedBox => ({ x, y, width, height });
const nothing = (): boolean => false;

/** Points along SVG path data, close enough together that no table fits between two. */
function pointsOf(path: string): readonly Point[] {
  const points: Point[] = [];
  let at: Point = [0, 0];
  for (const [, command = '', rest = ''] of path.matchAll(/([MLHVCQ])([^MLHVCQ]*)/g)) {
    const numbers = rest.trim().split(/\s+/).map(Number);
    const ends: Point[] = [];
    if (command === 'H') ends.push([numbers[0] ?? NaN, at[1]]);
    else if (command === 'V') ends.push([at[0], numbers[0] ?? NaN]);
    else for (let index = 0; index < numbers.length; index += 2) ends.push([numbers[index] ?? NaN, numbers[index + 1] ?? NaN]);
    const controls = [at, ...ends];
    for (let step = 0; command !== 'M' && step <= 24; step++) points.push(bezier(controls, step / 24));
    at = ends.at(-1) ?? at;
  }
  return points;
}

/** De Casteljau's algorithm, of any degree. */
function bezier(points: readonly Point[], share: number): Point {
  const [first = [NaN, NaN]] = points;
  if (points.length === 1) return first;
  const next = points.slice(1).map(([x, y], at): Point => {
    const [px, py] = points[at] ?? first;
    return [px + (x - px) * share, py + (y - py) * share];
  });
  return bezier(next, share);
}

const isInside = ([px, py]: Point, { x, y, width, height }: PlacedBox): boolean => px > x && px < x + width && py > y && py < y + height;

/** Relations whose line passes behind a table that is none of their ends. */
function hiddenLines(database: GraphDatabase, detail: 'columns' | 'keys', isLed = true): readonly string[] {
  const places = layoutSchema(graphInNumbers([database], detail));
  const boxes = database.tables.map((table, at) => {
    const { width, height } = tableBox(table, detail);
    return box(places[at]?.[0] ?? NaN, places[at]?.[1] ?? NaN, width, height);
  });
  const index = isLed ? new BoxIndex(boxes, lineDistance) : undefined;
  const boxOf = (name: string): PlacedBox => boxes[database.tables.findIndex((table) => table.name === name)] ?? box(NaN, NaN);
  return database.relations.flatMap(({ child, parent, id }, lane) => {
    const [from, to] = [boxOf(child), boxOf(parent)];
    const { path } = relationRoute({ box: from, at: 20, many: true }, { box: to, at: 20, many: false }, index, lane);
    const points = pointsOf(path);
    return boxes.some((other) => other !== from && other !== to && points.some((point) => isInside(point, other))) ? [id] : [];
  });
}

describe('lines of a laid out schema', () => {
  test.each([
    ['a shop', shopGraph, 'columns', 2],
    ['40 tables', largeGraph(40), 'keys', 30],
    ['300 tables in clusters', largeGraph(300), 'keys', 300],
  ] as const)('%s: none passes behind a table of others, as plain curves would', (_name, database, detail, plainly) => {
    expect(hiddenLines(database, detail)).toEqual([]);
    expect(hiddenLines(database, detail, false).length).toBeGreaterThanOrEqual(plainly);
  });
});

describe('the way', () => {
  const around = (start: Point, goal: Point, boxes: readonly PlacedBox[]): readonly Point[] | undefined => routeAround(start, goal, new BoxIndex(boxes, 5), 10); // prettier-ignore

  test.each<[string, Point, Point, readonly PlacedBox[], readonly Point[] | undefined]>([
    ['nothing in the way', [0, 0], [500, 0], [], []],
    ['a box beside it', [0, 0], [500, 0], [box(200, 6)], []],
    [
      'a box on it: over the nearer side',
      [0, 0],
      [500, 0],
      [box(200, -20)],
      [
        [190, -30],
        [310, -30],
      ],
    ],
    [
      'the other side',
      [0, 0],
      [500, 0],
      [box(200, -80)],
      [
        [190, 30],
        [310, 30],
      ],
    ],
    [
      'a wall of boxes with a gap',
      [0, 0],
      [500, 0],
      [box(200, -80), box(200, 44)],
      [
        [190, 30],
        [310, 30],
      ],
    ],
    [
      'downwards',
      [0, 0],
      [0, 500],
      [box(-30, 200)],
      [
        [-40, 190],
        [-40, 310],
      ],
    ],
    [
      'backwards',
      [500, 0],
      [0, 0],
      [box(200, -20)],
      [
        [310, -30],
        [190, -30],
      ],
    ],
    ['an end inside a box, which cannot be avoided', [0, 0], [500, 0], [box(-50, -50)], []],
    ['an end that is walled in', [0, 0], [500, 0], [box(390, -30, 50, 60), box(380, -110, 240, 75), box(380, 35, 240, 75), box(560, -30, 50, 60)], undefined], // prettier-ignore
  ])('%s', (_name, start, goal, boxes, expected) => expect(around(start, goal, boxes)).toEqual(expected));

  test('any boxes: what is found enters none, and turns no corner for nothing', () => {
    const random = seededRandom(5);
    let found = 0;
    for (let round = 0; round < 150; round++) {
      const boxes = Array.from({ length: 30 }, () => box(random() * 2000, random() * 1200, 40 + random() * 200, 40 + random() * 160));
      const index = new BoxIndex(boxes, 5);
      const [start, goal]: readonly Point[] = [[-100, random() * 1200], [2400, random() * 1200]]; // prettier-ignore
      if (!start || !goal) continue;
      const turns = routeAround(start, goal, index, 10);
      if (!turns) continue;
      found++;
      const points = [start, ...turns, goal];
      points.forEach((point, at) => expect(at > 0 && boxes.some((one) => index.firstHit(points[at - 1] ?? point, point, (other) => other !== one))).toBe(false)); // prettier-ignore
      const isStraight = !index.firstHit(start, goal, nothing);
      expect(turns.length === 0).toBe(isStraight);
    }
    expect(found).toBeGreaterThan(120);
  });
});

describe('the index of boxes', () => {
  test('the box that a line meets first is the one that asking all of them gives', () => {
    const random = seededRandom(9);
    for (let round = 0; round < 400; round++) {
      const boxes = Array.from({ length: 25 }, () => box(random() * 3000 - 1000, random() * 3000 - 1000, 10 + random() * 400, 10 + random() * 400)); // prettier-ignore
      const at = (): number => Math.floor(random() * 12) * 256 - 1024 + (random() < 0.5 ? 0 : random() * 256);
      const [from, to]: readonly [Point, Point] = round % 5 === 0 ? [[300, at()], [300, at()]] : [[at(), at()], [at(), at()]]; // prettier-ignore
      const met = new BoxIndex(boxes, 0).firstHit(from, to, nothing);
      const steps = Array.from({ length: 4001 }, (_, step): Point => [from[0] + ((to[0] - from[0]) * step) / 4000, from[1] + ((to[1] - from[1]) * step) / 4000]); // prettier-ignore
      const inside = steps.map((point) => boxes.filter((one) => isInside(point, one))).find((some) => some.length > 0);
      if (inside) expect(met && inside.includes(met)).toBe(true);
      else if (met) expect(steps.some((point) => Math.abs(point[0] - met.x) < 2 || Math.abs(point[1] - met.y) < 2 || Math.abs(point[0] - met.x - met.width) < 2 || Math.abs(point[1] - met.y - met.height) < 2)).toBe(true); // prettier-ignore
    }
  });
});
