/** Steps that the suites share: they talk to VS Code as a user does, and wait for conditions instead of times. */
import * as assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';

export interface Api {
  readonly status: { readonly state: { readonly kind: string; readonly [name: string]: unknown }; readonly database?: string };
  readonly activationMs: number;
}

const deadlineMs = 200_000;

export async function joinery(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('joinery.joinery');
  assert.ok(extension, 'the extension is there');
  return extension.activate();
}

/** Looks again and again until there is something; fails with `what` when the time is over. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) assert.fail(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function workspacePath(...parts: readonly string[]): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a workspace is open');
  return path.join(folder.uri.fsPath, ...parts);
}

/** Writes a file into the workspace and opens it, with the cursor where the text has `|`, else at the end. */
export async function openWith(name: string, marked: string): Promise<vscode.TextEditor> {
  await closeAll();
  const at = marked.indexOf('|');
  const text = at < 0 ? marked : marked.slice(0, at) + marked.slice(at + 1);
  const uri = vscode.Uri.file(workspacePath(name));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const position = document.positionAt(at < 0 ? text.length : at);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

export async function closeAll(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.isDirty && !document.isUntitled) await document.save();
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Asks for ghost text and takes it; the text of the document afterwards. */
export async function takeGhostText(editor: vscode.TextEditor): Promise<string> {
  const before = editor.document.getText();
  await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
  return until('ghost text', async () => {
    await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
    const now = editor.document.getText();
    return now !== before && now;
  });
}

/** The state that a question ended in. */
export async function settled(api: Api): Promise<Api['status']['state']> {
  const busy = new Set(['ready', 'opening', 'indexing', 'loadingModel', 'thinking', 'verifying']);
  return until('the end of the question', () => !busy.has(api.status.state.kind) && api.status.state);
}
