/**
 * Messages between the graph page and the extension. The extension reads schemas and lays them out; the page draws, moves and searches.
 * Messages are checked on arrival, for a page may be older than the extension that restores it.
 */
import { type GraphDetail, graphDetails } from '../core/presentation/graphBoxes.js';
import { type GraphDatabase } from '../core/presentation/graphModel.js';
import { type GraphWords } from '../core/presentation/graphWords.js';

/** What the page's document holds from the start. */
export interface GraphPageData {
  readonly words: GraphWords;
  /** Path of the database that is shown, or '' for all. */
  readonly scope: string;
}

export type Place = readonly [x: number, y: number];

/** A table, or a path of tables along relations, that the page is to show. */
export interface GraphFocus {
  readonly database: string;
  readonly tables: readonly string[];
  /** Ids of relations, in joining order; empty for a table alone. */
  readonly relations: readonly string[];
}

/** Positions that the user gave to tables: by path of the database, then by name. */
export type MovedTables = Readonly<Record<string, Readonly<Record<string, Place>>>>;

export type ToGraphPage =
  | {
      readonly type: 'graph';
      readonly title: string;
      readonly detail: GraphDetail;
      readonly databases: readonly GraphDatabase[];
      /** Upper left corner per table, in the order of databases and tables. */
      readonly places: readonly Place[];
      readonly moved: MovedTables;
      /** Databases that cannot be read now, as sentences. */
      readonly failures: readonly string[];
    }
  | { readonly type: 'focus'; readonly focus: GraphFocus }
  /** For the status line, which is read out. */
  | { readonly type: 'notice'; readonly text: string };

export const textFormats = ['mermaid', 'dbml'] as const;
export type TextFormat = (typeof textFormats)[number];

/** A table by its database's path. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

export type FromGraphPage =
  /** The page is there, for the first time or again; absent detail leaves the choice to the extension. */
  | { readonly type: 'ready'; readonly detail?: GraphDetail }
  | { readonly type: 'detail'; readonly detail: GraphDetail }
  | ({ readonly type: 'ddl' } & TableName)
  | ({ readonly type: 'move'; readonly place: Place } & TableName)
  | { readonly type: 'resetPositions' }
  /** A SELECT along these relations, in an editor. */
  | { readonly type: 'sql'; readonly database: string; readonly tables: readonly string[]; readonly relations: readonly string[] }
  | { readonly type: 'saveText'; readonly format: TextFormat; readonly tables: readonly TableName[] }
  | { readonly type: 'saveSvg'; readonly text: string }
  /** PNG bytes as base64. */
  | { readonly type: 'savePng'; readonly base64: string };

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isDetail = (value: unknown): boolean => graphDetails.some((detail) => detail === value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTableName = (value: unknown): boolean => isFields(value) && isText(value['database']) && isText(value['table']);
const isPlace = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

const checks: Readonly<Record<FromGraphPage['type'], (fields: Fields) => boolean>> = {
  ready: ({ detail }) => detail === undefined || isDetail(detail),
  detail: ({ detail }) => isDetail(detail),
  ddl: isTableName,
  move: (fields) => isTableName(fields) && isPlace(fields['place']),
  resetPositions: () => true,
  sql: ({ database, tables, relations }) => isText(database) && isTexts(tables) && isTexts(relations),
  saveText: ({ format, tables }) => textFormats.some((known) => known === format) && Array.isArray(tables) && tables.every(isTableName),
  saveSvg: ({ text }) => isText(text),
  savePng: ({ base64 }) => isText(base64) && /^[A-Za-z0-9+/]*={0,2}$/.test(base64),
};

/** Undefined for anything that is not a message of this version. */
export function readGraphPageMessage(value: unknown): FromGraphPage | undefined {
  if (!isFields(value)) return undefined;
  const { type } = value;
  if (!isText(type) || !Object.hasOwn(checks, type)) return undefined;
  return checks[type as FromGraphPage['type']](value) ? (value as unknown as FromGraphPage) : undefined;
}

/** What reaches the page comes from the extension of the same build or of another after an update: only the shape is looked at. */
export function readGraphHostMessage(value: unknown): ToGraphPage | undefined {
  if (!isFields(value)) return undefined;
  switch (value['type']) {
    case 'graph':
      return isDetail(value['detail']) && Array.isArray(value['databases']) && Array.isArray(value['places']) && Array.isArray(value['failures']) && isFields(value['moved']) ? (value as unknown as ToGraphPage) : undefined; // prettier-ignore
    case 'focus':
      return readGraphFocus(value['focus']) ? (value as unknown as ToGraphPage) : undefined;
    case 'notice':
      return isText(value['text']) ? (value as unknown as ToGraphPage) : undefined;
    default:
      return undefined;
  }
}

/** Also what the command takes: `{database}`, `{database, table}` or `{database, tables, relations}`. Undefined for anything else. */
export function readGraphFocus(value: unknown): GraphFocus | undefined {
  if (!isFields(value)) return undefined;
  const { database, table, tables, relations } = value;
  if (!isText(database)) return undefined;
  if (isText(table)) return { database, tables: [table], relations: [] };
  if (tables !== undefined && !isTexts(tables)) return undefined;
  if (relations !== undefined && !isTexts(relations)) return undefined;
  return { database, tables: (tables ?? []) as readonly string[], relations: (relations ?? []) as readonly string[] };
}
