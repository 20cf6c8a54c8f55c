/** The graph that is drawn: boxes with their places, relations between them, and questions about both. Touches no element. */
import { type GraphDetail, headerHeight, tableBox, type TableBox } from '../../core/presentation/graphBoxes.js';
import { type GraphDatabase, type GraphTable } from '../../core/presentation/graphModel.js';
import { BoxIndex, type PlacedBox } from '../../core/presentation/boxIndex.js';
import { lineDistance, relationRoute, type Route } from '../../core/presentation/graphRoute.js';
import { type Relation } from '../../core/graph/types.js';
import { type MovedTables, type Place, type TableName } from '../../protocol/graphPage.js';

export interface SceneNode extends PlacedBox {
  readonly index: number;
  /** Number of its database in the scene. */
  readonly database: number;
  readonly table: GraphTable;
  readonly box: TableBox;
  x: number;
  y: number;
}

export interface SceneEdge {
  readonly index: number;
  readonly relation: Relation;
  readonly child: number;
  readonly parent: number;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Unless some are asked for, everything. */
type Shown = ReadonlySet<number> | undefined;

export class Scene {
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  /** Relations at each table, by number. */
  readonly ties: readonly (readonly number[])[];
  readonly #numbers = new Map<string, number>();
  #obstacles: BoxIndex | undefined;

  constructor(
    readonly databases: readonly GraphDatabase[],
    readonly detail: GraphDetail,
    places: readonly Place[],
    moved: MovedTables,
  ) {
    const nodes: SceneNode[] = [];
    databases.forEach(({ path, tables }, database) => {
      for (const table of tables) {
        const index = nodes.length;
        const box = tableBox(table, detail);
        const [x, y] = moved[path]?.[table.name] ?? places[index] ?? [0, 0];
        this.#numbers.set(`${path}\0${table.name}`, index);
        nodes.push({ index, database, table, box, x, y, width: box.width, height: box.height });
      }
    });
    this.nodes = nodes;
    this.edges = this.#makeEdges();
    const ties: number[][] = nodes.map(() => []);
    for (const { index, child, parent } of this.edges) {
      ties[child]?.push(index);
      if (parent !== child) ties[parent]?.push(index);
    }
    this.ties = ties;
  }

  find({ database, table }: TableName): number | undefined {
    return this.#numbers.get(`${database}\0${table}`);
  }

  nameOf(index: number): TableName {
    const node = this.nodes[index];
    return { database: this.databases[node?.database ?? 0]?.path ?? '', table: node?.table.name ?? '' };
  }

  /** What people call the table: with its database when there are several. */
  labelOf(index: number): string {
    const node = this.nodes[index];
    if (!node) return '';
    return this.databases.length > 1 ? `${node.table.name} · ${this.databases[node.database]?.label ?? ''}` : node.table.name;
  }

  otherEnd(edge: number, node: number): number {
    const { child = node, parent = node } = this.edges[edge] ?? {};
    return child === node ? parent : child;
  }

  /** From now on lines go around the tables that are shown, where they stand now. */
  keepOff(shown: Shown): void {
    this.#obstacles = new BoxIndex(shown ? this.nodes.filter(({ index }) => shown.has(index)) : this.nodes, lineDistance);
  }

  routeOf(edge: SceneEdge): Route {
    return this.#route(edge, this.#obstacles);
  }

  /** At once, whatever lies in the way. */
  curveOf(edge: SceneEdge): Route {
    return this.#route(edge, undefined);
  }

  /** The table and those at most so many joins away, along the relations that `follow` allows. */
  around(start: number, depth: number, follow: (edge: SceneEdge) => boolean): ReadonlySet<number> {
    const found = new Set([start]);
    let level = [start];
    for (let step = 0; step < depth && level.length > 0; step++) {
      const next = new Set<number>();
      for (const node of level)
        for (const index of this.ties[node] ?? []) {
          const edge = this.edges[index];
          const other = this.otherEnd(index, node);
          if (edge && follow(edge) && !found.has(other)) next.add(other);
        }
      for (const node of next) found.add(node);
      level = [...next];
    }
    return found;
  }

  /** Undefined when nothing is shown. */
  bounds(shown: Shown): Bounds | undefined {
    const boxes = shown ? this.nodes.filter(({ index }) => shown.has(index)) : this.nodes;
    if (boxes.length === 0) return undefined;
    return {
      left: Math.min(...boxes.map(({ x }) => x)),
      top: Math.min(...boxes.map(({ y }) => y)),
      right: Math.max(...boxes.map(({ x, width }) => x + width)),
      bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
    };
  }

  /** Nearest shown table in a direction, by the keys' names; what lies straight ahead counts as nearer, what lies far aside not at all. */
  neighbourTo(from: number, key: string, shown: Shown): number | undefined {
    const start = this.nodes[from];
    const [dx, dy] = directions[key] ?? [0, 0];
    if (!start) return undefined;
    let best: number | undefined;
    let least = Infinity;
    for (const node of this.nodes) {
      if (node === start || (shown && !shown.has(node.index))) continue;
      const [x, y] = [middleX(node) - middleX(start), middleY(node) - middleY(start)];
      const ahead = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (ahead <= 0 || aside > 2.5 * ahead || ahead + 2 * aside >= least) continue;
      [best, least] = [node.index, ahead + 2 * aside];
    }
    return best;
  }

  /** Tables whose name, or a column of which, holds the text; those named so come first. */
  search(text: string): readonly number[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const rank = ({ table }: SceneNode): number => {
      const name = table.name.toLowerCase();
      if (name === wanted) return 0;
      if (name.startsWith(wanted)) return 1;
      if (name.includes(wanted)) return 2;
      return table.columns.some((column) => column.name.toLowerCase().includes(wanted)) ? 3 : 4;
    };
    const ranked = this.nodes.map((node) => ({ index: node.index, rank: rank(node) })).filter((entry) => entry.rank < 4);
    return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ index }) => index);
  }

  #route({ index, relation, child, parent }: SceneEdge, obstacles: BoxIndex | undefined): Route {
    const [from, to] = [this.nodes[child], this.nodes[parent]];
    if (!from || !to) return { path: '', middle: [0, 0] };
    return relationRoute(
      { box: from, at: rowOf(from.box, relation.childColumns), many: relation.cardinality === 'N:1' },
      { box: to, at: rowOf(to.box, relation.parentColumns), many: false },
      obstacles,
      index,
    );
  }

  #makeEdges(): readonly SceneEdge[] {
    const edges: SceneEdge[] = [];
    for (const { path, relations } of this.databases)
      for (const relation of relations) {
        const child = this.find({ database: path, table: relation.child });
        const parent = this.find({ database: path, table: relation.parent });
        if (child !== undefined && parent !== undefined) edges.push({ index: edges.length, relation, child, parent });
      }
    return edges;
  }
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function middleX({ x, width }: PlacedBox): number {
  return x + width / 2;
}

export function middleY({ y, height }: PlacedBox): number {
  return y + height / 2;
}

/** Height of the first of the columns; of the header when it has no row. */
function rowOf(box: TableBox, columns: readonly string[]): number {
  return box.rows.find(({ column }) => column.name === columns[0])?.middle ?? headerHeight / 2;
}
