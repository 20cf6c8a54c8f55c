/** The diagram as a file: an SVG that needs nothing else, and a PNG drawn from it. */
import { type GraphColour, graphStyle, relationLine, escapeXml, tableHead, tableRows } from '../../core/presentation/graphSvg.js';
import { type Scene, type SceneEdge } from './scene.js';

export interface PictureOptions {
  /** Undefined means all tables. */
  readonly shown: ReadonlySet<number> | undefined;
  readonly hides: (edge: SceneEdge) => boolean;
  readonly lit: { readonly nodes: ReadonlySet<number>; readonly edges: ReadonlySet<number> } | undefined;
  /** CSS colours, also such as only a browser understands. */
  readonly colours: Readonly<Record<string, string>>;
  readonly title: string;
  readonly moreColumns: (count: number) => string;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const margin = 40;
/** Pixels that a canvas may have on one side, and in all. */
const [longestSide, mostPixels] = [16_000, 120_000_000];

export function makePicture(scene: Scene, options: PictureOptions): Picture {
  const { shown, lit } = options;
  const bounds = scene.bounds(shown) ?? { left: 0, top: 0, right: 1, bottom: 1 };
  const [width, height] = [bounds.right - bounds.left + 2 * margin, bounds.bottom - bounds.top + 2 * margin];
  const hex = plainColours(options.colours);
  const colour = (name: GraphColour): string => hex[name] ?? '#808080';
  scene.keepOff(shown);
  const edges = scene.edges.filter((edge) => !options.hides(edge));
  const lines = edges.map((edge) => `<g class="relation ${edge.relation.origin}${lit?.edges.has(edge.index) ? ' lit' : ''}">${relationLine(edge.relation, scene.routeOf(edge))}</g>`); // prettier-ignore
  const nodes = scene.nodes.filter(({ index }) => !shown || shown.has(index));
  const boxes = nodes.map((node) => `<g class="table-box${lit?.nodes.has(node.index) ? ' lit' : ''}" transform="translate(${node.x} ${node.y})">${tableHead(node.table, node.box)}${tableRows(node.box, options.moreColumns)}</g>`); // prettier-ignore
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${bounds.left - margin} ${bounds.top - margin} ${width} ${height}">`,
    `<title>${escapeXml(options.title)}</title>`,
    `<style>${graphStyle(colour, 'system-ui, sans-serif')}</style>`,
    `<rect x="${bounds.left - margin}" y="${bounds.top - margin}" width="${width}" height="${height}" fill="${colour('canvas')}"/>`,
    ...lines,
    ...boxes,
    '</svg>',
  ].join('\n');
  return { svg, width, height };
}

/** Twice the size for sharp letters, less for very large pictures. Undefined when the browser cannot draw it. */
export async function pngOf({ svg, width, height }: Picture): Promise<string | undefined> {
  const scale = Math.min(2, longestSide / width, longestSide / height, Math.sqrt(mostPixels / (width * height)));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL('image/png');
  return url.startsWith('data:image/png;base64,') ? url.slice(url.indexOf(',') + 1) : undefined;
}

/** Themes may use variables and mixed colours, which other programs do not know: the browser itself says what they are. */
function plainColours(colours: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return colours;
  const probe = document.createElement('span');
  document.body.append(probe);
  const plain = Object.entries(colours).map(([name, value]) => {
    probe.style.color = value;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return [name, `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`];
  });
  probe.remove();
  return Object.fromEntries(plain) as Readonly<Record<string, string>>;
}
