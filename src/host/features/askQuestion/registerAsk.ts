/** `Joinery: Ask…`: a question with a history, then the answer and the others with their first rows, to insert, copy or open. */
import * as vscode from 'vscode';
import { type Disposable } from '../../../core/shared/disposable.js';
import { type AskAnswer } from '../../../engine/ask/types.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { requireDatabase } from '../../services/databasePicker.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { deliver } from '../../services/deliver.js';
import { QuestionHistory } from './questionHistory.js';
import { readQuestion } from './readQuestion.js';
import { showAnswers } from './showAnswers.js';

export function registerAsk(services: Services): Disposable {
  const history = new QuestionHistory(services.context.workspaceState);
  // The question may be given by a key binding or another extension; then only the answer is shown.
  return registerCommand(commandIds.ask, services.log, async (given) => {
    requireTrust();
    const editor = vscode.window.activeTextEditor;
    const begun = asBegun(given);
    const database = begun?.database ?? (await requireDatabase(services.databases, editor?.document, editor?.selection.active.line ?? 0));
    if (database === undefined) return;
    const label = services.databases.labelOf(database);
    const question = typeof given === 'string' ? given : await readQuestion(history.list(), label, begun?.draft);
    if (question === undefined) return;
    await converse(services, history, { question, database }, editor);
  });
}

/** The beginning of a question about a database, as the menu of a table gives it; undefined for anything else. */
function asBegun(given: unknown): { readonly database: string; readonly draft: string } | undefined {
  if (typeof given !== 'object' || given === null || !('database' in given) || !('draft' in given)) return undefined;
  const { database, draft } = given;
  return typeof database === 'string' && typeof draft === 'string' ? { database, draft } : undefined;
}

interface Turn {
  readonly question: string;
  readonly database: string;
  readonly previous?: { readonly question: string; readonly sql: string };
}

/** Follow-ups refine the answer that is on screen, until the user takes one or leaves. */
async function converse(services: Services, history: QuestionHistory, first: Turn, editor: vscode.TextEditor | undefined): Promise<void> {
  for (let turn: Turn | undefined = first; turn;) {
    await history.add(turn.question);
    const choice = await showAnswers(services, turn);
    if (!choice) return;
    if (choice.kind === 'compare') {
      await vscode.commands.executeCommand(commandIds.compareAnswers, turn);
      return;
    }
    if (choice.kind !== 'refine') {
      const { sql, answered } = choice;
      await deliver(choice, turn.question, editor);
      const kind = answered === undefined ? { kind: 'accepted' as const } : { kind: 'corrected' as const, answered };
      await services.pairs.accept({ question: turn.question, sql, database: turn.database, ...kind });
      return;
    }
    turn = await refined(turn, choice.answer);
  }
}

async function refined(turn: Turn, answer: AskAnswer): Promise<Turn | undefined> {
  const prompt = vscode.l10n.t('Refine: {0}', turn.question);
  const question = await vscode.window.showInputBox({ prompt, placeHolder: vscode.l10n.t('only those from 2012') });
  if (question === undefined || question.trim() === '') return undefined;
  return { question, database: turn.database, previous: { question: turn.question, sql: answer.sql } };
}
