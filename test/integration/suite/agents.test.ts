/** Agents and question tests through the editor's own interfaces. No model is loaded: the questions here are refused before one is needed. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

const names = ['list_databases', 'describe_schema', 'find_join_path', 'ask_database', 'run_readonly_query', 'explain_query'];

async function call(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(`joinery_${name}`, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

async function maySee(entries: object | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('joinery').update('modelMaySee', entries, vscode.ConfigurationTarget.Workspace);
}

suite('agents', () => {
  suiteSetup(joinery);
  teardown(async () => {
    await maySee(undefined);
    await closeAll();
  });

  test('the editor has the six tools', () => {
    const found = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('joinery_'));
    assert.deepEqual(found.sort(), names.map((name) => `joinery_${name}`).sort());
  });

  test('they describe databases, and say what is wrong', async () => {
    assert.match(await call('list_databases', {}), /library\.db \(schema and values\)/);
    assert.match(await call('describe_schema', { database: 'library.db' }), /CREATE TABLE books/);
    assert.match(await call('explain_query', { database: 'library.db', sql: 'SELECT * FROM books' }), /SCAN books/);
    assert.match(await call('explain_query', { database: 'library.db', sql: 'DELETE FROM books' }), /only reads/);
    assert.match(await call('find_join_path', { database: 'library.db', tables: ['books'] }), /at least two/);
  });

  test('a permission holds at once', async () => {
    await maySee({ '*': 'schema' });
    await until('the schema only', async () => /library\.db \(schema only\)/.test(await call('list_databases', {})));
    // Nothing is confirmed, for nothing would be given.
    assert.match(await call('run_readonly_query', { database: 'library.db', sql: 'SELECT * FROM books' }), /no values of its data/);
    await maySee({ '*': 'nothing' });
    await until('nothing', async () => /no database that you may see/.test(await call('list_databases', {})));
  });
});

suite('questions as tests', () => {
  suiteSetup(joinery);
  teardown(closeAll);

  test('run in the Test Explorer, and are accepted as expected', async () => {
    const text = '# kept\ndatabase: data/library.db\nquestions:\n  - question: SELECT * FROM books\n    sql: SELECT 1\n';
    const { document } = await openWith('shop.joinery.yaml', text);
    const id = `${vscode.Uri.file(workspacePath('shop.joinery.yaml')).toString()}#SELECT * FROM books`;
    await vscode.commands.executeCommand('testing.refreshTests');
    await until('the accepted refusal', async () => {
      await vscode.commands.executeCommand('testing.runAll');
      await vscode.commands.executeCommand('joinery.acceptAsExpected', id);
      return document.getText().includes('refused');
    });
    assert.equal(
      document.getText(),
      '# kept\ndatabase: data/library.db\nquestions:\n  - question: SELECT * FROM books\n    refused: ask.isSql\n',
    );
  });
});
