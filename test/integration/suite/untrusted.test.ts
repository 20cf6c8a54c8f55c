/** A workspace that nobody trusted: no question, no model, no SQL of the user's. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until } from './editor.js';

suite('untrusted workspace', () => {
  teardown(closeAll);

  test('the workspace is not trusted', () => assert.equal(vscode.workspace.isTrusted, false));

  test('the status says so', async () => {
    await openWith('status.sql', '-- @db data/library.db\n\n');
    const api = await joinery();
    await until('untrusted', () => api.status.state.kind === 'untrusted');
  });

  for (const command of [
    'joinery.ask',
    'joinery.regenerate',
    'joinery.regenerateWithParameters',
    'joinery.compareAnswers',
    'joinery.whyThis',
    'joinery.explainSql',
    'joinery.repair',
    'joinery.createSample',
  ]) {
    test(`${command} does nothing, even when called by id`, async () => {
      const text = '-- @db data/library.db\n\n-- how many books are there\n';
      const editor = await openWith('ask.sql', text);
      const api = await joinery();
      await vscode.commands.executeCommand(command, 'how many books are there').then(undefined, () => undefined);
      assert.equal(editor.document.getText(), text);
      assert.equal(api.status.state.kind, 'untrusted');
    });
  }

  for (const command of ['joinery.runStatement', 'joinery.explainStatement', 'joinery.previewWrite', 'joinery.fineTune']) {
    test(`${command} opens nothing, even when called by id`, async () => {
      await openWith('run.sql', '-- @db data/library.db\n\nDELETE FROM loans|;\n');
      await joinery();
      const database = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
      const given = { database: `${database}/data/library.db`, sql: 'SELECT 1' };
      await vscode.commands.executeCommand(command, given).then(undefined, () => undefined);
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
      assert.deepEqual(tabs, ['run.sql']);
    });
  }

  test('there is no ghost text, and no state but untrusted', async () => {
    const text = '-- @db data/library.db\n\n-- how many books are there\n';
    const editor = await openWith('ghost.sql', text);
    const api = await joinery();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
    assert.equal(editor.document.getText(), text);
    assert.equal(api.status.state.kind, 'untrusted');
  });

  test('names are completed from the schema, and no statement is compiled', async () => {
    const editor = await openWith('names.sql', '-- @db data/library.db\nSELECT nothing FROM nowhere;\nSELECT * FROM |');
    const { document, selection } = editor;
    await until('tables', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, selection.active); // prettier-ignore
      return list.items.some(({ label }) => (typeof label === 'string' ? label : label.label) === 'books');
    });
    await editor.edit((edit) => edit.insert(selection.active, 'books'));
    const symbols = async (): Promise<unknown> => vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    await until('the outline of the changed text', async () => Array.isArray(await symbols()));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  test('accepted pairs are not stored', async () => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'), '.joinery', 'pairs.jsonl');
    await vscode.commands.executeCommand('joinery.accepted', { question: 'a', sql: 'b', database: 'c' });
    await assert.rejects(async () => vscode.workspace.fs.stat(uri));
  });
});
