/**
 * Tables and relations of the schema graph as SVG markup, and the style sheet that belongs to it: one source for the page and for exported
 * pictures. Places nothing; what a database holds is escaped.
 */
import { type Relation } from '../graph/types.js';
import { fitText, headerHeight, shortType, signWidth, type TableBox, textWidth } from './graphBoxes.js';
import { type GraphColumn, type GraphTable } from './graphModel.js';
import { type Route } from './graphRoute.js';
import { percent } from './hoverWords.js';

/** Colours that the picture is made of. */
export const graphColours = [
  'canvas',
  'box',
  'border',
  'text',
  'muted',
  'table',
  'view',
  'virtual',
  'key',
  'line',
  'guess',
  'lit',
] as const;
export type GraphColour = (typeof graphColours)[number];

const inset = 12;

/** The box with its header; the corner is at (0, 0). */
export function tableHead(table: GraphTable, box: TableBox): string {
  const { width, height } = box;
  const alone = box.rows.length === 0;
  const band = alone
    ? `M6 0H${width - 6}A6 6 0 0 1 ${width} 6V${height - 6}A6 6 0 0 1 ${width - 6} ${height}H6A6 6 0 0 1 0 ${height - 6}V6A6 6 0 0 1 6 0Z`
    : `M6 0H${width - 6}A6 6 0 0 1 ${width} 6V${headerHeight}H0V6A6 6 0 0 1 6 0Z`;
  const name = fitText(table.name, 13 * 1.08, width - 2 * inset - signWidth);
  return [
    `<rect class="frame" width="${width}" height="${height}" rx="6"/>`,
    `<path class="band ${table.kind}" d="${band}"/>`,
    `<path class="sign ${table.kind}" transform="translate(${inset} ${headerHeight / 2 - 6})" d="${kindSigns[table.kind]}"/>`,
    `<text class="name" x="${inset + signWidth}" y="${headerHeight / 2 + 4.5}">${escapeXml(name)}</text>`,
    `<rect class="rim" width="${width}" height="${height}" rx="6"/>`,
  ].join('');
}

export function tableRows(box: TableBox, moreColumns: (count: number) => string): string {
  const rows = box.rows.map(({ column, middle }) => rowMarkup(column, middle, box.width));
  const last = (box.rows.at(-1)?.middle ?? headerHeight) + 20;
  const more = box.hidden === 0 ? '' : `<text class="type" x="${inset + signWidth}" y="${last + 4}">${escapeXml(moreColumns(box.hidden))}</text>`; // prettier-ignore
  return rows.join('') + more;
}

/** The name alone, as large as the box allows: for looking from afar. */
export function tableFromAfar(table: GraphTable, box: TableBox): string {
  const room = box.width - 16;
  const size = Math.max(9, Math.min(44, box.height * 0.7, (room / textWidth(table.name, 1)) * 0.86));
  const name = fitText(table.name, size, room);
  return `<text class="far-name" x="${box.width / 2}" y="${box.height / 2 + size * 0.35}" font-size="${Math.round(size)}">${escapeXml(name)}</text>`;
}

/** A guess is dashed and says how sure it is, a confirmed relation bears a tick. */
export function relationLine(relation: Relation, { path, middle: [x, y] }: Route): string {
  const line = `<path class="line" d="${path}"/>`;
  switch (relation.origin) {
    case 'declared':
      return line;
    case 'confirmed':
      return `${line}<g class="mark" transform="translate(${x} ${y})"><circle r="7"/><path class="tick" d="M-3 0L-1 2.5L3.5 -2.5"/></g>`;
    case 'inferred':
      return `${line}<g class="mark" transform="translate(${x} ${y})"><rect x="-17" y="-8" width="34" height="16" rx="8"/><text y="3.5">${percent(relation.confidence)}</text></g>`;
  }
}

