/**
 * The shortest way between two points that keeps off boxes, as the corners at which it turns. A* over the corners of the boxes that turn
 * out to be in the way; a taut string, so that it turns only around a box that it goes along. Draws nothing. Total: undefined when there
 * is no way or finding it would cost too much.
 */
import { type BoxIndex, type PlacedBox, type Point } from './boxIndex.js';

interface Corner {
  readonly at: Point;
  /** Towards the middle of its box; nowhere at both ends of the way. */
  readonly inward: Point;
  before: Corner | undefined;
  /** Pixels from the start. */
  way: number;
  isDone: boolean;
}

/** Boxes around which a way may turn, and corners that are looked from: beyond, a plain curve reads as well. */
const [mostBoxes, mostCorners] = [40, 160];
/** A way may be a little longer than the shortest when it is found much sooner. */
const greed = 1.2;

/** Turning points between the two ends, without them, `turn` pixels from their boxes; none when the straight way is free. */
export function routeAround(start: Point, goal: Point, boxes: BoxIndex, turn: number): readonly Point[] | undefined {
  const ignored = new Set([...boxes.at(start), ...boxes.at(goal)]);
  const skipped = (box: PlacedBox): boolean => ignored.has(box);
  const end = corner(goal, [0, 0]);
  const found: Corner[] = [end];
  const known = new Set<PlacedBox>();
  const open: Corner[] = [{ ...corner(start, [0, 0]), way: 0 }];
  for (let looked = 0; looked < mostCorners; looked++) {
    const from = takeNearest(open, goal);
    if (!from) return undefined;
    if (from === end) return turns(end);
    from.isDone = true;
    // Whatever blocks a look brings its own corners, which are looked at in turn.
    for (let at = 0; at < found.length; at++) {
      const to = found[at];
      if (!to || to.isDone || !isTaut(from, to)) continue;
      const way = from.way + distance(from.at, to.at);
      // Nothing that is farther than a way that was found already is worth a look.
      if (way >= to.way || way + distance(to.at, goal) >= end.way) continue;
      const wall = boxes.firstHit(from.at, to.at, skipped);
      if (wall) {
        if (known.has(wall) || known.size >= mostBoxes) continue;
        known.add(wall);
        found.push(...cornersOf(wall, turn));
      } else {
        if (to.way === Infinity) open.push(to);
        [to.way, to.before] = [way, from];
      }
    }
  }
  return undefined;
}

function corner(at: Point, inward: Point): Corner {
  return { at, inward, before: undefined, way: Infinity, isDone: false };
}

function cornersOf(box: PlacedBox, turn: number): readonly Corner[] {
  const { x, y, width, height } = box;
  return [
    corner([x - turn, y - turn], [1, 1]),
    corner([x + width + turn, y - turn], [-1, 1]),
    corner([x - turn, y + height + turn], [1, -1]),
    corner([x + width + turn, y + height + turn], [-1, -1]),
  ];
}

function takeNearest(open: Corner[], goal: Point): Corner | undefined {
  let best = -1;
  let least = Infinity;
  open.forEach(({ at, way }, index) => {
    const whole = way + greed * distance(at, goal);
    if (whole < least) [best, least] = [index, whole];
  });
  return best < 0 ? undefined : open.splice(best, 1)[0];
}

/** A string turns towards the box that it lies on, and neither comes from nor goes into the quarter behind the corner. */
function isTaut(from: Corner, to: Corner): boolean {
  const [dx, dy] = [to.at[0] - from.at[0], to.at[1] - from.at[1]];
  if (pointsInto(dx, dy, to.inward)) return false;
  if (!from.before) return true;
  if (pointsInto(-dx, -dy, from.inward)) return false;
  const [px, py] = [from.at[0] - from.before.at[0], from.at[1] - from.before.at[1]];
  const bend = px * dy - py * dx;
  return bend === 0 || Math.sign(bend) === Math.sign(px * from.inward[1] - py * from.inward[0]);
}

/** Away from the box on both axes, or into it: the box would not be touched on that way. */
function pointsInto(dx: number, dy: number, [ix, iy]: Point): boolean {
  return dx * ix > 0 && dy * iy > 0;
}

function distance([x1, y1]: Point, [x2, y2]: Point): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

function turns(end: Corner): readonly Point[] {
  const points: Point[] = [];
  for (let at = end.before; at?.before; at = at.before) points.unshift(at.at);
  return points;
}
