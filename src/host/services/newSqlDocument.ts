/** A statement in a new SQL document. Where it is shown is the caller's. */
import * as vscode from 'vscode';
import { type DatabaseService } from './databaseService.js';

/** The document says which database it means, when that is not clear anyway. */
export async function newSqlDocument(databases: DatabaseService, database: string, sql: string): Promise<vscode.TextDocument> {
  const resolution = await databases.resolve(undefined, undefined);
  const isClear = resolution.kind === 'one' && resolution.path === database;
  const content = isClear ? `${sql}\n` : `-- @db ${databases.nameInDocument(database)}\n${sql}\n`;
  return vscode.workspace.openTextDocument({ language: 'sql', content });
}
