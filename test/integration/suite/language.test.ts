/** Language support of SQL, asked for through VS Code's own providers, on the databases of the sample workspace. */
import * as assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

type Done = (error: Error | null) => void;

/** What is needed of @vscode/sqlite3, which the suite must not bundle. */
interface SqliteModule {
  readonly Database: new (file: string, opened: Done) => { exec(sql: string, done: Done): void; close(done: Done): void };
}

/** As another program would change it. */
async function write(file: string, sql: string): Promise<void> {
  const root = vscode.extensions.getExtension('joinery.joinery')?.extensionPath ?? '';
  const sqlite3 = createRequire(path.join(root, 'package.json'))('@vscode/sqlite3') as SqliteModule;
  await new Promise<void>((resolve, reject) => {
    const database = new sqlite3.Database(file, (opened: Error | null) => {
      if (opened) return reject(opened);
      database.exec(sql, (error: Error | null) => database.close(() => (error ? reject(error) : resolve())));
    });
  });
}

const shop = '-- @db data/shop.db\n';

const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === 'string' ? label : label.label);
const textOf = ({ insertText }: vscode.CompletionItem): string => (typeof insertText === 'string' ? insertText : (insertText?.value ?? ''));

/** Items of ours at the cursor: other providers offer words of the text. */
async function complete(editor: vscode.TextEditor, trigger?: string): Promise<vscode.CompletionItem[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', editor.document.uri, editor.selection.active, trigger); // prettier-ignore
  return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
}

async function completeAfter(name: string, marked: string, wanted: RegExp): Promise<vscode.CompletionItem[]> {
  const editor = await openWith(name, marked);
  return until(`completion ${String(wanted)}`, async () => {
    const items = await complete(editor);
    return items.some((item) => wanted.test(textOf(item))) && items;
  });
}

const faultsOf = ({ document }: vscode.TextEditor): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'SQLite');

async function faults(editor: vscode.TextEditor, count = 1): Promise<string[]> {
  const found = await until(`${count} faults`, () => faultsOf(editor).length === count && faultsOf(editor));
  return found.map(({ range, message }) => `${editor.document.getText(range)}: ${message}`);
}

