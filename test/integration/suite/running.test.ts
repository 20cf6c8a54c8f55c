/** Running, explaining and changing through the editor: lenses, results, plans, and previews that leave the database as it is. */
import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

const text = '-- @db data/library.db\n\n-- all books\nSELECT * FROM books;\n\nSELECT count(*)|\nFROM members;\n';

function tabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

function webviews(): readonly string[] {
  return tabs().flatMap(({ input, label }) => (input instanceof vscode.TabInputWebview ? [label] : []));
}

function previews(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('joinery-preview-'));
}

async function lenses(uri: vscode.Uri): Promise<readonly vscode.CodeLens[]> {
  return (await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>('vscode.executeCodeLensProvider', uri)) ?? [];
}

const sum = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

suite('running SQL', () => {
  suiteSetup(joinery);
  teardown(closeAll);

  test('every statement of a bound file has its lenses', async () => {
    const { document } = await openWith('lenses.sql', text);
    const found = await until('six lenses', async () => {
      const all = await lenses(document.uri);
      return all.length === 6 && all;
    });
    assert.deepEqual(
      found.map(({ command, range }) => `${range.start.line} ${command?.command ?? ''}`),
      [3, 5].flatMap((line) => ['runStatement', 'explainStatement', 'ask'].map((name) => `${line} joinery.${name}`)),
    );
    assert.deepEqual(found[2]?.command?.arguments, [{ draft: 'all books', database: workspacePath('data', 'library.db') }]);
    assert.deepEqual(found[3]?.command?.arguments, [
      { sql: 'SELECT count(*)\nFROM members', database: workspacePath('data', 'library.db') },
    ]);
  });

  test('a setting takes them away', async () => {
    const settings = vscode.workspace.getConfiguration('joinery');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
    try {
      const { document } = await openWith('none.sql', text);
      await until('no lenses', async () => (await lenses(document.uri)).length === 0);
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('the statement under the cursor opens its result', async () => {
    await openWith('run.sql', text);
    await vscode.commands.executeCommand('joinery.runStatement');
    await until('a result', () => webviews().length === 1);
  });

  test('a command can be given database and statement', async () => {
    await vscode.commands.executeCommand('joinery.runStatement', { database: workspacePath('data', 'clinic.db'), sql: 'SELECT 1 AS one' });
    await until('a result', () => webviews().length > 0);
  });

  test('a parameter is asked for', async () => {
    const given = { database: workspacePath('data', 'library.db'), sql: 'SELECT :title' };
    const running = vscode.commands.executeCommand('joinery.runStatement', given);
    await until('the result', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return webviews().length > 0;
    });
    await running;
  });

  test('a past run is found and repeated', async () => {
    const given = { database: workspacePath('data', 'library.db'), sql: "SELECT 'remembered'" };
    await vscode.commands.executeCommand('joinery.runStatement', given);
    await until('a result', () => webviews().length > 0);
    await closeAll();
    const repeating = vscode.commands.executeCommand('joinery.runHistory');
    await until('the result again', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return webviews().length > 0;
    });
    await repeating;
  });

  test('a plan can be asked for', async () => {
    const given = { database: workspacePath('data', 'library.db'), sql: 'SELECT * FROM books' };
    await vscode.commands.executeCommand('joinery.explainStatement', given);
  });
});

suite('changes', () => {
  suiteSetup(joinery);
  teardown(closeAll);

  test('a preview shows the difference, leaves the database as it is, and cleans up', async () => {
    const database = workspacePath('data', 'library.db');
    const [before, folders] = [sum(database), previews()];
    await openWith('change.sql', '-- @db data/library.db\n\nDELETE FROM loans|;\n');
    await vscode.commands.executeCommand('joinery.previewWrite');
    const document = await until('the preview', () => {
      const active = vscode.window.activeTextEditor?.document;
      return active?.uri.scheme === 'joinery-preview' && active;
    });
    assert.equal(document.languageId, 'diff');
    assert.match(document.getText(), /@@ loans: [\d,.]+ deleted @@\n- /);
    assert.equal(sum(database), before);
    const [lens] = await until('the lens', async () => {
      const all = await lenses(document.uri);
      return all.length > 0 && all;
    });
    assert.equal(lens?.command?.command, 'joinery.applyWrite');
    await closeAll();
    await until('the copies are gone', () => previews().length === folders.length);
    assert.equal(sum(database), before);
  });
});
