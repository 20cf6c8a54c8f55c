/** Results inside VS Code: their page opens beside the editor, is used again, and outlives failures and files that vanish. */
import * as assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

const library = (): string => workspacePath('data', 'library.db');

function pages(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('joinery.results'));
}

const run = (sql: string, database = library()): Thenable<unknown> =>
  vscode.commands.executeCommand('joinery.runStatement', { database, sql });

suite('results', () => {
  suiteSetup(joinery);
  teardown(closeAll);

  test('a run opens one page beside the editor and leaves the focus in the file', async () => {
    const editor = await openWith('results.sql', '-- @db data/library.db\n\nSELECT * FROM books|;\n');
    await vscode.commands.executeCommand('joinery.runStatement');
    await until('the page', () => pages().length === 1);
    assert.notEqual(pages()[0]?.group.viewColumn, editor.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
    await run('SELECT 1 AS one');
    assert.equal(pages().length, 1);
  });

  test('a page that was closed opens again', async () => {
    await run('SELECT 1');
    await until('the page', () => pages().length === 1);
    await vscode.window.tabGroups.close([...pages()]);
    await until('no page', () => pages().length === 0);
    await run('SELECT 2');
    await until('the page again', () => pages().length === 1);
  });

  test('a statement that fails keeps the page, and the next one runs', async () => {
    await run('SELECT absent FROM books');
    await run('SELECT title FROM books');
    assert.equal(pages().length, 1);
  });

  test('a database that is deleted while its rows are shown takes nothing with it', async () => {
    const copy = workspacePath('data', 'vanishing.db');
    copyFileSync(library(), copy);
    await run('SELECT * FROM books', copy);
    rmSync(copy);
    await run('SELECT * FROM books', copy);
    await run('SELECT * FROM books');
    assert.equal(pages().length, 1);
  });
});
