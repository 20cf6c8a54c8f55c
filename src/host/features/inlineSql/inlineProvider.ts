/** Decides whether to ask, asks, and turns answers into suggestions. VS Code asks once per ghost text: the best within the budget. */
import * as vscode from 'vscode';
import { type CommentQuestion, questionAbove } from '../../../core/presentation/commentQuestion.js';
import { continueStatement } from '../../../core/presentation/continueStatement.js';
import { codePlace, sqlInsertion } from '../../../core/presentation/sqlLiteral.js';
import { type AskAnswer } from '../../../engine/ask/types.js';
import { commandIds } from '../../platform/generatedIds.js';
import { readSetting } from '../../platform/settings.js';
import { documentLanguage, type DocumentLanguage } from '../../services/documentLanguage.js';
import { isWritable, linesOf, namedDatabaseAt } from '../../services/documentLines.js';
import { type Services } from '../../services/services.js';
import { codeAbove } from '../../services/codeAbove.js';
import { pause } from './pause.js';
import { type Offer, type ShownItem, stillFitting } from './shownItem.js';

export interface InlineRequest {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly isAutomatic: boolean;
  readonly token: vscode.CancellationToken;
}

interface FoundQuestion {
  readonly comment: CommentQuestion;
  readonly language: DocumentLanguage;
  /** Line text in front of the cursor. */
  readonly before: string;
  readonly above: string;
}

/** VS Code asks at every key; a question is worth the model when the user has stopped. */
const debounceMs = 350;

export class InlineProvider {
  #shown: ShownItem | undefined;

  constructor(private readonly services: Services) {}

  async provide(request: InlineRequest): Promise<vscode.InlineCompletionItem[]> {
    const { document, position, isAutomatic, token } = request;
    const found = this.#find(request);
    if (!found) return [];
    const typed = { document: document.uri.toString(), line: position.line, before: found.before, above: found.above };
    const kept = stillFitting(this.#shown, typed);
    if (this.#shown && kept.length > 0) return itemsFor(kept, this.#shown.column, request);
    if (isAutomatic) await pause(debounceMs, token);
    if (token.isCancellationRequested || !(await isWritable(document))) return [];
    const database = await this.#database(document, position.line);
    if (database === undefined || token.isCancellationRequested) return [];
    const answer = await this.#ask(found, database, request);
    if (!answer) return [];
    const offers = offersFor(answer, found, database);
    this.#shown = { ...typed, column: found.before.length, offers };
    return itemsFor(offers, found.before.length, request);
  }

  #find({ document, position, isAutomatic }: InlineRequest): FoundQuestion | undefined {
    const language = documentLanguage(document.languageId);
    if (!language || !readSetting('inlineSuggestions', document.uri) || !vscode.workspace.isTrusted) return undefined;
    if (!hasOneCursor(document)) return undefined;
    const line = document.lineAt(position.line).text;
    const before = line.slice(0, position.character);
    if (line.slice(position.character).trim() !== '') return undefined;
    const lines = linesOf(document);
    const comment = questionAbove(lines, position.line, position.character, language.marker);
    if (!comment || (isAutomatic && comment.begun === '' && isAnswered(document, position.line, language))) return undefined;
    const above = language.kind === 'sql' ? document.getText(new vscode.Range(comment.firstLine, 0, position.line, 0)) : codeAbove(lines, comment.firstLine, language.marker); // prettier-ignore
    return { comment, language, before, above };
  }

  async #database(document: vscode.TextDocument, line: number): Promise<string | undefined> {
    const { databases, status } = this.services;
    const resolution = await databases.resolve(document, namedDatabaseAt(document, line));
    if (resolution.kind === 'one') {
      if (status.current.database !== resolution.path) status.setDatabase(resolution.path, { kind: 'ready' });
      return resolution.path;
    }
    status.setDatabase(
      undefined,
      resolution.kind === 'none' ? { kind: 'noDatabase' } : { kind: 'severalDatabases', count: resolution.paths.length },
    );
    return undefined;
  }

  async #ask({ comment, language }: FoundQuestion, database: string, { token }: InlineRequest): Promise<AskAnswer | undefined> {
    const question = {
      question: comment.question,
      database,
      candidates: readSetting('candidates'),
      priority: 'typing' as const,
      deadlineMs: readSetting('inlineTimeBudget') * 1000,
      ...(comment.begun === '' || language.kind === 'code' ? {} : { begun: comment.begun }),
    };
    const outcome = await this.services.asker.ask(question, token);
    return outcome.kind === 'answer' ? outcome : undefined;
  }
}

function offersFor(answer: AskAnswer, found: FoundQuestion, database: string): readonly Offer[] {
  return [answer, ...answer.alternatives].flatMap(({ sql }) => {
    const text = textFor(sql, found);
    const corrected = sql === answer.sql ? {} : { answered: answer.sql };
    return text === undefined ? [] : [{ text, pair: { question: found.comment.question, sql, database, ...corrected } }];
  });
}

/** One for typing, all for a gesture, so that the usual keys cycle through them. */
function itemsFor(offers: readonly Offer[], column: number, { position, isAutomatic }: InlineRequest): vscode.InlineCompletionItem[] {
  const range = new vscode.Range(position.line, column, position.line, position.character);
  return offers.slice(0, isAutomatic ? 1 : offers.length).map(({ text, pair }) => {
    const command = { command: commandIds.accepted, title: vscode.l10n.t('Suggestion Accepted'), arguments: [pair] };
    return new vscode.InlineCompletionItem(text, range, command);
  });
}

/** With a selection or several cursors the user is editing, not asking. A document without a visible editor is a caller's own affair. */
function hasOneCursor(document: vscode.TextDocument): boolean {
  const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
  return !editor || (editor.selections.length === 1 && editor.selection.isEmpty);
}

/** A statement right below the cursor answers the comment already; the command regenerates it. */
function isAnswered(document: vscode.TextDocument, line: number, language: DocumentLanguage): boolean {
  if (language.kind === 'code' || line + 1 >= document.lineCount) return false;
  const below = document.lineAt(line + 1).text.trim();
  return below !== '' && !below.startsWith(language.marker);
}

function textFor(sql: string, { comment, language, before, above }: FoundQuestion): string | undefined {
  if (language.kind === 'code') {
    const indent = /^\s*/.exec(before)?.[0] ?? '';
    return sqlInsertion({ sql, language: language.code, place: codePlace(before, above), indent, bound: comment.bound });
  }
  const rest = comment.begun === '' ? sql : continueStatement(comment.begun, sql);
  return rest === undefined || rest.trimEnd().endsWith(';') ? rest : `${rest.trimEnd()};`;
}
