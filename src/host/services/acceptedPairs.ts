/**
 * Accepted questions and their SQL, kept for the model to learn from, with the user's consent and nowhere but in the workspace.
 * Without consent nothing is written; the question whether to is put once per workspace.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { type Logger } from '../../core/shared/logger.js';
import { appendPair, type AcceptedPair } from '../../engine/ask/pairsStore.js';
import { readSetting, writeWorkspaceSetting } from '../platform/settings.js';

const acceptedKey = 'joinery.acceptedCount';
const askedKey = 'joinery.consentAsked';
/** The question comes when the user has seen what there is to keep. */
const acceptedBeforeAsking = 3;

export class AcceptedPairs {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Logger,
  ) {}

  async accept(pair: AcceptedPair): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    if (readSetting('keepAcceptedPairs')) await appendPair(storeFolder(pair.database), pair);
    else await this.#considerAsking();
  }

  async #considerAsking(): Promise<void> {
    if (this.memory.get<boolean>(askedKey, false) || vscode.workspace.workspaceFolders === undefined) return;
    const accepted = this.memory.get<number>(acceptedKey, 0) + 1;
    await this.memory.update(acceptedKey, accepted);
    if (accepted < acceptedBeforeAsking) return;
    await this.memory.update(askedKey, true);
    // Not awaited: accepting a suggestion must not wait for a message to be closed.
    this.#ask().catch((error: unknown) => this.log.log('warn', 'host', 'the consent was not stored', error));
  }

  async #ask(): Promise<void> {
    const keep = vscode.l10n.t('Keep Them');
    const question = vscode.l10n.t(
      'Keep accepted questions and their SQL in .joinery/pairs.jsonl of this workspace, as examples for the model?',
    );
    const pressed = await vscode.window.showInformationMessage(question, keep, vscode.l10n.t('No'));
    if (pressed === keep) await writeWorkspaceSetting('keepAcceptedPairs', true);
  }
}

/** Where the engine looks for the pairs of a database. */
function storeFolder(database: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const only = folders.length === 1 ? folders[0] : undefined;
  return only ? only.uri.fsPath : path.dirname(database);
}
