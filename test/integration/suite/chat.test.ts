/**
 * `@joinery` by its own request handler in the real extension host, with a stream that records. VS Code calls it only with a chat model at hand,
 * which is not here: that the chat view itself reaches the handler is not tested.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until, workspacePath } from './editor.js';

interface Said {
  /** All text of the answer. */
  readonly text: string;
  /** Ids of the commands of its buttons. */
  readonly buttons: readonly string[];
  readonly progress: readonly string[];
  readonly result: vscode.ChatResult;
}

interface Turn {
  readonly prompt: string;
  readonly command?: string;
  readonly references?: readonly unknown[];
  readonly history?: readonly vscode.ChatResponseTurn[];
  readonly token?: vscode.CancellationToken;
}

const library = (): string => workspacePath('data', 'library.db');
const never = new vscode.CancellationTokenSource().token;

async function say({ prompt, command, references = [], history = [], token = never }: Turn): Promise<Said> {
  const api = (await joinery()) as unknown as { readonly chat?: vscode.ChatRequestHandler };
  assert.ok(api.chat, 'the participant is registered');
  const [text, buttons, progress]: [string[], string[], string[]] = [[], [], []];
  const stream = {
    markdown: (value: string | vscode.MarkdownString) => text.push(typeof value === 'string' ? value : value.value),
    button: (value: vscode.Command) => buttons.push(value.command),
    progress: (value: string) => progress.push(value),
  };
  const request = { prompt, command, references: references.map((value, at) => ({ id: String(at), value })), toolReferences: [] };
  const result = await api.chat(
    request as unknown as vscode.ChatRequest,
    { history },
    stream as unknown as vscode.ChatResponseStream,
    token,
  );
  return { text: readable(text.join('\n')), buttons, progress, result: result ?? {} };
}

/** Text inside Markdown has its blanks and signs escaped. */
function readable(markdown: string): string {
  return markdown.replaceAll('&nbsp;', ' ').replace(/\\([^\w\s])/g, '$1');
}

/** What VS Code hands back of an earlier turn. */
function turnOf(result: vscode.ChatResult): vscode.ChatResponseTurn {
  const Made = vscode.ChatResponseTurn as unknown as new (...parts: readonly unknown[]) => vscode.ChatResponseTurn;
  return new Made([], result, 'joinery.chat', undefined);
}

async function maySee(entries: object | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('joinery').update('modelMaySee', entries, vscode.ConfigurationTarget.Workspace);
}

suite('@joinery in the chat', () => {
  suiteSetup(joinery);
  teardown(async () => {
    await maySee(undefined);
    await closeAll();
  });

  let answered: vscode.ChatResult = {};

  test('a question on a database that is referred to is answered with SQL, what was checked, and rows', async () => {
    const { text, progress, result } = await say({ prompt: 'how many books are there', references: [vscode.Uri.file(library())] });
    assert.match(text, /```sql\nSELECT[\s\S]*books[\s\S]*```/i);
    assert.match(text, /Verified on the database/);
    assert.deepEqual(progress, ['Asking data/library.db']);
    assert.equal(result.metadata?.['database'], library());
    assert.match(String(result.metadata?.['sql']), /^SELECT/i);
    answered = result;
  });

  test('the next question goes on with that database, and with the question before', async () => {
    assert.ok(answered.metadata, 'the question before was answered');
    const { text, result } = await say({ prompt: 'only those with more than 300 pages', history: [turnOf(answered)] });
    assert.equal(result.metadata?.['database'], library());
    assert.match(text, /```sql\nSELECT[\s\S]*pages[\s\S]*300/i);
  });

  test('a file that is referred to says which database it means, and so does the active one', async () => {
    await openWith('chat.sql', '-- @db data/library.db\n\nSELECT 1;\n');
    const active = await say({ prompt: 'books', command: 'schema' });
    assert.match(active.text, /CREATE TABLE books/);
    await closeAll();
    const file = vscode.Uri.file(workspacePath('chat.sql'));
    for (const value of [file, new vscode.Location(file, new vscode.Position(2, 0))])
      assert.match((await say({ prompt: 'books', command: 'schema', references: [value] })).text, /CREATE TABLE books/);
  });

  test('several databases and none of them meant: it says so and offers to choose', async () => {
    const { text, buttons, result } = await say({ prompt: 'how many books are there', references: ['a text', 7] });
    assert.match(text, /several databases/);
    assert.deepEqual(buttons, ['joinery.chooseDatabase']);
    assert.deepEqual(result, {});
  });

  test('its commands are the tools: joins, plans, and what is wrong', async () => {
    const references = [vscode.Uri.file(library())];
    assert.match((await say({ prompt: 'loans authors', command: 'joins', references })).text, /JOIN book_authors/);
    assert.match((await say({ prompt: 'SELECT * FROM books', command: 'explain', references })).text, /SCAN books/);
    assert.match((await say({ prompt: 'books', command: 'joins', references })).text, /at least two/);
  });

  test('a statement, or nothing, is no question', async () => {
    const references = [vscode.Uri.file(library())];
    for (const prompt of ['SELECT * FROM books', '  ']) {
      const { text, result } = await say({ prompt, references });
      assert.doesNotMatch(text, /```/);
      assert.equal(result.metadata?.['sql'], undefined, text);
      assert.ok(text.length > 10);
    }
  });

  test('a database of which the model may see nothing is refused, its commands too', async () => {
    await maySee({ 'data/library.db': 'nothing' });
    const references = [vscode.Uri.file(library())];
    const refused = await until('the refusal', async () => {
      const said = await say({ prompt: 'how many books are there', references });
      return /may see nothing/.test(said.text) && said;
    });
    assert.doesNotMatch(refused.text, /```|SELECT/);
    for (const command of ['schema', 'explain']) {
      const { text } = await say({ prompt: command === 'schema' ? 'books' : 'SELECT title FROM books', command, references });
      assert.doesNotMatch(text, /title|CREATE|SCAN/);
    }
  });

  test('where the model may see the schema only, the answer stands without values', async () => {
    await maySee({ 'data/library.db': 'schema' });
    const references = [vscode.Uri.file(library())];
    const { text, result } = await until('the permission', async () => {
      const said = await say({ prompt: 'how many books are there', references });
      return !/Verified on the database/.test(said.text) && said;
    });
    assert.match(text, /SELECT[\s\S]*books/i);
    assert.equal(result.metadata?.['sql'], undefined);
  });

  test('a turn that was cancelled says nothing', async () => {
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    const { text, result } = await say({
      prompt: 'which authors were born after 1950',
      references: [vscode.Uri.file(library())],
      token: source.token,
    });
    assert.equal(text, '');
    assert.deepEqual(result, {});
  });
});
