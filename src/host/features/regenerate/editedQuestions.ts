/**
 * A question whose wording was changed is answered anew in place, once the cursor has left its comment: only where the statement below is
 * still the one that was taken, so that nothing the user wrote is lost, and in one step of undo, which is not undone again.
 */
import * as vscode from 'vscode';
import { answeredQuestions, editedQuestions, type AnsweredQuestion } from '../../../core/presentation/answeredQuestions.js';
import { isCancelled } from '../../../core/shared/errors.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { readSetting } from '../../platform/settings.js';
import { documentLanguage } from '../../services/documentLanguage.js';
import { isWritable, namedDatabaseAt } from '../../services/documentLines.js';
import { type Services } from '../../services/services.js';
import { closedStatement, replaceRange } from '../../services/writeStatement.js';

export function registerEditedQuestions(services: Services): Disposable {
  const store = new DisposableStore();
  const watcher = new EditedQuestions(services);
  store.own(vscode.workspace.onDidChangeTextDocument(({ document }) => watcher.changed(document)));
  store.own(vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => watcher.moved(textEditor)));
  store.own(vscode.workspace.onDidCloseTextDocument((document) => services.taken.forget(document.uri)));
  return store;
}

class EditedQuestions {
  /** Documents that were changed since their questions were last looked at. */
  readonly #changed = new WeakSet<vscode.TextDocument>();
  /** Questions with the statement that they had: an answer that the user took back is not given again. */
  readonly #answered = new Set<string>();
  #isBusy = false;

  constructor(private readonly services: Services) {}

  changed(document: vscode.TextDocument): void {
    if (this.services.taken.of(document.uri).length > 0) this.#changed.add(document);
  }

  moved(editor: vscode.TextEditor): void {
    const { document } = editor;
    if (this.#isBusy || !this.#changed.has(document) || documentLanguage(document.languageId)?.kind !== 'sql') return;
    if (!vscode.workspace.isTrusted || !readSetting('regenerateEditedQuestions', document.uri)) return;
    const edited = this.#edited(document);
    if (edited.length === 0) this.#changed.delete(document);
    const { line } = editor.selection.active;
    const left = edited.find(({ firstLine, lastLine }) => line < firstLine || line > lastLine);
    if (!left) return;
    this.#isBusy = true;
    this.#answer(document, left)
      .catch((error: unknown) => {
        // As with ghost text: the status bar has the reason, nobody is interrupted.
        if (!isCancelled(error)) this.services.log.log('warn', 'host', 'an edited question was not answered', error);
      })
      .finally(() => (this.#isBusy = false));
  }

  #edited(document: vscode.TextDocument): readonly AnsweredQuestion[] {
    const taken = this.services.taken.of(document.uri);
    const edited = editedQuestions(answeredQuestions(document.getText()), taken);
    return edited.filter((answered) => !this.#answered.has(keyOf(document, answered)));
  }

  async #answer(document: vscode.TextDocument, { question, sql, statement, ...answered }: AnsweredQuestion): Promise<void> {
    const { asker, databases, taken } = this.services;
    const resolution = await databases.resolve(document, namedDatabaseAt(document, answered.firstLine));
    if (resolution.kind !== 'one' || !(await isWritable(document))) return;
    const database = resolution.path;
    const { version } = document;
    this.#answered.add(keyOf(document, { question, sql }));
    const asked = { question, database, candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0 };
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Joinery: {0}', question), cancellable: true };
    const outcome = await vscode.window.withProgress(options, (_, token) => asker.ask(asked, token));
    if (outcome.kind === 'refusal') return;
    if (document.version !== version) {
      // Typed on meanwhile: the next move of the cursor tries again, with the answer from the cache.
      this.#answered.delete(keyOf(document, { question, sql }));
      return;
    }
    const text = closedStatement(outcome.sql);
    if (await replaceRange(document, statement, text)) taken.add(document.uri, { question, sql: text, database });
  }
}

function keyOf({ uri }: vscode.TextDocument, { question, sql }: Pick<AnsweredQuestion, 'question' | 'sql'>): string {
  return JSON.stringify([uri.toString(), question, sql]);
}
