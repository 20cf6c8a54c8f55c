/** The definitions of a database as one text, with the places of its tables and columns in it. */
import { foldName } from '../graph/tableKeys.js';
import { type DatabaseSchema } from '../schema/types.js';
import { significantTokens } from '../sql/tokenize.js';
import { readStatement } from './readStatement.js';

export interface DdlText {
  readonly text: string;
  /** Offset of a table's name, or of the column's name in its definition; the table's when the column is not written there. */
  find(table: string, column?: string): { readonly start: number; readonly end: number } | undefined;
}

export function ddlText({ tables }: DatabaseSchema): DdlText {
  const places = new Map<string, { readonly start: number; readonly ddl: string }>();
  let text = '';
  for (const table of tables) {
    places.set(foldName(table.name), { start: text.length, ddl: table.ddl });
    const parts = [table.ddl, ...table.triggers.map(({ ddl }) => ddl)].filter((ddl) => ddl !== '');
    text += parts.map((ddl) => `${ddl};\n\n`).join('');
  }
  return {
    text,
    find(table, column) {
      const place = places.get(foldName(table));
      if (!place) return undefined;
      const { target, columns } = readStatement(significantTokens(place.ddl));
      const name = columns.find((entry) => column !== undefined && foldName(entry.name) === foldName(column)) ?? target;
      return name && { start: place.start + name.start, end: place.start + name.end };
    },
  };
}
