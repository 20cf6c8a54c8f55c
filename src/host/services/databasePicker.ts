/** Asks the user for a database, and turns "which database does this document mean" into a path for commands. */
import * as vscode from 'vscode';
import { JoineryError } from '../../core/shared/errors.js';
import { type DatabaseService } from './databaseService.js';
import { namedDatabaseAt } from './documentLines.js';

interface DatabaseItem extends vscode.QuickPickItem {
  readonly database?: string;
}

/** Undefined when the user gave up. */
export async function pickDatabase(databases: DatabaseService): Promise<string | undefined> {
  const found = await databases.list();
  const browse: DatabaseItem = { label: vscode.l10n.t('Browse…'), iconPath: new vscode.ThemeIcon('folder-opened') };
  const items = found.map((database): DatabaseItem => ({ label: databases.labelOf(database), description: database, iconPath: new vscode.ThemeIcon('database'), database })); // prettier-ignore
  const title = vscode.l10n.t('Database for this folder');
  const picked = await vscode.window.showQuickPick([...items, browse], { title, matchOnDescription: true });
  if (!picked) return undefined;
  if (picked.database !== undefined) return picked.database;
  const chosen = await vscode.window.showOpenDialog({ title, canSelectMany: false });
  return chosen?.[0]?.fsPath;
}

/** For a command: asks when several databases could be meant. Throws `ask.noDatabase`; undefined when the user gave up. */
export async function requireDatabase(
  databases: DatabaseService,
  document: vscode.TextDocument | undefined,
  line: number,
): Promise<string | undefined> {
  const resolution = await databases.resolve(document, namedDatabaseAt(document, line));
  switch (resolution.kind) {
    case 'one':
      return resolution.path;
    case 'none':
      throw new JoineryError('ask.noDatabase', folderDetails());
    case 'several': {
      const picked = await pickDatabase(databases);
      if (picked !== undefined) await databases.choose(document, picked);
      return picked;
    }
  }
}

function folderDetails(): { folder?: string } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.name;
  return folder === undefined ? {} : { folder };
}