suite('language', () => {
  suiteSetup(joinery);
  teardown(closeAll);

  test('JOIN is followed by neighbours with their conditions, and by tables further away', async () => {
    const items = await completeAfter(
      'join.sql',
      `${shop}SELECT * FROM orders o JOIN |`,
      /^customers c ON o\.customer_id = c\.customer_id$/,
    );
    const joins = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Reference).map(textOf);
    assert.ok(
      joins.some((text) => /^addresses a ON o\.\w+ = a\.address_id$/.test(text)),
      joins.join('\n'),
    );
    assert.ok(
      joins.some((text) => / JOIN products p ON /.test(text)),
      joins.join('\n'),
    );
    assert.equal(items.find(({ preselect }) => preselect)?.kind, vscode.CompletionItemKind.Reference);
  });

  test('an accepted join is a statement that SQLite takes', async () => {
    const editor = await openWith('taken.sql', `${shop}SELECT o.order_id FROM orders o JOIN |;`);
    await until('the whole join', async () => {
      await vscode.commands.executeCommand('editor.action.triggerSuggest');
      await vscode.commands.executeCommand('acceptSelectedSuggestion');
      return editor.document.getText().includes(' ON ');
    });
    const text = editor.document.getText().slice(shop.length);
    assert.match(
      text,
      /^SELECT o\.order_id FROM orders o JOIN \w+ \w+ ON o\.\w+ = \w+\.\w+;$|^SELECT o\.order_id FROM orders o JOIN \w+ \w+ ON \w+\.\w+ = o\.\w+;$/,
    );
    await until('no faults', () => faultsOf(editor).length === 0);
  });

  test('columns through an alias, a common table, and their types', async () => {
    const items = await completeAfter('columns.sql', `${shop}SELECT c.| FROM customers c`, /^first_name$/);
    const name = items.find((item) => labelOf(item) === 'first_name');
    assert.equal(typeof name?.label === 'object' && name.label.detail, ' TEXT');
    assert.ok(items.every((item) => item.kind !== vscode.CompletionItemKind.Keyword));
    const inner = await completeAfter('with.sql', `${shop}WITH t AS (SELECT city AS place FROM addresses) SELECT t.| FROM t`, /^place$/);
    assert.deepEqual(inner.map(labelOf).filter((label) => label !== '*'), ['place']); // prettier-ignore
  });

  test('a space asks only where a name must follow', async () => {
    const after = await openWith('space.sql', `${shop}SELECT * FROM |`);
    await until('tables', async () => (await complete(after, ' ')).some((item) => labelOf(item) === 'orders'));
    const idle = await openWith('idle.sql', `${shop}SELECT order_id |`);
    await until('words without a trigger', async () => (await complete(idle)).some((item) => labelOf(item) === 'FROM'));
    assert.deepEqual((await complete(idle, ' ')).map(labelOf), []);
  });

  test('faults are SQLite’s own, at their places, and follow the text', async () => {
    const editor = await openWith('faults.sql', `${shop}SELECT first_nam FROM customers;\n\nSELECT * FROM custmers;\n`);
    assert.deepEqual(await faults(editor, 2), ['first_nam: no such column: first_nam', 'custmers: no such table: custmers']);
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 7, 1, 16), 'first_name'));
    assert.deepEqual(await faults(editor), ['custmers: no such table: custmers']);
  });

  test('quick fixes: the near name, and the join that is missing', async () => {
    const editor = await openWith(
      'fixes.sql',
      `${shop}SELECT c.first_nam, p.name\nFROM customers c\nJOIN orders o ON o.customer_id = c.customer_id;\n`,
    );
    await faults(editor);
    const fix = async (title: RegExp): Promise<void> => {
      const [fault] = faultsOf(editor);
      assert.ok(fault);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', editor.document.uri, fault.range, 'quickfix'); // prettier-ignore
      const action = actions.find((candidate) => title.test(candidate.title));
      assert.ok(action?.edit, actions.map((candidate) => candidate.title).join(', '));
      await vscode.workspace.applyEdit(action.edit);
    };
    await fix(/first_name/);
    await until(
      'the second fault',
      () => faultsOf(editor).some(({ message }) => message === 'no such column: p.name') && faultsOf(editor).length === 1,
    );
    await fix(/^Join products$/);
    await until('no faults', () => faultsOf(editor).length === 0);
    assert.match(editor.document.getText(), /JOIN order_items|JOIN order_lines/);
  });

  test('hover shows the join paths of a table and the facts of a column', async () => {
    const editor = await openWith('hover.sql', `${shop}SELECT c.loyalty_level FROM customers c`);
    const hover = async (column: number): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        editor.document.uri,
        new vscode.Position(1, column),
      );
      return hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
    };
    assert.match(await until('the hover', async () => (await hover(30)).includes('JOIN') && hover(30)), /customers/);
    assert.match(await hover(12), /loyalty\\?_level/);
  });

  test('definition leads to the DDL, from an alias to its table', async () => {
    const editor = await openWith('definition.sql', `${shop}SELECT c.first_name FROM customers c`);
    const target = async (column: number): Promise<string> => {
      const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', editor.document.uri, new vscode.Position(1, column)); // prettier-ignore
      const [first] = found;
      if (!first) return '';
      const [uri, range] = 'targetUri' in first ? [first.targetUri, first.targetRange] : [first.uri, first.range];
      const document = await vscode.workspace.openTextDocument(uri);
      return `${uri.scheme} ${document.getText(range)}`;
    };
    assert.equal(await until('a definition', async () => (await target(12)) || false), 'joinery-ddl first_name');
    assert.equal(await target(28), 'joinery-ddl customers');
    assert.equal(await target(7), 'file c');
  });

  test('an alias is renamed everywhere, a table is not', async () => {
    const editor = await openWith('rename.sql', `${shop}SELECT c.first_name FROM customers c WHERE c.phone IS NULL`);
    const rename = (column: number): Thenable<vscode.WorkspaceEdit> =>
      vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        editor.document.uri,
        new vscode.Position(1, column),
        'who',
      );
    const edit = await rename(7);
    await vscode.workspace.applyEdit(edit);
    assert.equal(editor.document.getText().slice(shop.length), 'SELECT who.first_name FROM customers who WHERE who.phone IS NULL');
    await assert.rejects(async () => rename(30));
  });

  test('outline, folding, colours and format', async () => {
    const editor = await openWith(
      'shape.sql',
      `${shop}-- all of them\nselect c.first_name\n  from customers c where c.customer_id>1 and c.phone is not null and c.email like '%a%';\n`,
    );
    const { uri } = editor.document;
    const symbols = await until('the outline', async () => vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', uri)); // prettier-ignore
    assert.deepEqual(symbols.map(({ name, detail }) => [name, detail]), [['SELECT customers', 'all of them']]); // prettier-ignore
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uri);
    assert.ok(folds.some(({ start, end }) => start === 2 && end === 3));
    const colours = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
    assert.ok(colours.data.length >= 5 * 6);
    const edits = await until('a formatter', async () => {
      const found = await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, { tabSize: 2, insertSpaces: true }); // prettier-ignore
      return found && found.length > 0 && found;
    });
    const change = new vscode.WorkspaceEdit();
    change.set(uri, edits);
    await vscode.workspace.applyEdit(change);
    assert.match(editor.document.getText(), /-- all of them\nSELECT\n {2}c\.first_name\nFROM\n {2}customers c\n/);
  });

  test('outline and folding of statements in strings, beside those of the program', async () => {
    const text = '# @db data/shop.db\nlater = 1\nsql = """\n  SELECT nam\n  FROM customers;\n"""\nother = "SELECT 1 FROM orders"\n';
    const { uri } = (await openWith('shape.py', text)).document;
    const symbols = await until('the outline', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', uri);
      return found?.some(({ name }) => name === 'SELECT customers') && found;
    });
    const select = symbols.find(({ name }) => name === 'SELECT customers');
    assert.deepEqual([select?.range.start.line, select?.range.end.line], [3, 4]);
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uri);
    assert.ok(folds.some(({ start, end }) => start === 3 && end === 4), JSON.stringify(folds)); // prettier-ignore
  });

  test('the same inside template strings of TypeScript and strings of Python', async () => {
    const items = await completeAfter(
      'code.ts',
      '// @db data/shop.db\nconst rows = sql`SELECT * FROM orders o JOIN |`;\n',
      /^customers c ON o\.customer_id = c\.customer_id$/,
    );
    assert.ok(items.length > 3);
    const editor = await openWith(
      'faults.ts',
      '// @db data/shop.db\nconst a = sql`SELECT nam FROM customers WHERE customer_id = ${1 + 1}`;\n',
    );
    assert.deepEqual(await faults(editor), ['nam: no such column: nam']);
    const python = await openWith('faults.py', '# @db data/shop.db\nsql = """\n  SELECT * FROM custmers\n"""\n');
    assert.deepEqual(await faults(python), ['custmers: no such table: custmers']);
    const format = await openWith('format.ts', '// @db data/shop.db\nconst a = sql`select  nam from customers where phone = ${|a}`;\n');
    await vscode.commands.executeCommand('joinery.formatSqlInString');
    assert.match(format.document.getText(), /sql`\n {2}SELECT\n {4}nam\n {2}FROM\n {4}customers\n {2}WHERE\n {4}phone = \$\{a\}\n`;\n$/);
    const outside = await openWith('outside.ts', 'const a = 1;\nco|\n');
    assert.ok((await complete(outside)).every((item) => textOf(item) !== 'SELECT'));
  });

  test('parameters of a function are hinted at', async () => {
    const editor = await openWith('signature.sql', `${shop}SELECT substr(first_name, |) FROM customers`);
    const help = await until('the hint', async () => vscode.commands.executeCommand<vscode.SignatureHelp | undefined>('vscode.executeSignatureHelpProvider', editor.document.uri, editor.selection.active)); // prettier-ignore
    assert.equal(help.signatures[0]?.label, 'substr(X, START, LENGTH?)');
    assert.equal(help.activeParameter, 1);
  });

  test('files that mean no database, and comments, are left in peace', async () => {
    const bare = await openWith('elsewhere/bare.sql', 'SELECT nothing FROM nowhere;\nSELECT |');
    const commented = await openWith('comment.sql', `${shop}-- SELECT * FROM |`);
    assert.deepEqual(await complete(commented), []);
    const bound = await openWith('bound.sql', `${shop}SELECT nothing FROM nowhere;`);
    // When the faults of a bound file are there, those of the other would be, too.
    await faults(bound);
    assert.deepEqual(vscode.languages.getDiagnostics(bare.document.uri), []);
  });

  test('a changed schema changes faults and completion', async () => {
    const editor = await openWith('live.sql', '-- @db data/library.db\nSELECT brand_new_table.* FROM brand_new_table;\n');
    await faults(editor);
    await write(workspacePath('data', 'library.db'), 'CREATE TABLE brand_new_table (a)');
    await until('no faults', () => faultsOf(editor).length === 0);
  });
});
