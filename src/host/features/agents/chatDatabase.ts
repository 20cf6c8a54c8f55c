/** Which database a turn of the chat means: one that it refers to, that of a file it refers to, the active file's, else the last one spoken of. */
import * as vscode from 'vscode';
import { type DatabaseResolution } from '../../services/resolveDatabase.js';
import { type DatabaseService } from '../../services/databaseService.js';
import { namedDatabaseAt } from '../../services/documentLines.js';

/** `before` is the path that the chat spoke of last. */
export async function chatDatabase(
  databases: DatabaseService,
  references: readonly vscode.ChatPromptReference[],
  before: string | undefined,
): Promise<DatabaseResolution> {
  const listed = await databases.list();
  for (const { value } of references) {
    const place = value instanceof vscode.Location ? value : value instanceof vscode.Uri ? new vscode.Location(value, new vscode.Position(0, 0)) : undefined; // prettier-ignore
    if (place?.uri.scheme !== 'file') continue;
    if (listed.includes(place.uri.fsPath)) return { kind: 'one', path: place.uri.fsPath, from: 'choice' };
    const document = await vscode.workspace.openTextDocument(place.uri).then(undefined, () => undefined);
    const named = namedDatabaseAt(document, place.range.end.line);
    if (document && named !== undefined) return databases.resolve(document, named);
  }
  const editor = vscode.window.activeTextEditor;
  const found = await databases.resolve(editor?.document, namedDatabaseAt(editor?.document, editor?.selection.active.line ?? 0));
  const isSpokenOf = found.kind === 'several' && before !== undefined && found.paths.includes(before);
  return isSpokenOf ? { kind: 'one', path: before, from: 'choice' } : found;
}
