/** A document as the pure rooms read it, and what of it concerns Joinery. */
import * as vscode from 'vscode';
import { type LineSource, namedDatabase } from '../../core/presentation/commentQuestion.js';
import { documentLanguage } from './documentLanguage.js';

export function linesOf(document: vscode.TextDocument): LineSource {
  return { lineCount: document.lineCount, lineAt: (line) => document.lineAt(line).text };
}

/** Path after `@db` that holds at a line. */
export function namedDatabaseAt(document: vscode.TextDocument | undefined, line: number): string | undefined {
  const language = document && documentLanguage(document.languageId);
  return language && namedDatabase(linesOf(document), line, language.marker);
}

const writableSchemes: ReadonlySet<string> = new Set(['file', 'untitled', 'vscode-notebook-cell', 'vscode-userdata']);

/** False for views of other things (old versions, output) and for files that may not be written. */
export async function isWritable(document: vscode.TextDocument): Promise<boolean> {
  if (!writableSchemes.has(document.uri.scheme)) return false;
  if (document.uri.scheme !== 'file') return true;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(document.uri);
    return (permissions & vscode.FilePermission.Readonly) === 0;
  } catch {
    return true; // Not saved yet, or gone since: it can still be edited.
  }
}
