/**
 * Accepted questions and their SQL, kept for the model to learn from, with the user's consent and nowhere but in the workspace.
 * Without consent nothing is written; the question whether to is put once per workspace, and the setting takes it back.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { type Logger } from '../../core/shared/logger.js';
import { listPairs, removePairs, storePair, type AcceptedPair } from '../../engine/ask/pairsStore.js';
import { onSettingsChanged, readSetting, writeWorkspaceSetting } from '../platform/settings.js';
import { onlyWorkspaceFolder, workspaceFolders } from '../platform/workspaceFolders.js';
import { ConsentQuestion } from './consentQuestion.js';
import { type DatabaseService } from './databaseService.js';
import { type Memory } from './memory.js';

export class AcceptedPairs implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #watchers: readonly vscode.Disposable[];
  readonly #question: ConsentQuestion;

  /** Pairs came or went, or the consent was given or taken back. */
  readonly onChanged = this.#changed.event;

  constructor(
    memory: Memory,
    private readonly databases: DatabaseService,
    private readonly log: Logger,
  ) {
    this.#question = new ConsentQuestion(memory);
    const file = vscode.workspace.createFileSystemWatcher('**/.joinery/pairs.jsonl');
    const again = (): void => this.#changed.fire();
    const consent = onSettingsChanged(['keepAcceptedPairs'], again);
    this.#watchers = [file, file.onDidChange(again), file.onDidCreate(again), file.onDidDelete(again), consent];
  }

  get hasConsent(): boolean {
    return readSetting('keepAcceptedPairs');
  }

  async accept(pair: AcceptedPair): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    if (!this.hasConsent) return this.#considerAsking();
    await storePair(storeFolder(pair.database), pair);
    this.#changed.fire();
  }

  /** Of all databases of the workspace, in the order of their files; also without consent, for what is there may be looked at. */
  async list(): Promise<readonly AcceptedPair[]> {
    const folders = new Set((await this.databases.list()).map(storeFolder));
    for (const folder of workspaceFolders()) folders.add(folder);
    const lists = await Promise.all([...folders].sort().map((folder) => listPairs(folder, this.log)));
    return lists.flat();
  }

  async remove(pairs: readonly AcceptedPair[]): Promise<void> {
    for (const folder of new Set(pairs.map(({ database }) => storeFolder(database)))) {
      await removePairs(folder, pairs.filter(({ database }) => storeFolder(database) === folder)); // prettier-ignore
    }
    this.#changed.fire();
  }

  dispose(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#changed.dispose();
  }

  async #considerAsking(): Promise<void> {
    // Without a folder there is no workspace to keep anything in.
    if (vscode.workspace.workspaceFolders === undefined || !(await this.#question.isDue())) return;
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
  return onlyWorkspaceFolder() ?? path.dirname(database);
}
