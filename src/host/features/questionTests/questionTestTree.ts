/** Question files and their questions as items of the Test Explorer. Reads files, runs nothing. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type QuestionTest } from '../../../core/questionTests/types.js';

export class QuestionTestTree {
  /** What the items of a file mean, by id. */
  readonly #tests = new Map<string, QuestionTest>();

  constructor(private readonly controller: vscode.TestController) {}

  testOf(item: vscode.TestItem): QuestionTest | undefined {
    return this.#tests.get(item.id);
  }

  async discover(pattern: string): Promise<void> {
    const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**');
    const ids = new Set(found.map((uri) => uri.toString()));
    this.controller.items.forEach((item) => {
      if (!ids.has(item.id)) this.controller.items.delete(item.id);
    });
    for (const uri of found) await this.read(this.#fileItem(uri));
  }

  async update(uri: vscode.Uri): Promise<void> {
    await this.read(this.#fileItem(uri));
  }

  remove(uri: vscode.Uri): void {
    this.controller.items.delete(uri.toString());
  }

  /** The file as it is now: what is open and not saved counts. */
  async read(item: vscode.TestItem): Promise<void> {
    const { uri } = item;
    // A question has no children to read.
    if (!uri || this.#tests.has(item.id)) return;
    const { readTests } = await import('../../../engine/questionTests/questionTests.js');
    const document = await vscode.workspace.openTextDocument(uri);
    const { tests, problems } = readTests(document.getText());
    const items = tests.map((test) => {
      const child = this.controller.createTestItem(`${item.id}#${test.name}`, test.name, uri);
      child.range = new vscode.Range(test.firstLine, 0, test.lastLine, Number.MAX_SAFE_INTEGER);
      if (test.name !== test.question) child.description = test.question;
      this.#tests.set(child.id, test);
      return child;
    });
    item.children.replace(items);
    item.error =
      problems.length === 0 ? undefined : problems.map(({ line, detail }) => vscode.l10n.t('Line {0}: {1}', line + 1, detail)).join('\n');
  }

  #fileItem(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const known = this.controller.items.get(id);
    if (known) return known;
    const item = this.controller.createTestItem(id, path.basename(uri.fsPath, '.joinery.yaml'), uri);
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }
}
