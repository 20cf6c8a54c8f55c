/** Where the definition of a table stands: in a read-only document per database, which the language feature provides. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type DdlText } from '../../core/language/ddlText.js';
import { type DatabaseSchema } from '../../core/schema/types.js';

export const ddlScheme = 'joinery-ddl';

export function ddlUri(database: string): vscode.Uri {
  return vscode.Uri.from({ scheme: ddlScheme, path: `/${path.basename(database)}.sql`, query: database });
}

/** Undefined when the definition is not written anywhere, as that of a table inside SQLite. */
export async function ddlLocation(
  database: string,
  schema: DatabaseSchema,
  table: string,
  column?: string,
): Promise<vscode.Location | undefined> {
  const { sqlLanguage } = await import('../../engine/language/sqlLanguage.js');
  const text = sqlLanguage.ddlText(schema);
  const place = text.find(table, column);
  return place && new vscode.Location(ddlUri(database), rangeIn(text, place));
}

function rangeIn({ text }: DdlText, { start, end }: { readonly start: number; readonly end: number }): vscode.Range {
  const position = (offset: number): vscode.Position => {
    const before = text.slice(0, offset).split('\n');
    return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
  };
  return new vscode.Range(position(start), position(end));
}
