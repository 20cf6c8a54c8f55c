/** What the extension does around questions, without a model: activation, databases, states, what it leaves alone. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('editor', () => {
  teardown(closeAll);

  test('a SQL file activates the extension, which registers every command of its manifest', async () => {
    await openWith('empty.sql', '');
    const extension = vscode.extensions.getExtension('joinery.joinery');
    await until('activation', () => extension?.isActive);
    const wanted = (extension?.packageJSON as Manifest).contributes.commands.map(({ command }) => command);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(wanted.filter((id) => !known.has(id)), []); // prettier-ignore
  });

  test('activation is measured', async () => {
    const { activationMs } = await joinery();
    assert.ok(activationMs > 0);
  });

  test('several databases and no choice: the status says so, and choosing one ends it', async () => {
    await openWith('reports/several.sql', '-- how many books are there\n');
    const api = await joinery();
    await until('severalDatabases', () => api.status.state.kind === 'severalDatabases' && api.status.state['count'] === 3);
    const library = workspacePath('data', 'library.db');
    await vscode.commands.executeCommand('joinery.chooseDatabase', library);
    await until('the chosen database', () => api.status.database === library);
    // The choice holds for the folder and those below it, not for its neighbours.
    await openWith('reports/below/other.sql', '');
    await until('the choice of the folder above', () => api.status.database === library);
    await openWith('elsewhere/third.sql', '');
    await until('severalDatabases elsewhere', () => api.status.state.kind === 'severalDatabases');
  });

  test('@db goes before the choice of the folder', async () => {
    await openWith('reports/named.sql', '-- @db ../data/clinic.db\n\n');
    const api = await joinery();
    await until('the named database', () => api.status.database === workspacePath('data', 'clinic.db'));
  });

  test('nothing is suggested with several cursors, a selection or text behind the cursor', async () => {
    const text = '-- @db data/library.db\n\n-- how many books are there\n';
    const api = await joinery();
    const editor = await openWith('quiet.sql', `${text}|\n`);
    await until('the database of the document', () => api.status.database?.endsWith('library.db'));
    const end = editor.document.positionAt(text.length);
    const cases: readonly (readonly vscode.Selection[])[] = [
      [new vscode.Selection(end, end), new vscode.Selection(0, 0, 0, 0)],
      [new vscode.Selection(0, 0, 0, 5)],
      [new vscode.Selection(2, 3, 2, 3)],
    ];
    for (const selections of cases) {
      editor.selections = selections;
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
      assert.equal(editor.document.getText(), `${text}\n`);
      assert.equal(api.status.state.kind, 'ready');
    }
  });

  test('Doctor writes down the facts', async () => {
    await vscode.commands.executeCommand('joinery.doctor');
    const text = await until('the report', () => vscode.window.activeTextEditor?.document.getText().startsWith('# Joinery doctor') && vscode.window.activeTextEditor.document.getText()); // prettier-ignore
    assert.match(text, /\*\*Workspace\*\*: trusted/);
    assert.match(text, /\*\*Databases\*\*: 3/);
    assert.match(text, /\*\*Runtime\*\*: llama\.cpp/);
  });

  test('the bundle of the host stays small', () => {
    const extension = vscode.extensions.getExtension('joinery.joinery');
    const bytes = readFileSync(`${extension?.extensionPath}/dist/extension.cjs`).length;
    assert.ok(bytes <= 500_000, `${bytes} bytes`);
  });
});
