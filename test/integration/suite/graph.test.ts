/** The schema graph inside VS Code: its panels, one per database, and what its commands accept. What the page does is tested in a browser. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, joinery, until, workspacePath } from './editor.js';

const library = (): string => workspacePath('data', 'library.db');

function graphTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: own }) => own);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('joinery.graph'));
}

async function shownTabs(labels: readonly string[]): Promise<void> {
  await until(
    `graphs ${labels.join(', ')}`,
    () =>
      graphTabs()
        .map(({ label }) => label)
        .join('\n') === labels.join('\n'),
  );
}

suite('schema graph', () => {
  suiteSetup(async () => {
    await joinery();
  });
  teardown(closeAll);

  test('a table of a link or of the tree opens the graph of its database, once', async () => {
    await vscode.commands.executeCommand('joinery.showInGraph', { database: library(), table: 'loans' });
    await shownTabs(['Schema graph: data/library.db']);
    await vscode.commands.executeCommand('joinery.showInGraph', { database: library(), table: { name: 'books' }, kind: 'table', id: 'x' });
    await vscode.commands.executeCommand('joinery.openGraph', { database: library() });
    await shownTabs(['Schema graph: data/library.db']);
  });

  test('another database has a graph of its own', async () => {
    await vscode.commands.executeCommand('joinery.openGraph', { database: library() });
    await vscode.commands.executeCommand('joinery.openGraph', { database: workspacePath('data', 'clinic.db') });
    await until('two graphs', () => graphTabs().length === 2);
  });

  test('a graph can be closed and opened again', async () => {
    await vscode.commands.executeCommand('joinery.openGraph', { database: library() });
    await shownTabs(['Schema graph: data/library.db']);
    await vscode.window.tabGroups.close(graphTabs());
    await until('no graph', () => graphTabs().length === 0);
    await vscode.commands.executeCommand('joinery.openGraph', { database: library() });
    await shownTabs(['Schema graph: data/library.db']);
  });

  test('a file that is no database, or not there, opens a graph that says so', async () => {
    await vscode.workspace.fs.writeFile(vscode.Uri.file(workspacePath('broken.db')), new TextEncoder().encode('no database'));
    await vscode.commands.executeCommand('joinery.openGraph', { database: workspacePath('broken.db') });
    await shownTabs(['Schema graph: broken.db']);
    await vscode.workspace.fs.delete(vscode.Uri.file(workspacePath('broken.db')));
  });

  test('without a database in what it is given, the command asks', async () => {
    const asked = vscode.commands.executeCommand('joinery.openGraph', { table: 'loans' });
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await until('the end of the question', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return Promise.race([asked.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
    });
    assert.equal(graphTabs().length, 0);
  });
});