function rowMarkup(column: GraphColumn, middle: number, width: number): string {
  const type = shortType(column.type);
  const room = width - 2 * inset - signWidth - (type === '' ? 0 : textWidth(type, 11) + 8);
  const sign = column.primary ? `<path class="key-sign" transform="translate(${inset - 1} ${middle - 6})" d="${keySign}"/>` : column.foreign ? `<path class="link-sign" transform="translate(${inset - 1} ${middle - 6})" d="${linkSign}"/>` : ''; // prettier-ignore
  return [
    sign,
    `<text class="column${column.primary ? ' primary' : ''}" x="${inset + signWidth}" y="${middle + 4}">${escapeXml(fitText(column.name, 12, Math.max(30, room)))}</text>`,
    type === '' ? '' : `<text class="type" text-anchor="end" x="${width - inset}" y="${middle + 4}">${escapeXml(type)}</text>`,
  ].join('');
}

/** 12 by 12 pixels, drawn as lines. */
const kindSigns: Readonly<Record<GraphTable['kind'], string>> = {
  table: 'M1 2H11V10H1ZM1 5H11M4.5 5V10',
  view: 'M0.5 6C2.5 2.5 9.5 2.5 11.5 6C9.5 9.5 2.5 9.5 0.5 6ZM6 4.5A1.5 1.5 0 1 1 6 7.5A1.5 1.5 0 1 1 6 4.5',
  virtual: 'M5 1.5A3.5 3.5 0 1 1 5 8.5A3.5 3.5 0 1 1 5 1.5M7.6 7.6L11 11',
};
const keySign = 'M3.5 3.5A2.5 2.5 0 1 1 3.5 8.5A2.5 2.5 0 1 1 3.5 3.5M6 6H11.5V8.5M9 6V8';
const linkSign = 'M1 6H10M7 3L10 6L7 9';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters have no place in XML at all. */
export function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The style of the markup above; `colour` gives a CSS colour. */
export function graphStyle(colour: (name: GraphColour) => string, font: string): string {
  return `
text { font-family: ${font}; fill: ${colour('text')}; }
.frame { fill: ${colour('box')}; }
.rim { fill: none; stroke: ${colour('border')}; stroke-width: 1; }
.band { stroke: none; }
.band.table { fill: ${colour('table')}; fill-opacity: 0.2; }
.band.view { fill: ${colour('view')}; fill-opacity: 0.2; }
.band.virtual { fill: ${colour('virtual')}; fill-opacity: 0.2; }
.sign, .key-sign, .link-sign { fill: none; stroke-width: 1.2; stroke-linecap: round; stroke-linejoin: round; }
.sign.table { stroke: ${colour('table')}; }
.sign.view { stroke: ${colour('view')}; }
.sign.virtual { stroke: ${colour('virtual')}; }
.key-sign { stroke: ${colour('key')}; }
.link-sign { stroke: ${colour('line')}; }
.name { font-size: 13px; font-weight: 600; }
.column { font-size: 12px; }
.column.primary { font-weight: 600; }
.type { font-size: 11px; fill: ${colour('muted')}; }
.far-name { text-anchor: middle; font-weight: 600; }
.line { fill: none; stroke: ${colour('line')}; stroke-width: 1.4; stroke-linecap: round; }
.inferred .line { stroke: ${colour('guess')}; stroke-dasharray: 6 4; }
.mark circle, .mark rect { fill: ${colour('canvas')}; stroke: ${colour('line')}; }
.inferred .mark rect { stroke: ${colour('guess')}; }
.mark .tick { fill: none; stroke: ${colour('line')}; stroke-width: 1.6; }
.mark text { font-size: 10px; text-anchor: middle; }
.relation.lit .line { stroke: ${colour('lit')}; stroke-width: 3; }
.relation.lit .mark circle, .relation.lit .mark rect { stroke: ${colour('lit')}; stroke-width: 2; }
.table-box.lit .rim { stroke: ${colour('lit')}; stroke-width: 3; }
.database-frame rect { fill: none; stroke: ${colour('border')}; stroke-dasharray: 2 6; stroke-linecap: round; stroke-width: 2; }
.database-frame text { font-size: 24px; font-weight: 600; fill: ${colour('muted')}; }
`;
}
