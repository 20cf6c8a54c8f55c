/** `Joinery: Use a Team's Server` and the way back: address, key and model of an OpenAI-compatible server. Off unless somebody chooses it. */
import * as vscode from 'vscode';
import { neverCancelled } from '../../../core/shared/cancellation.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { isJoineryError } from '../../../core/shared/errors.js';
import { ServerClient, type ServerFacts } from '../../../engine/remote/serverClient.js';
import { serverAddress } from '../../../engine/remote/serverSettings.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting, writeUserSetting } from '../../platform/settings.js';
import { describeThrown } from '../../platform/words.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';

export function registerTeamServer(services: Services): Disposable {
  const store = new DisposableStore();
  store.own(registerCommand(commandIds.useServer, services.log, () => chooseServer(services)));
  store.own(registerCommand(commandIds.leaveServer, services.log, () => writeUserSetting('serverUrl', '')));
  return store;
}

async function chooseServer({ server }: Services): Promise<void> {
  requireTrust();
  const title = vscode.l10n.t("Use a Team's Server");
  const address = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Address of an OpenAI-compatible server, such as http://host:8080/v1'),
    value: readSetting('serverUrl'),
    ignoreFocusOut: true,
    validateInput: addressProblem,
  });
  if (address === undefined || address.trim() === '') return;
  const url = serverAddress(address.trim());
  const prompt = vscode.l10n.t('Key of the server; empty when it needs none. It is kept in the secret storage.');
  const key = await vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
  if (key === undefined || !(await server.choose(url))) return;
  const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Looking at the server…') };
  const client = new ServerClient({ url, ...(key === '' ? {} : { key }) });
  const facts = await vscode.window.withProgress(options, () => client.facts(neverCancelled));
  const model = await chooseModel(title, facts);
  if (model === undefined) return;
  await server.storeKey(url, key);
  await writeUserSetting('serverModel', model);
  await writeUserSetting('serverUrl', url);
}

async function chooseModel(title: string, { models, model }: ServerFacts): Promise<string | undefined> {
  if (models.length <= 1) return model;
  return vscode.window.showQuickPick([...models], { title, placeHolder: vscode.l10n.t('Model that answers') });
}

function addressProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    serverAddress(text.trim());
    return undefined;
  } catch (error) {
    if (!isJoineryError(error)) throw error;
    return describeThrown(error).sentence;
  }
}
