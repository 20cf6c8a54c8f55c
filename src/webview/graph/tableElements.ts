/** The SVG elements of tables: made once per scene, their rows only when they come near. Decides nothing about what is in sight. */
import { tableFromAfar, tableHead, tableRows } from '../../core/presentation/graphSvg.js';
import { type Scene, type SceneNode } from './scene.js';

const svgSpace = 'http://www.w3.org/2000/svg';

export interface TableWords {
  spoken(node: SceneNode): string;
  moreColumns(count: number): string;
}

export interface TableElement {
  readonly group: SVGGElement;
  hasRows: boolean;
  hidden: boolean;
}

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
): SVGElementTagNameMap[Name] {
  // prettier-ignore
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function tableId(index: number): string {
  return `table-${index}`;
}

export function makeTable(node: SceneNode, words: TableWords): TableElement {
  const group = svgElement('g', { class: `table-box ${node.table.kind}`, id: tableId(node.index), role: 'img', 'aria-label': words.spoken(node), 'data-table': String(node.index) }); // prettier-ignore
  group.innerHTML = `${tableHead(node.table, node.box)}${tableFromAfar(node.table, node.box)}`;
  placeTable(group, node);
  return { group, hasRows: false, hidden: false };
}

export function addRows(element: TableElement, node: SceneNode, words: TableWords): void {
  const rows = svgElement('g', { class: 'rows' });
  rows.innerHTML = tableRows(node.box, (count) => words.moreColumns(count));
  element.group.append(rows);
  element.hasRows = true;
}

export function placeTable(group: SVGGElement, { x, y }: SceneNode): void {
  group.setAttribute('transform', `translate(${x} ${y})`);
}

/** A frame around each database, when there are several. */
export function makeFrames(scene: Scene): readonly SVGGElement[] {
  if (scene.databases.length < 2) return [];
  return scene.databases.flatMap(({ label }, database) => {
    const own = scene.nodes.filter((node) => node.database === database);
    const bounds = scene.bounds(new Set(own.map(({ index }) => index)));
    if (!bounds) return [];
    const group = svgElement('g', { class: 'database-frame' });
    const [x, y] = [bounds.left - 40, bounds.top - 72];
    const [width, height] = [bounds.right - x + 40, bounds.bottom - y + 40];
    group.append(svgElement('rect', { x: `${x}`, y: `${y}`, width: `${width}`, height: `${height}`, rx: '12' }));
    const text = svgElement('text', { x: `${x + 24}`, y: `${y + 40}` });
    text.textContent = label;
    group.append(text);
    return [group];
  });
}
