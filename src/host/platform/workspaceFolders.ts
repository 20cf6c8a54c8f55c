/** The folders of the window, as paths on this machine. Read at every use: folders come and go. */
import * as vscode from 'vscode';

/** A folder of the workspace, as the editor names it. */
export interface NamedFolder {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
}

/** Absolute paths, in the editor's order; empty in a window without a folder. */
export function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

/** Where things of the whole workspace are kept; undefined where there are several folders or none. */
export function onlyWorkspaceFolder(): string | undefined {
  const folders = workspaceFolders();
  return folders.length === 1 ? folders[0] : undefined;
}

export function hasSeveralFolders(): boolean {
  return workspaceFolders().length > 1;
}

/** The folder that a file is in; undefined outside of all. */
export function namedFolderOf(file: string): NamedFolder | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return folder && { name: folder.name, path: folder.uri.fsPath };
}
