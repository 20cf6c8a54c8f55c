/** Puts a chosen statement where the user wants it: into the editor, the clipboard, or a document of its own. */
import * as vscode from 'vscode';
import { sqlInsertion } from '../../core/presentation/sqlLiteral.js';
import { documentLanguage } from './documentLanguage.js';
import { isWritable } from './documentLines.js';

export interface Delivery {
  readonly kind: 'insert' | 'copy' | 'open';
  readonly sql: string;
}

/** Without an editor that can be written, a new document takes the statement. */
export async function deliver({ kind, sql }: Delivery, question: string, editor: vscode.TextEditor | undefined): Promise<void> {
  const statement = sql.trimEnd().endsWith(';') ? sql.trimEnd() : `${sql.trimEnd()};`;
  if (kind === 'copy') return vscode.env.clipboard.writeText(statement);
  const language = editor && documentLanguage(editor.document.languageId);
  if (kind === 'insert' && editor && language && (await isWritable(editor.document))) return insert(editor, statement, language);
  const content = `-- ${question}\n${statement}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content }));
}

async function insert(editor: vscode.TextEditor, sql: string, language: NonNullable<ReturnType<typeof documentLanguage>>): Promise<void> {
  const { active } = editor.selection;
  const indent = /^\s*/.exec(editor.document.lineAt(active.line).text)?.[0] ?? '';
  const text = language.kind === 'sql' ? sql : sqlInsertion({ sql, language: language.code, place: 'expression', indent, bound: false });
  // Through the editor's own undo stack; as text, for SQL may hold what a snippet would read as a placeholder.
  await editor.edit((edit) => edit.replace(editor.selection, text));
}
