/** What SQL a command means, and on which database: as given, the selection, the statement under the cursor, or the whole file. */
import * as vscode from 'vscode';
import { JoineryError } from '../../core/shared/errors.js';
import { scriptStatements, statementAt } from '../../core/sql/scriptStatements.js';
import { requireDatabase } from './databasePicker.js';
import { documentLanguage } from './documentLanguage.js';
import { type DatabaseService } from './databaseService.js';

export interface SqlRequest {
  /** Absolute path. */
  readonly database: string;
  readonly sql: string;
}

/** The argument of a command, when it says something; anybody may pass anything. */
function givenRequest(given: unknown): Partial<SqlRequest> {
  if (typeof given !== 'object' || given === null) return {};
  const { database, sql } = given as Readonly<Record<string, unknown>>;
  return { ...(typeof database === 'string' ? { database } : {}), ...(typeof sql === 'string' ? { sql } : {}) };
}

/** Throws `sql.empty` and `ask.noDatabase`; undefined when the user did not say which database. */
export async function sqlRequest(databases: DatabaseService, given: unknown, scope: 'statement' | 'file'): Promise<SqlRequest | undefined> {
  const known = givenRequest(given);
  const editor = vscode.window.activeTextEditor;
  const sql = known.sql ?? (editor && textIn(editor, scope));
  if (sql === undefined || scriptStatements(sql).length === 0) throw new JoineryError('sql.empty');
  const line = editor?.selection.active.line ?? 0;
  const database = known.database ?? (await requireDatabase(databases, editor?.document, line));
  return database === undefined ? undefined : { database, sql };
}

/** Outside SQL files only a selection is SQL. */
function textIn({ document, selection }: vscode.TextEditor, scope: 'statement' | 'file'): string | undefined {
  const isSql = documentLanguage(document.languageId)?.kind === 'sql';
  if (scope === 'file') return isSql ? document.getText() : undefined;
  if (!selection.isEmpty) return document.getText(selection);
  return isSql ? statementAt(document.getText(), document.offsetAt(selection.active))?.text : undefined;
}
