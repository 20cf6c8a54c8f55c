/** What grew around an answer: notebook cells, why, kept pairs, questions edited in place, repair, the sample database. */
import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, takeGhostText, until, workspacePath } from './editor.js';

const shop = '-- @db data/shop.db\n\n';
const question = '-- how many customers are there\n';
const pairsFile = (): string => workspacePath('.joinery', 'pairs.jsonl');

interface Pair {
  readonly question: string;
  readonly sql: string;
  readonly kind?: string;
  readonly answered?: string;
}

function keptPairs(): readonly Pair[] {
  if (!existsSync(pairsFile())) return [];
  return readFileSync(pairsFile(), 'utf8').trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Pair); // prettier-ignore
}

function openPages(): readonly string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.flatMap(({ input }) => (input instanceof vscode.TabInputWebview ? [input.viewType] : []));
}

async function write(editor: vscode.TextEditor, range: vscode.Range, text: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.replace(range, text)));
}

function moveTo(editor: vscode.TextEditor, line: number): void {
  const { end } = editor.document.lineAt(line).range;
  editor.selection = new vscode.Selection(end, end);
}

suite('answers', () => {
  teardown(closeAll);

  test('a comment in a SQL cell of a notebook brings a verified statement', async () => {
    const uri = vscode.Uri.file(workspacePath('cells.ipynb'));
    const cell = { cell_type: 'code', metadata: { vscode: { languageId: 'sql' } }, source: [shop, question].join('').split(/(?<=\n)/), outputs: [], execution_count: null }; // prettier-ignore
    const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(notebook)));
    const document = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(document, { selections: [new vscode.NotebookRange(0, 1)] });
    const text = document.cellAt(0).document;
    assert.equal(text.languageId, 'sql');
    const editor = await until('the editor of the cell', async () => {
      await vscode.commands.executeCommand('notebook.cell.edit');
      const active = vscode.window.activeTextEditor;
      return active?.document === text && active;
    });
    moveTo(editor, text.lineCount - 1);
    assert.match(await takeGhostText(editor), /are there\nSELECT[\s\S]+customers[\s\S]*;$/i);
    assert.equal((await joinery()).status.state.kind, 'verified');
  });

  test('an answer is shown side by side with its reasons', async () => {
    const editor = await openWith('why.sql', shop + question);
    await takeGhostText(editor);
    await vscode.commands.executeCommand('joinery.whyThis');
    await until('the page', () => openPages().some((type) => type.endsWith('joinery.answers')));
  });

  test('a statement is explained without a question', async () => {
    await openWith('explain.sql', `${shop}SELECT name FROM countries ORDER BY name LIMIT 3|;\n`);
    await vscode.commands.executeCommand('joinery.explainSql');
    await until('the page', () => openPages().some((type) => type.endsWith('joinery.answers')));
  });

  test('an edited question is answered anew in place, and undone once and for all', async () => {
    const editor = await openWith('edited.sql', shop + question);
    const first = await takeGhostText(editor);
    await write(editor, editor.document.lineAt(2).range, '-- how many products are there');
    moveTo(editor, 2);
    moveTo(editor, 0);
    const second = await until(
      'the new statement',
      () => /FROM\s+"?products/i.test(editor.document.getText()) && editor.document.getText(),
    );
    assert.match(second, /^-- @db data\/shop\.db\n\n-- how many products are there\nSELECT[^;]*;$/i);
    assert.doesNotMatch(second, /customers/i);
    await vscode.commands.executeCommand('undo');
    const undone = editor.document.getText();
    assert.equal(undone.slice(undone.indexOf('SELECT')), first.slice(first.indexOf('SELECT')));
    moveTo(editor, 3);
    moveTo(editor, 0);
    assert.equal(editor.document.getText(), undone);
  });

  test('a statement with a wrong name is repaired in place', async () => {
    const text = `${shop}${question}SELECT count(*) FROM custommers|;\n\nSELECT 'kept';\n`;
    const editor = await openWith('repair.sql', text);
    await vscode.commands.executeCommand('joinery.repair');
    const now = editor.document.getText();
    assert.match(now, /are there\nSELECT[^;]+customers[^;]*;\n\nSELECT 'kept';\n$/i);
    assert.doesNotMatch(now, /custommers/);
  });

  test('accepted and edited answers are kept with consent, listed and deleted', async () => {
    rmSync(pairsFile(), { force: true });
    await vscode.commands.executeCommand('joinery.keepPairs');
    try {
      const editor = await openWith('kept.sql', shop + question);
      await takeGhostText(editor);
      const [accepted] = await until('the accepted pair', () => keptPairs().length === 1 && keptPairs());
      assert.equal(accepted?.kind, 'accepted');
      const text = editor.document.getText();
      const at = editor.document.positionAt(text.lastIndexOf(';'));
      await write(editor, new vscode.Range(at, at), ' LIMIT 1');
      await editor.document.save();
      const [edited] = await until('the edited pair', () => keptPairs()[0]?.kind === 'edited' && keptPairs());
      assert.match(edited?.sql ?? '', /LIMIT 1;?$/);
      assert.doesNotMatch(edited?.answered ?? '', /LIMIT 1/);
      const pair = { ...edited, database: workspacePath('data', 'shop.db') };
      await vscode.commands.executeCommand('joinery.deletePairs', { kind: 'pair', pair });
      assert.deepEqual(keptPairs(), []);
    } finally {
      await vscode.commands.executeCommand('joinery.stopKeepingPairs');
      rmSync(pairsFile(), { force: true });
    }
    assert.equal(vscode.workspace.getConfiguration('joinery').get('keepAcceptedPairs'), false);
  });

  test('the sample database is made, opened and kept', async () => {
    const folder = workspacePath('joinery-sample');
    rmSync(folder, { recursive: true, force: true });
    try {
      await vscode.commands.executeCommand('joinery.createSample');
      const made = readFileSync(workspacePath('joinery-sample', 'shop.db'));
      assert.equal(made.subarray(0, 15).toString(), 'SQLite format 3');
      assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^-- @db shop\.db\n/);
      const api = await joinery();
      await until('the sample as the database', () => api.status.database === workspacePath('joinery-sample', 'shop.db'));
      await vscode.commands.executeCommand('joinery.createSample');
      assert.ok(made.equals(readFileSync(workspacePath('joinery-sample', 'shop.db'))));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
