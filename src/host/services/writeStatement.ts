/** Writes an answer below the comment that asked for it: in place of the statement that stands there, in one step of undo. */
import * as vscode from 'vscode';
import { type CommentQuestion } from '../../core/presentation/commentQuestion.js';
import { codeAbove } from './codeAbove.js';
import { documentLanguage } from './documentLanguage.js';
import { linesOf } from './documentLines.js';
import { replacementFor } from './replacement.js';

export interface WrittenAnswer {
  readonly sql: string;
  /** Literals become parameters, in languages other than SQL. */
  readonly bound: boolean;
}

/** False when the editor refused the edit, or the document's language is none of ours. */
export async function writeBelow(
  document: vscode.TextDocument,
  comment: Pick<CommentQuestion, 'firstLine' | 'lastLine'>,
  { sql, bound }: WrittenAnswer,
): Promise<boolean> {
  const language = documentLanguage(document.languageId);
  if (!language) return false;
  const replaced = replacementFor(document.getText(), document.offsetAt(new vscode.Position(comment.lastLine, 0)), {
    language,
    sql,
    bound,
    above: codeAbove(linesOf(document), comment.firstLine, language.marker),
  });
  return replaceRange(document, replaced, replaced.text);
}

/** Offsets of the document's text, end exclusive. */
export async function replaceRange(
  document: vscode.TextDocument,
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  return vscode.workspace.applyEdit(edit);
}

/** As it stands in a file: with its semicolon. */
export function closedStatement(sql: string): string {
  const text = sql.trimEnd();
  return text.endsWith(';') ? text : `${text};`;
}
