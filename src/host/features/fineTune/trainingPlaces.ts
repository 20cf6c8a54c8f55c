/** Where fine-tuning keeps its things: the environment beside the extension's other data, runs and adapters in the workspace's own storage. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { JoineryError } from '../../../core/shared/errors.js';
import { type TrainerPlaces } from '../../../engine/training/trainerSetup.js';
import { readSetting } from '../../platform/settings.js';

export function trainerPlaces({ globalStorageUri, extensionPath }: vscode.ExtensionContext): TrainerPlaces {
  return {
    folder: path.join(globalStorageUri.fsPath, 'trainer'),
    trainerFolder: path.join(extensionPath, 'trainer'),
    interpreter: readSetting('trainerPython'),
  };
}

/** Throws `ask.noDatabase` where no folder is open: then there is no storage of a workspace. */
function workspaceStorage({ storageUri }: vscode.ExtensionContext): string {
  if (!storageUri) throw new JoineryError('ask.noDatabase', {});
  return storageUri.fsPath;
}

export function runFolder(context: vscode.ExtensionContext, id: string): string {
  return path.join(runsFolder(context), id);
}

/** Checkpoints are large; adapters that were accepted lie elsewhere. */
export async function removeOtherRuns(context: vscode.ExtensionContext, id: string): Promise<void> {
  const folder = runsFolder(context);
  const others = (await readdir(folder)).filter((name) => name !== id);
  await Promise.all(others.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

/** Undefined where no folder is open: then there is no run to remember. */
export function runRecordFile({ storageUri }: vscode.ExtensionContext): string | undefined {
  return storageUri && path.join(storageUri.fsPath, 'training.json');
}

function runsFolder(context: vscode.ExtensionContext): string {
  return path.join(workspaceStorage(context), 'fineTune');
}

export function adapterFolder(context: vscode.ExtensionContext): string {
  return path.join(workspaceStorage(context), 'adapters');
}

/** Base weights in the form that training reads; made from the model's file, so that they can be thrown away. */
export function weightsFolder({ globalStorageUri }: vscode.ExtensionContext): string {
  return path.join(globalStorageUri.fsPath, 'trainer', 'weights');
}
