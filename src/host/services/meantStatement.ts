/** The statement that a command means: the selection when there is one, else the one around the cursor, with the question above it. */
import type * as vscode from 'vscode';
import { type CommentQuestion, questionAround } from '../../core/presentation/commentQuestion.js';
import { scriptStatements, statementAt } from '../../core/sql/scriptStatements.js';
import { documentLanguage } from './documentLanguage.js';
import { linesOf } from './documentLines.js';

export interface MeantStatement {
  /** Without its semicolon. */
  readonly sql: string;
  /** Offsets in the document, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly comment?: Pick<CommentQuestion, 'question' | 'firstLine' | 'lastLine'>;
}

/** Undefined when there is no statement. In languages other than SQL only a selection can be meant. */
export function meantStatement(document: vscode.TextDocument, selection: vscode.Selection): MeantStatement | undefined {
  const text = document.getText();
  const language = documentLanguage(document.languageId);
  if (!selection.isEmpty) {
    const start = document.offsetAt(selection.start);
    const selected = document.getText(selection);
    const [first] = scriptStatements(selected);
    return first && withComment(document, { sql: first.text, start: start + first.start, end: start + first.end });
  }
  if (language?.kind !== 'sql') return undefined;
  const found = statementAt(text, document.offsetAt(selection.active));
  return found && withComment(document, { sql: found.text, start: found.start, end: found.end });
}

function withComment(document: vscode.TextDocument, statement: Pick<MeantStatement, 'sql' | 'start' | 'end'>): MeantStatement {
  if (documentLanguage(document.languageId)?.kind !== 'sql') return statement;
  const line = document.positionAt(statement.start).line;
  const comment = questionAround(linesOf(document), line, '--');
  return comment && comment.lastLine < line ? { ...statement, comment } : statement;
}
