/** What models may see of a database, from the settings. Read at every use, so that a withdrawn permission holds at once. */
import * as vscode from 'vscode';
import { findPermission, type ModelPermission } from '../../engine/agents/modelPermission.js';
import { readSetting } from '../platform/settings.js';

/** Undefined where nothing was said. */
export function permissionOf(database: string): ModelPermission | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return findPermission(
    database,
    readSetting('modelMaySee'),
    folders.map((folder) => folder.uri.fsPath),
  );
}
