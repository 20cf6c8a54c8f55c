/** `Joinery: Choose What the Model May See`: the permission of one database, or of all, written to the settings of the workspace. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type ModelPermission, permissionOfOthers } from '../../../engine/agents/modelPermission.js';
import { readSetting, writeWorkspaceSetting } from '../../platform/settings.js';
import { onlyWorkspaceFolder } from '../../platform/workspaceFolders.js';
import { permissionOf } from '../../services/permission.js';
import { type Services } from '../../services/services.js';

type PermissionItem = vscode.QuickPickItem & { readonly permission: ModelPermission };

export async function choosePermission({ databases }: Services): Promise<void> {
  const title = vscode.l10n.t('What the model may see');
  const all = { label: vscode.l10n.t('All other databases'), key: '*', now: permissionOfOthers(readSetting('modelMaySee')) };
  const found = (await databases.list()).map((file) => ({ label: databases.labelOf(file), key: keyOf(file), now: permissionOf(file) }));
  const items = [...found, all].map((entry) => ({ ...entry, ...(entry.now ? { description: levels()[entry.now].label } : {}) }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Database') });
  if (!picked) return;
  const choices = (Object.keys(levels()) as ModelPermission[]).map((permission): PermissionItem => ({
    ...levels()[permission],
    permission,
  }));
  const level = await vscode.window.showQuickPick(choices, { title, placeHolder: picked.label });
  if (level) await writeWorkspaceSetting('modelMaySee', { ...readSetting('modelMaySee'), [picked.key]: level.permission });
}

function levels(): Readonly<Record<ModelPermission, { readonly label: string; readonly detail: string }>> {
  return {
    nothing: { label: vscode.l10n.t('Nothing'), detail: vscode.l10n.t('Questions on it are refused, agents do not see it.') },
    schema: { label: vscode.l10n.t('Schema'), detail: vscode.l10n.t('Names and types, no stored value.') },
    schemaAndSamples: { label: vscode.l10n.t('Schema and samples'), detail: vscode.l10n.t('Also sample values and rows of results.') },
  };
}

/** Relative inside a workspace of one folder, so that the settings can be shared. */
function keyOf(file: string): string {
  const folder = onlyWorkspaceFolder();
  const below = folder === undefined ? '..' : path.relative(folder, file);
  return below.startsWith('..') || path.isAbsolute(below) ? file : below.split(path.sep).join('/');
}
