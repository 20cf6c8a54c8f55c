/**
 * The team's server that the user chose, with its key from the secret storage. Nothing is sent before the user was told, once per workspace
 * and server, that questions and schemas leave this machine, and agreed.
 */
import * as vscode from 'vscode';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { serverAddress, type ServerSettings } from '../../engine/remote/serverSettings.js';
import { readSetting } from '../platform/settings.js';

const agreedKey = 'joinery.serverAgreed';
const keyPrefix = 'joinery.serverKey:';

export class TeamServer implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #watcher: vscode.Disposable;
  /** One message for all questions that wait for it; a refusal holds until the server is chosen again. */
  #asking: { readonly url: string; readonly answer: Promise<boolean> } | undefined;

  /** A key was stored or removed. */
  readonly onKeyChanged = this.#changed.event;

  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly memory: vscode.Memento,
  ) {
    this.#watcher = secrets.onDidChange(({ key }) => {
      if (key.startsWith(keyPrefix)) this.#changed.fire();
    });
  }

  /** Undefined when none was chosen. Throws `config.invalid` for an address that is none. */
  async settings(): Promise<ServerSettings | undefined> {
    const address = readSetting('serverUrl').trim();
    if (address === '') return undefined;
    const url = serverAddress(address);
    const key = await this.secrets.get(`${keyPrefix}${url}`);
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

  hasAgreed(url: string): boolean {
    return this.memory.get<readonly string[]>(agreedKey, []).includes(url);
  }

  agree(url: string): Promise<boolean> {
    if (this.hasAgreed(url)) return Promise.resolve(true);
    if (this.#asking?.url !== url) this.#asking = { url, answer: this.#tell(url) };
    return this.#asking.answer;
  }

  /** The user chose this server by hand: they are told again if they refused before. */
  choose(url: string): Promise<boolean> {
    this.#asking = undefined;
    return this.agree(url);
  }

  async storeKey(url: string, key: string): Promise<void> {
    if (key === '') await this.secrets.delete(`${keyPrefix}${url}`);
    else await this.secrets.store(`${keyPrefix}${url}`, key);
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  async #tell(url: string): Promise<boolean> {
    const send = vscode.l10n.t('Send Them');
    const detail = vscode.l10n.t(
      'Your questions and the schemas of the databases you ask are sent to {0}. Stored values are sent only where joinery.modelMaySee allows it.',
      url,
    );
    const pressed = await vscode.window.showWarningMessage(
      vscode.l10n.t('Questions will leave this machine'),
      { modal: true, detail },
      send,
    );
    if (pressed !== send) return false;
    const agreed = this.memory.get<readonly string[]>(agreedKey, []);
    await this.memory.update(agreedKey, [...agreed, url]);
    return true;
  }
}
