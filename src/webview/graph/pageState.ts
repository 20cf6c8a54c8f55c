/** What the page remembers while it is hidden or the window is reloaded. */
import { type GraphDetail, graphDetails } from '../../core/presentation/graphBoxes.js';
import { type TableName } from '../../protocol/graphPage.js';
import { readViewport, type Viewport } from './viewport.js';

export type ViewMode = 'diagram' | 'table';

export interface PageState {
  /** Path of the database, or '' for all: the extension restores the panel by it. */
  readonly scope: string;
  readonly viewport?: Viewport;
  readonly detail?: GraphDetail;
  readonly mode: ViewMode;
  readonly inferred: boolean;
  readonly selected?: TableName;
  /** Only tables at most so many joins away from this one are shown. */
  readonly around?: TableName & { readonly depth: number };
  readonly path?: { readonly from: TableName; readonly to: TableName; readonly at: number };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What of a remembered state can be used; another scope's is forgotten. */
export function readPageState(value: unknown, scope: string): PageState {
  const fields = isFields(value) && value['scope'] === scope ? value : {};
  const viewport = readViewport(fields['viewport']);
  const detail = graphDetails.find((known) => known === fields['detail']);
  const selected = tableName(fields['selected']);
  const around = readAround(fields['around']);
  const path = readPath(fields['path']);
  return {
    scope,
    mode: fields['mode'] === 'table' ? 'table' : 'diagram',
    inferred: fields['inferred'] !== false,
    ...(viewport ? { viewport } : {}),
    ...(detail ? { detail } : {}),
    ...(selected ? { selected } : {}),
    ...(around ? { around } : {}),
    ...(path ? { path } : {}),
  };
}

function tableName(value: unknown): TableName | undefined {
  if (!isFields(value)) return undefined;
  const { database, table } = value;
  return typeof database === 'string' && typeof table === 'string' ? { database, table } : undefined;
}

function readAround(value: unknown): PageState['around'] {
  const name = tableName(value);
  const depth = isFields(value) ? value['depth'] : undefined;
  return name && typeof depth === 'number' && depth >= 1 ? { ...name, depth } : undefined;
}

function readPath(value: unknown): PageState['path'] {
  if (!isFields(value)) return undefined;
  const [from, to, at] = [tableName(value['from']), tableName(value['to']), value['at']];
  return from && to && typeof at === 'number' && at >= 0 ? { from, to, at } : undefined;
}
