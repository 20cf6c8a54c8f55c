/** Names of databases for lists: the file name, and the folder that tells it from others. */
import path from 'node:path';
import * as vscode from 'vscode';

export interface DatabasePlace {
  readonly label: string;
  /** Folder inside the workspace; in a workspace of several folders it begins with the folder's name. Empty at the top. */
  readonly place: string;
}

/** By path; a file outside the workspace has its whole folder. */
export function placesOf(databases: readonly string[]): ReadonlyMap<string, DatabasePlace> {
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return new Map(
    databases.map((database) => {
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(database));
      const inside = folder ? path.relative(folder.uri.fsPath, path.dirname(database)) : path.dirname(database);
      const place = [...(several && folder ? [folder.name] : []), inside].filter((part) => part !== '').join('/');
      return [database, { label: path.basename(database), place }];
    }),
  );
}
