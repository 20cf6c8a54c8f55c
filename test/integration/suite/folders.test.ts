/** A window with two folders that have databases of the same names: none of them is taken for the other, in the tree, in labels, in questions. */
import * as assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { closeAll, joinery, until } from './editor.js';

const folders = (): readonly string[] => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
const library = (folder: number): string => path.join(folders()[folder] ?? '', 'data', 'library.db');

async function open(folder: number, name: string, text: string): Promise<void> {
  await closeAll();
  const uri = vscode.Uri.file(path.join(folders()[folder] ?? '', name));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

suite('several folders', () => {
  suiteSetup(async () => {
    await joinery();
  });
  teardown(closeAll);

  test('two are open', () => assert.deepEqual(folders().map((folder) => path.basename(folder)), ['workspace', 'other'])); // prettier-ignore

  test('the tree has the databases of both, also those of one name', async () => {
    const above = async (): Promise<string> => {
      await vscode.commands.executeCommand('list.collapse');
      await vscode.commands.executeCommand('list.collapse');
      await vscode.commands.executeCommand('list.select');
      return String(await vscode.commands.executeCommand('joinery.copyName'));
    };
    for (const folder of [0, 1, 0])
      await until(`the tree at ${library(folder)}`, async () => {
        await vscode.commands.executeCommand('joinery.goToTable', { database: library(folder), table: 'loans' });
        return (await above()) === library(folder);
      });
  });

  test('labels tell them apart', async () => {
    for (const folder of [0, 1]) await vscode.commands.executeCommand('joinery.openGraph', { database: library(folder) });
    const tabs = (): readonly string[] => vscode.window.tabGroups.all.flatMap(({ tabs: own }) => own.map(({ label }) => label));
    await until('two graphs', () => ['workspace', 'other'].every((name) => tabs().includes(`Schema graph: ${name}/data/library.db`)));
  });

  test('a question goes to the database of its own folder', async () => {
    const api = await joinery();
    for (const folder of [1, 0, 1]) {
      await open(folder, 'ask.sql', '-- @db data/library.db\n\n-- how many books are there\n');
      await until(`the database of ${folder}`, () => api.status.database === library(folder));
    }
  });

  test('a choice holds for the folder that it was made in', async () => {
    const api = await joinery();
    await open(1, 'chosen/here.sql', '');
    await vscode.commands.executeCommand('joinery.chooseDatabase', library(1));
    await until('the chosen database', () => api.status.database === library(1));
    await open(0, 'chosen/there.sql', '');
    await until('no choice in the other folder', () => api.status.state.kind === 'severalDatabases');
  });

  test('a SELECT with joins names the database whose tables were chosen', async () => {
    const nodes = ['authors', 'loans'].map((name) => ({ kind: 'table', id: name, database: library(1), table: { name } }));
    const shown = vscode.commands.executeCommand('joinery.showJoinPaths', nodes[0], nodes);
    const text = await until('the statement', async () => {
      const written = vscode.window.activeTextEditor?.document.getText() ?? '';
      if (/^-- @db /.test(written)) return written;
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return undefined;
    });
    await shown;
    assert.equal(text.split('\n')[0], `-- @db ${library(1)}`);
  });
});
