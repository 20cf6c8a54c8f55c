/** The page as a whole: what is chosen, filtered and highlighted, kept in step between diagram, table, details and memory. */
import { type GraphDetail } from '../../core/presentation/graphBoxes.js';
import { type GraphWords } from '../../core/presentation/graphWords.js';
import { type FromGraphPage, type GraphFocus, type TableName, type ToGraphPage } from '../../protocol/graphPage.js';
import { fillWords } from '../shared/words.js';
import { columnCount } from './detailsPanel.js';
import { type GraphView } from './graphView.js';
import { type PageParts } from './pageParts.js';
import { type PageState, type ViewMode } from './pageState.js';
import { pathsBetween, type ScenePath } from './joinPath.js';
import { Scene, type SceneEdge, type SceneNode } from './scene.js';
import { type Viewport } from './viewport.js';

export interface PageHost {
  post(message: FromGraphPage): void;
  save(state: PageState): void;
}

/** Milliseconds of quiet until the state is remembered. */
const saveMs = 200;

export class GraphPage {
  #scene: Scene | undefined;
  #selected: number | undefined;
  #hovered: number | undefined;
  #found: readonly number[] = [];
  #foundAt = -1;
  #paths: readonly ScenePath[] = [];
  /** A view that was remembered waits for the scene. */
  #remembered: Viewport | undefined;
  #focus: GraphFocus | undefined;
  /** Of the path that is being chosen. */
  #ends: { readonly from: TableName | undefined; readonly to: TableName | undefined } = { from: undefined, to: undefined };
  #saving: number | undefined;

  constructor(
    private readonly parts: PageParts,
    private readonly words: GraphWords,
    private readonly host: PageHost,
    private state: PageState,
  ) {
    this.#remembered = state.viewport;
    if (state.path) this.#ends = state.path;
  }

