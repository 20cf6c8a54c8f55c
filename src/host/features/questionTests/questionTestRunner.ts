/** Runs questions of the Test Explorer one after the other, shows differences, and writes an answer into its file when it is accepted. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type TestedAnswer, type TestFailure } from '../../../core/questionTests/types.js';
import { isCancelled, JoineryError } from '../../../core/shared/errors.js';
import { type QuestionTestOptions, type QuestionTestResult } from '../../../engine/questionTests/questionTests.js';
import { readSetting } from '../../platform/settings.js';
import { describeCode, describeTestFailure } from '../../platform/words.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { type QuestionTestTree } from './questionTestTree.js';

export class QuestionTestRunner {
  /** The last answer of each test, which the user may accept. */
  readonly #answers = new Map<string, TestedAnswer>();

  constructor(
    private readonly services: Services,
    private readonly controller: vscode.TestController,
    private readonly tree: QuestionTestTree,
  ) {}

  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    try {
      requireTrust();
      const items = await this.#itemsOf(request);
      for (const item of items) run.enqueued(item);
      const options = await this.#options();
      for (const item of items) {
        if (token.isCancellationRequested) run.skipped(item);
        else await this.#runOne(run, item, options, token);
      }
    } finally {
      run.end();
    }
  }

  /** Writes the last answer of the test into its file; the edit can be undone. */
  async accept(id: string): Promise<void> {
    const [file = '', ...rest] = id.split('#');
    const answer = this.#answers.get(id);
    const item = this.controller.items.get(file)?.children.get(id);
    const test = item && this.tree.testOf(item);
    if (!answer || !item?.uri || !test || rest.length === 0)
      throw new JoineryError('config.invalid', { detail: vscode.l10n.t('run the question first') });
    const { acceptAnswer } = await import('../../../engine/questionTests/questionTests.js');
    const document = await vscode.workspace.openTextDocument(item.uri);
    const text = acceptAnswer(document.getText(), test.name, answer);
    if (text === undefined) throw new JoineryError('config.invalid', { detail: vscode.l10n.t('the question is no longer in the file') });
    const edit = new vscode.WorkspaceEdit();
    edit.replace(item.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await this.tree.update(item.uri);
  }

  async #runOne(run: vscode.TestRun, item: vscode.TestItem, options: QuestionTestOptions, token: vscode.CancellationToken): Promise<void> {
    const test = this.tree.testOf(item);
    if (!test || !item.uri) return run.skipped(item);
    run.started(item);
    const { runQuestionTest } = await import('../../../engine/questionTests/questionTests.js');
    try {
      const fallback = await this.#fallback(item.uri);
      const result = await runQuestionTest(test, path.dirname(item.uri.fsPath), fallback, options, token);
      if (result.answer) this.#answers.set(item.id, result.answer);
      report(run, item, result);
    } catch (error) {
      if (!isCancelled(error)) throw error;
      run.skipped(item);
    }
  }

  async #options(): Promise<QuestionTestOptions> {
    const { catalogue } = await this.services.engines.get();
    return {
      catalogue,
      ask: ({ question, database, candidates, deadlineMs }, token) =>
        this.services.asker.ask({ question, database, candidates, priority: 'interactive', deadlineMs }, token),
      candidates: readSetting('candidates'),
      now: () => performance.now(),
    };
  }

  async #itemsOf({ include, exclude }: vscode.TestRunRequest): Promise<vscode.TestItem[]> {
    const roots = include ?? [...this.controller.items].map(([, item]) => item);
    const items: vscode.TestItem[] = [];
    for (const root of roots) {
      if (this.tree.testOf(root)) {
        items.push(root);
        continue;
      }
      await this.tree.read(root);
      root.children.forEach((child) => items.push(child));
    }
    return items.filter((item) => !(exclude ?? []).some((left) => left === item || left === item.parent));
  }

  async #fallback(uri: vscode.Uri): Promise<string | undefined> {
    const resolution = await this.services.databases.resolve(await vscode.workspace.openTextDocument(uri), undefined);
    return resolution.kind === 'one' ? resolution.path : undefined;
  }
}

function report(run: vscode.TestRun, item: vscode.TestItem, { outcome, failures, answer, error, ms }: QuestionTestResult): void {
  if (answer?.kind === 'answer') run.appendOutput(`${answer.sql.replace(/\r?\n/g, '\r\n')}\r\n`, undefined, item);
  if (outcome === 'passed') return run.passed(item, ms);
  if (error) {
    const { sentence, next } = describeCode(error.code, error.details);
    return run.errored(item, new vscode.TestMessage(`${sentence} ${next}`), ms);
  }
  run.failed(item, failures.map((failure) => messageOf(failure, item)), ms); // prettier-ignore
}

function messageOf(failure: TestFailure, item: vscode.TestItem): vscode.TestMessage {
  const text = describeTestFailure(failure);
  const message =
    failure.expected === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, failure.expected, failure.actual ?? '');
  if (item.uri && item.range) message.location = new vscode.Location(item.uri, item.range.start);
  message.contextValue = 'joinery.result';
  return message;
}
