/** The schema tree as a user meets it: by keyboard in the view, and through its commands. */
import * as assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as sqlite from '@vscode/sqlite3';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

const library = (): string => workspacePath('data', 'library.db');

/** Runs SQL on a file as another program would. */
async function change(file: string, sql: string): Promise<void> {
  const root = vscode.extensions.getExtension('joinery.joinery')?.extensionPath ?? '';
  const sqlite3 = createRequire(path.join(root, 'package.json'))('@vscode/sqlite3') as typeof sqlite;
  await new Promise<void>((resolve, reject) => {
    const database = new sqlite3.Database(file, (opened: Error | null) => {
      if (opened) return reject(opened);
      database.exec(sql, (error: Error | null) => database.close(() => (error ? reject(error) : resolve())));
    });
  });
}

const selected = async (): Promise<string> => String(await vscode.commands.executeCommand('joinery.copyName'));

/** Goes to a table, so many rows below it, and selects; tries again until that is the thing of this name. */
async function select(table: string, below: number, wanted: string): Promise<void> {
  await until(wanted, async () => {
    // A table that has just been made is found once the file has been looked at again.
    await until(table, async () => {
      await vscode.commands.executeCommand('joinery.goToTable', { database: library(), table });
      return (await selected()) === table;
    });
    for (let row = 0; row < below; row++) await vscode.commands.executeCommand('list.focusDown');
    await vscode.commands.executeCommand('list.select');
    // The editor tells of a selection a moment later than it shows it.
    const end = Date.now() + 5_000;
    while ((await selected()) !== wanted && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    return (await selected()) === wanted;
  });
}

suite('schema tree', () => {
  teardown(async () => {
    await vscode.commands.executeCommand('joinery.clearSchemaFilter');
    await closeAll();
  });

  test('a migration shows: tables and columns that come and go', async () => {
    await joinery();
    await select('loans', 1, 'loans.loan_id');
    await change(library(), 'ALTER TABLE loans ADD COLUMN note TEXT; CREATE TABLE zz_last (a)');
    await select('zz_last', 1, 'zz_last.a');
    await select('loans', 6, 'loans.note');
    await change(library(), 'DROP TABLE zz_last');
    await until('the end of the table', async () => {
      await select('members', 0, 'members');
      await vscode.commands.executeCommand('list.focusLast');
      await vscode.commands.executeCommand('list.select');
      return !(await selected()).startsWith('zz_last');
    });
  });

  test('a filter leaves the tables whose names or columns have the words', async () => {
    await joinery();
    await select('authors', 0, 'authors');
    await vscode.commands.executeCommand('joinery.filterSchema', 'title');
    // Below the database there is nothing but the table with such a column.
    await until('the only table', async () => {
      await vscode.commands.executeCommand('list.focusFirst');
      for (let row = 0; row < 2; row++) await vscode.commands.executeCommand('list.focusDown');
      await vscode.commands.executeCommand('list.select');
      return (await selected()) === 'books';
    });
  });

  test('DDL is copied with its semicolon', async () => {
    const node = { kind: 'trigger', id: 'x', database: library(), table: { name: 't' }, trigger: { name: 'g', ddl: 'CREATE TRIGGER g' } };
    assert.equal(await vscode.commands.executeCommand('joinery.copyDdl', node), 'CREATE TRIGGER g;');
    const index = { kind: 'index', id: 'y', database: library(), table: { name: 't', ddl: 'CREATE TABLE t' }, index: { name: 'i', ddl: 'CREATE INDEX i' } }; // prettier-ignore
    assert.equal(await vscode.commands.executeCommand('joinery.copyDdl', index), 'CREATE INDEX i;');
  });

  const tableOf = (name: string): unknown => ({ kind: 'table', id: name, database: library(), table: { name } });

  test('join paths between selected tables become a SELECT in an editor', async () => {
    const nodes = [tableOf('authors'), tableOf('loans')];
    const shown = vscode.commands.executeCommand('joinery.showJoinPaths', nodes[0], nodes);
    const text = await until('the statement', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.activeTextEditor?.document.getText().includes('SELECT') && vscode.window.activeTextEditor.document.getText();
    });
    await shown;
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'sql');
    const joins = ['FROM authors', 'JOIN book_authors ON book_authors.author_id = authors.author_id', 'JOIN books ON books.book_id = book_authors.book_id', 'JOIN loans ON loans.book_id = books.book_id']; // prettier-ignore
    for (const join of joins) assert.ok(text.includes(join), text);
  });

  test('a join of a hover goes into the statement at the cursor, under its alias', async () => {
    const editor = await openWith('joined.sql', '-- @db data/library.db\nSELECT * FROM books b| WHERE b.pages > 100;\n');
    const argument = { database: library(), root: 'loans', tables: ['loans', 'books'], relations: ['loans(book_id)->books(book_id)'] };
    await until('the join', async () => {
      if (!editor.document.getText().includes('JOIN')) await vscode.commands.executeCommand('joinery.insertJoin', argument);
      return editor.document.getText().includes('FROM books b\nJOIN loans ON loans.book_id = b.book_id WHERE');
    });
  });

  test('a question about a table begins with its name', async () => {
    const asked = vscode.commands.executeCommand('joinery.askAboutTable', tableOf('books'));
    await until('the input', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return Promise.race([asked.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 50))]);
    });
  });

  test('an inferred relation is confirmed in the reviewable file, and rejected', async () => {
    const file = workspacePath('data', 'guess.db');
    await change(file, 'CREATE TABLE people (id INTEGER PRIMARY KEY, name); CREATE TABLE pets (id INTEGER PRIMARY KEY, people_id INTEGER); INSERT INTO people VALUES (1, 1), (2, 2), (3, 3); INSERT INTO pets VALUES (1, 1), (2, 2), (3, 3)'); // prettier-ignore
    await vscode.commands.executeCommand('joinery.refreshDatabases');
    const relation = { database: file, relation: 'pets(people_id)->people(id)' };
    const verdicts = async (): Promise<string> => {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(workspacePath('.joinery', 'relations.json'))).then((found) => found, () => new Uint8Array()); // prettier-ignore
      return new TextDecoder().decode(bytes);
    };
    for (const [command, verdict] of [
      ['joinery.confirmRelation', 'confirmed'],
      ['joinery.rejectRelation', 'rejected'],
    ] as const) {
      await vscode.commands.executeCommand(command, relation);
      await until(verdict, async () => (await verdicts()).includes(`"${verdict}"`));
    }
  });
});
