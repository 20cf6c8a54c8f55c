/** The packaged extension, installed: it has all its native files, and answers the same question. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, takeGhostText, workspacePath } from './editor.js';

suite('packaged extension', () => {
  teardown(closeAll);

  test('it is the installed one that runs', () => {
    const extension = vscode.extensions.getExtension('joinery.joinery');
    assert.match(extension?.extensionPath ?? '', /joinery\.joinery-[\d.]+/);
  });

  test('the sample database of the walkthrough is made by what is in the package', async () => {
    await vscode.commands.executeCommand('joinery.createSample');
    assert.equal(readFileSync(workspacePath('joinery-sample', 'shop.db')).subarray(0, 15).toString(), 'SQLite format 3');
    assert.match(vscode.window.activeTextEditor?.document.fileName ?? '', /questions\.sql$/);
  });

  test('a comment in a SQL file brings a verified statement', async () => {
    const editor = await openWith('packaged.sql', '-- @db data/shop.db\n\n-- how many customers are there\n');
    const api = await joinery();
    assert.match(await takeGhostText(editor), /SELECT[\s\S]+customers[\s\S]*;$/i);
    assert.equal(api.status.state.kind, 'verified');
  });
});