  get view(): GraphView {
    return this.parts.view;
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  /** What the keyboard is for. */
  get main(): HTMLElement {
    return this.state.mode === 'table' ? (this.parts.tableView.activeRow ?? this.parts.view.stage) : this.parts.view.stage;
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  setGraph(message: Extract<ToGraphPage, { type: 'graph' }>): void {
    const isFirst = this.#scene === undefined;
    const isOtherLayout = this.#scene?.detail !== message.detail;
    const scene = new Scene(message.databases, message.detail, message.places, message.moved);
    this.#scene = scene;
    this.state = { ...this.state, detail: message.detail };
    const { parts, words } = this;
    parts.root.classList.remove('loading');
    parts.toolbar.describe(message.title, fillWords(words.counts, { tables: scene.nodes.length, relations: scene.edges.length }));
    parts.setNotice(message.failures.join(' ') || (scene.nodes.length === 0 ? words.empty : ''));
    parts.pathBar.offer(scene.nodes.map(({ index }) => scene.labelOf(index)));
    this.view.setScene(scene);
    parts.minimap.setScene(scene);
    this.#selected = this.state.selected && scene.find(this.state.selected);
    if (this.#remembered) this.view.standAt(this.#remembered);
    else if (isFirst || isOtherLayout) this.view.standAt(this.view.fittingView(undefined));
    this.#remembered = undefined;
    this.#showAll();
    if (this.#focus) this.focusOn(this.#focus);
  }

  /** Shows a table, or a path; waits for the graph when it is not there yet. */
  focusOn(focus: GraphFocus): void {
    const scene = this.#scene;
    this.#focus = scene ? undefined : focus;
    if (!scene) return;
    const nodes = focus.tables.flatMap((table) => scene.find({ database: focus.database, table }) ?? []);
    const [first, last] = [nodes[0], nodes.at(-1)];
    if (first === undefined || last === undefined) return;
    this.state = { ...this.state, mode: 'diagram' };
    this.#forget('around');
    if (nodes.length > 1) this.choosePath(first, last, focus.relations);
    else {
      this.#forget('path');
      this.select(first);
      this.#showAll();
      this.view.approach(first);
    }
  }

  select(index: number | undefined): void {
    this.#selected = index;
    const selected = index === undefined ? undefined : this.#scene?.nameOf(index);
    this.#forget('selected');
    if (selected) this.state = { ...this.state, selected };
    this.#showSelected();
    this.#remember();
  }

  hover(index: number | undefined): void {
    this.#hovered = index;
    this.#light();
  }

  /** From table to table by the arrow keys; the first step chooses a table in sight. */
  go(key: string): void {
    const scene = this.#scene;
    if (!scene) return;
    const start = this.#selected ?? this.#central();
    const next = this.#selected === undefined ? start : start === undefined ? undefined : scene.neighbourTo(start, key, this.view.shown);
    if (next === undefined) return;
    this.select(next);
    this.view.reveal(next);
    const node = scene.nodes[next];
    if (node) this.parts.say(this.spoken(node));
  }

  goTo(index: number): void {
    if (this.view.shown && !this.view.shown.has(index)) this.around(index, 0);
    this.select(index);
    if (this.state.mode === 'table') this.parts.tableView.goTo(index);
    else this.view.approach(index);
  }

  search(text: string): void {
    this.#found = this.#scene?.search(text) ?? [];
    this.#foundAt = -1;
    this.view.mark(this.#found);
    this.#showTable(text.trim() !== '');
    if (text.trim() === '') return this.parts.setNotice('');
    this.parts.setNotice(this.#found.length === 0 ? this.words.notFound : fillWords(this.words.found, { count: this.#found.length }));
  }

  nextFound(step: 1 | -1): void {
    if (this.#found.length === 0) return;
    this.#foundAt = (this.#foundAt + step + this.#found.length) % this.#found.length;
    const index = this.#found[this.#foundAt];
    if (index !== undefined) this.goTo(index);
  }

  setMode(mode: ViewMode): void {
    this.state = { ...this.state, mode };
    this.#showAll();
    if (mode === 'table') {
      if (this.#selected !== undefined) this.parts.tableView.goTo(this.#selected);
      this.parts.tableView.focus();
    }
    this.#remember();
  }

  setDetail(detail: GraphDetail): void {
    this.state = { ...this.state, detail };
    this.host.post({ type: 'detail', detail });
    this.#remember();
  }

  setInferred(inferred: boolean): void {
    this.state = { ...this.state, inferred };
    this.#showAll();
    this.#remember();
  }

  /** Depth 0 shows everything. */
  around(index: number, depth: number): void {
    const name = this.#scene?.nameOf(index);
    this.#forget('around');
    if (depth > 0 && name) this.state = { ...this.state, around: { ...name, depth } };
    this.#showAll();
    this.view.fit();
    this.#remember();
  }

  /** `relations` by id name one path among those between the two tables; without them it is the best. */
  choosePath(from: number | undefined, to: number | undefined, relations: readonly string[] = []): void {
    const scene = this.#scene;
    if (!scene || (from === undefined && to === undefined)) return;
    const start = from === undefined ? this.#ends.from : scene.nameOf(from);
    const goal = to === undefined ? this.#ends.to : scene.nameOf(to);
    this.#ends = { from: start, to: goal };
    if (!start || !goal) return this.#openPathBar(start, goal);
    this.state = { ...this.state, path: { from: start, to: goal, at: 0 } };
    this.#showAll();
    const wanted = [...relations].sort().join('\n');
    const at = this.#paths.findIndex(({ edges }) => edges.map((edge) => scene.edges[edge]?.relation.id).sort().join('\n') === wanted); // prettier-ignore
    if (at > 0) this.#stepPath(at);
    this.#fitPath();
    this.#remember();
  }

  /** By the labels that stand in the fields. */
  choosePathByLabel(from: string, to: string): void {
    const scene = this.#scene;
    const find = (label: string): number | undefined => scene?.nodes.find(({ index }) => scene.labelOf(index) === label)?.index;
    const [start, goal] = [find(from), find(to)];
    if (start !== undefined && goal !== undefined) this.choosePath(start, goal);
  }

  nextPath(): void {
    this.#stepPath(((this.state.path?.at ?? 0) + 1) % Math.max(1, this.#paths.length));
    this.#fitPath();
  }

  clearPath(): void {
    this.#forget('path');
    this.#ends = { from: undefined, to: undefined };
    this.parts.pathBar.root.hidden = true;
    this.#showAll();
    this.#remember();
  }

  togglePath(): void {
    if (!this.parts.pathBar.root.hidden) return this.clearPath();
    const from = this.#selected === undefined ? undefined : this.#scene?.nameOf(this.#selected);
    this.#ends = { from, to: undefined };
    this.#openPathBar(from, undefined);
  }

  /** The statement along the path that is shown. */
  pathSql(): void {
    const [scene, path] = [this.#scene, this.#path];
    if (!scene || !path) return;
    const relations = path.edges.flatMap((index) => scene.edges[index]?.relation.id ?? []);
    const [database, tables] = [scene.nameOf(path.nodes[0] ?? 0).database, path.nodes.map((index) => scene.nameOf(index).table)];
    this.host.post({ type: 'sql', database, tables, relations });
  }

  open(index = this.#selected): void {
    if (index !== undefined && this.#scene) this.host.post({ type: 'ddl', ...this.#scene.nameOf(index) });
  }

  drag(index: number, dx: number, dy: number): void {
    const node = this.#scene?.nodes[index];
    if (!node) return;
    [node.x, node.y] = [node.x + dx, node.y + dy];
    this.view.placeTable(index);
  }

  drop(index: number): void {
    const node = this.#scene?.nodes[index];
    if (!node || !this.#scene) return;
    this.view.settleTables();
    this.parts.minimap.redraw();
    this.host.post({ type: 'move', ...this.#scene.nameOf(index), place: [Math.round(node.x), Math.round(node.y)] });
  }

  /** Escape: the nearest thing that can be undone. */
  clear(): void {
    if (this.#selected !== undefined) this.select(undefined);
    else if (this.state.path) this.clearPath();
    else if (this.state.around) this.around(0, 0);
  }

  /** After the view moved. */
  moved(): void {
    this.parts.minimap.follow();
    this.#remember();
  }

  hides = (edge: SceneEdge): boolean => !this.state.inferred && edge.relation.origin === 'inferred';

  get lit(): { readonly nodes: ReadonlySet<number>; readonly edges: ReadonlySet<number> } | undefined {
    const path = this.#path;
    return path && { nodes: new Set(path.nodes), edges: new Set(path.edges) };
  }

  spoken({ index, table }: SceneNode): string {
    const { words } = this;
    const columns = columnCount(words, table.columns.length);
    return fillWords(words.tableSpoken, { name: table.name, kind: words[`kind.${table.kind}`], columns, relations: this.#scene?.ties[index]?.length ?? 0 }); // prettier-ignore
  }

  get #path(): ScenePath | undefined {
    return this.state.path && this.#paths[this.state.path.at];
  }

  #showAll(): void {
    const scene = this.#scene;
    if (!scene) return;
    const { around, mode, inferred } = this.state;
    const centre = around && scene.find(around);
    const follow = (edge: SceneEdge): boolean => !this.hides(edge);
    this.view.show(centre === undefined ? undefined : scene.around(centre, around?.depth ?? 1, follow), this.hides);
    this.#findPaths(scene);
    this.parts.root.dataset['mode'] = mode;
    this.parts.toolbar.show({ detail: scene.detail, mode, inferred, path: !this.parts.pathBar.root.hidden });
    this.parts.minimap.redraw();
    this.#showTable(false);
    this.#showSelected();
  }

  #showTable(onlyFound: boolean): void {
    const scene = this.#scene;
    if (!scene || this.state.mode !== 'table') return;
    const { shown } = this.view;
    const all = onlyFound ? this.#found : scene.nodes.map(({ index }) => index);
    this.parts.tableView.show(scene, shown ? all.filter((index) => shown.has(index)) : all);
  }

  #showSelected(): void {
    const scene = this.#scene;
    if (!scene) return;
    const node = this.#selected === undefined ? undefined : scene.nodes[this.#selected];
    const { around } = this.state;
    const isCentre = node !== undefined && around !== undefined && scene.find(around) === node.index;
    this.parts.details.show(scene, node, isCentre ? around.depth : 0);
    this.view.select(node?.index);
    this.#light();
  }

  /** A path goes before what the pointer is over, and that before the choice. */
  #light(): void {
    const path = this.#path;
    if (path) return this.view.highlight({ nodes: new Set(path.nodes), edges: new Set(path.edges), only: true });
    const centre = this.#hovered ?? this.#selected;
    const edges = centre === undefined ? [] : (this.#scene?.ties[centre] ?? []);
    if (centre === undefined) return this.view.highlight(undefined);
    this.view.highlight({ nodes: new Set(), edges: new Set(edges), only: false });
  }

  #findPaths(scene: Scene): void {
    const { path } = this.state;
    const [from, to] = [path && scene.find(path.from), path && scene.find(path.to)];
    this.#paths = from === undefined || to === undefined ? [] : pathsBetween(scene, from, to, (edge) => !this.view.isHidden(edge));
    if (!path) return void this.parts.pathBar.show(undefined);
    this.parts.pathBar.root.hidden = false;
    this.#stepPath(Math.min(path.at, Math.max(0, this.#paths.length - 1)));
  }

  #stepPath(at: number): void {
    const [scene, path] = [this.#scene, this.state.path];
    if (!scene || !path) return;
    this.state = { ...this.state, path: { ...path, at } };
    const label = (name: TableName): string => scene.labelOf(scene.find(name) ?? -1);
    const tables = (this.#paths[at]?.nodes ?? []).map((index) => scene.nameOf(index).table);
    this.parts.say(this.parts.pathBar.show({ from: label(path.from), to: label(path.to), tables, at, count: this.#paths.length }));
    this.#light();
  }

  #fitPath(): void {
    const path = this.#path;
    if (path && this.state.mode === 'diagram') this.view.fit(new Set(path.nodes));
  }

  #openPathBar(from: TableName | undefined, to: TableName | undefined): void {
    const label = (name: TableName | undefined): string => (name ? (this.#scene?.labelOf(this.#scene.find(name) ?? -1) ?? '') : '');
    this.parts.pathBar.root.hidden = false;
    this.parts.pathBar.show({ from: label(from), to: label(to), tables: [], at: 0, count: 0 });
    this.parts.pathBar.focus();
    if (this.#scene) this.parts.toolbar.show({ detail: this.#scene.detail, mode: this.state.mode, inferred: this.state.inferred, path: true }); // prettier-ignore
  }

  /** The shown table nearest to the middle of the view. */
  #central(): number | undefined {
    const { viewport, size, shown } = this.view;
    const [x, y] = [(size.width / 2 - viewport.x) / viewport.zoom, (size.height / 2 - viewport.y) / viewport.zoom];
    const distance = (node: SceneNode): number => Math.hypot(node.x + node.width / 2 - x, node.y + node.height / 2 - y);
    const nodes = (this.#scene?.nodes ?? []).filter(({ index }) => !shown || shown.has(index));
    return nodes.reduce<SceneNode | undefined>((best, node) => (!best || distance(node) < distance(best) ? node : best), undefined)?.index;
  }

  #forget(name: 'around' | 'path' | 'selected'): void {
    const { [name]: _gone, ...rest } = this.state;
    this.state = rest;
  }

  #remember(): void {
    window.clearTimeout(this.#saving);
    this.#saving = window.setTimeout(() => this.host.save({ ...this.state, viewport: this.view.viewport }), saveMs);
  }
}
