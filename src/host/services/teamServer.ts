/**
 * The team's server that the user chose, with its key from the secret storage. Nothing is sent before the user was told, once per workspace
 * and server, that questions and schemas leave this machine, and agreed.
 */
import * as vscode from 'vscode';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { serverAddress, type ServerSettings } from '../../engine/remote/serverSettings.js';
import { readSetting } from '../platform/settings.js';
import { type Memory } from './memory.js';
import { ServerConsent } from './serverConsent.js';
import { ServerKeys } from './serverKeys.js';

export class TeamServer implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #watcher: vscode.Disposable;
  readonly #consent: ServerConsent;
  readonly #keys: ServerKeys;

  /** A key was stored or removed. */
  readonly onKeyChanged = this.#changed.event;

  constructor(secrets: vscode.SecretStorage, memory: Memory) {
    this.#keys = new ServerKeys(secrets);
    this.#consent = new ServerConsent(memory, tellUser);
    this.#watcher = secrets.onDidChange(({ key }) => {
      if (this.#keys.isKey(key)) this.#changed.fire();
    });
  }

  /** Undefined when none was chosen. Throws `config.invalid` for an address that is none. */
  async settings(): Promise<ServerSettings | undefined> {
    const address = readSetting('serverUrl').trim();
    if (address === '') return undefined;
    const url = serverAddress(address);
    const key = await this.#keys.get(url);
    const model = readSetting('serverModel');
    const constraints = readSetting('serverConstraints');
    return {
      url,
      agree: () => this.agree(url),
      ...(key === undefined ? {} : { key }),
      ...(model === '' ? {} : { model }),
      ...(constraints === 'auto' ? {} : { constraints }),
    };
  }

  /** False when the user does not want it; they are told once per workspace and server. */
  agree(url: string): Promise<boolean> {
    return this.#consent.agree(url);
  }

  /** The user chose this server by hand: they are told again if they refused before. */
  choose(url: string): Promise<boolean> {
    return this.#consent.choose(url);
  }

  storeKey(url: string, key: string): Promise<void> {
    return this.#keys.set(url, key);
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#changed.dispose();
  }
}

async function tellUser(url: string): Promise<boolean> {
  const send = vscode.l10n.t('Send Them');
  const detail = vscode.l10n.t(
    'Your questions and the schemas of the databases you ask are sent to {0}. Stored values are sent only where joinery.modelMaySee allows it.',
    url,
  );
  const pressed = await vscode.window.showWarningMessage(vscode.l10n.t('Questions will leave this machine'), { modal: true, detail }, send);
  return pressed === send;
}
