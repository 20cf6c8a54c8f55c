/** Questions in a trusted workspace with several databases, asked the way a user asks them, of a real model. */
import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, settled, takeGhostText, until, workspacePath } from './editor.js';

const shop = '-- @db data/shop.db\n\n';

suite('questions', () => {
  teardown(closeAll);

  test('a comment in a SQL file brings a verified statement', async () => {
    const editor = await openWith('ghost.sql', `${shop}-- how many customers are there\n`);
    const api = await joinery();
    const text = await takeGhostText(editor);
    assert.match(text, /^-- @db data\/shop\.db\n\n-- how many customers are there\nSELECT[\s\S]+customers[\s\S]*;$/i);
    assert.equal(api.status.state.kind, 'verified');
    assert.equal(api.status.database, workspacePath('data', 'shop.db'));
  });

  test('the nearest @db line names the database', async () => {
    const editor = await openWith('two.sql', `${shop}SELECT 1;\n\n-- @db data/library.db\n\n-- how many books are there\n`);
    const text = await takeGhostText(editor);
    assert.match(text.slice(text.lastIndexOf('there')), /FROM\s+"?books/i);
    assert.equal((await joinery()).status.database, workspacePath('data', 'library.db'));
  });

  test('a begun statement is completed and keeps what was typed', async () => {
    const begun = '-- names of all countries\nSELECT name ';
    const editor = await openWith('begun.sql', `${shop}${begun}`);
    const text = await takeGhostText(editor);
    assert.ok(text.startsWith(`${shop}${begun}`), text);
    assert.match(text, /SELECT name\s+FROM\s+"?countries[\s\S]*;$/i);
  });

  test('a sql: comment in TypeScript brings a template literal', async () => {
    const editor = await openWith('code.ts', '// @db data/library.db\n\n// sql: how many books are there\n');
    const text = await takeGhostText(editor);
    assert.match(text, /\nconst sql = `\s*SELECT[\s\S]+books[\s\S]*`;$/i);
  });

  test('a sql?: comment in Python binds the values', async () => {
    const editor = await openWith('code.py', '# @db data/shop.db\n\n# sql?: how many countries have the name Germany\n');
    const text = await takeGhostText(editor);
    assert.match(text, /\nsql = """\s*SELECT[\s\S]+= \?[\s\S]*"""\nparams = \("Germany",\)$/);
  });

  test('a question that the database cannot answer gets none, with the reason', async () => {
    await openWith('weather.sql', `${shop}-- what will the weather in Paris be tomorrow\n`);
    const api = await joinery();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    const state = await settled(api);
    assert.equal(state.kind, 'noAnswer');
    assert.equal(state['code'], 'ask.unanswerable');
  });

  test('Regenerate replaces the statement below the comment and nothing else', async () => {
    const editor = await openWith('again.sql', `${shop}-- how many customers are there|\nSELECT 'old';\n\nSELECT 'kept';\n`);
    await vscode.commands.executeCommand('joinery.regenerate');
    const text = editor.document.getText();
    assert.doesNotMatch(text, /old/);
    assert.match(text, /are there\nSELECT[\s\S]+customers[\s\S]*;\n\nSELECT 'kept';\n$/i);
  });

  test('Ask lists answers and inserts the chosen one', async () => {
    const editor = await openWith('ask.sql', shop);
    const asking = vscode.commands.executeCommand('joinery.ask', 'how many customers are there');
    await until('an answer in the editor', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return /SELECT[\s\S]+customers/i.test(editor.document.getText());
    });
    await asking;
    assert.match(editor.document.getText(), /;$/);
  });

  test('accepted pairs are stored with consent only', async () => {
    const file = workspacePath('.joinery', 'pairs.jsonl');
    rmSync(file, { force: true });
    const pair = { question: 'how many books', sql: 'SELECT count(*) FROM books', database: workspacePath('data', 'library.db') };
    await vscode.commands.executeCommand('joinery.accepted', pair);
    assert.equal(existsSync(file), false);
    const settings = vscode.workspace.getConfiguration('joinery');
    await settings.update('keepAcceptedPairs', true, vscode.ConfigurationTarget.Workspace);
    try {
      await vscode.commands.executeCommand('joinery.accepted', pair);
      await vscode.commands.executeCommand('joinery.accepted', { question: 1 });
      assert.deepEqual(readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown), [{ ...pair, database: 'data/library.db', kind: 'accepted' }]); // prettier-ignore
    } finally {
      await settings.update('keepAcceptedPairs', undefined, vscode.ConfigurationTarget.Workspace);
      rmSync(file, { force: true });
    }
  });
});
