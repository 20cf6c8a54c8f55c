/** Settings by their generated names and types. In an untrusted workspace VS Code itself leaves the restricted ones out. */
import * as vscode from 'vscode';
import { settingDefaults, type Settings } from './generatedIds.js';

const section = 'joinery';

/** The value for a resource, its folder's settings included; the default when it is not set. */
export function readSetting<Name extends keyof Settings>(name: Name, scope?: vscode.Uri): Settings[Name] {
  return vscode.workspace.getConfiguration(section, scope).get<Settings[Name]>(name, settingDefaults[name]);
}

/** Calls the listener when one of the settings changed, for any resource. */
export function onSettingsChanged(names: readonly (keyof Settings)[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (names.some((name) => event.affectsConfiguration(`${section}.${name}`))) listener();
  });
}

/** Writes a setting for the workspace. */
export async function writeWorkspaceSetting<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Workspace);
}

/** Writes a setting for the user, in every workspace. */
export async function writeUserSetting<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
}
