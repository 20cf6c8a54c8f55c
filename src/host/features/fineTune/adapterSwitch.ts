/** Which adapter answers: accepted, used again, gone back from, deleted. Each change restarts the model process, never the window. */
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { canRollBack, currentAdapter, dropAdapter, rollBack, useAdapter } from '../../../engine/training/workspaceAdapters.js';
import { type AdapterShelf, type WorkspaceAdapter } from '../../../engine/training/workspaceAdapters.js';
import { type HeldOutScore } from '../../../protocol/trainingEvents.js';
import { writeWorkspaceSetting } from '../../platform/settings.js';
import { type Services } from '../../services/services.js';
import { type KeptRun } from './keptRun.js';
import { adapterFolder } from './trainingPlaces.js';

export class AdapterSwitch {
  constructor(private readonly services: Pick<Services, 'adapters' | 'engines' | 'context' | 'log'>) {}

  get shelf(): AdapterShelf {
    return this.services.adapters.shelf;
  }

  get current(): WorkspaceAdapter | undefined {
    return currentAdapter(this.shelf);
  }

  get canRollBack(): boolean {
    return canRollBack(this.shelf);
  }

  /** Throws `training.notBetter`, `training.noAdapter`, `training.diskFull`. */
  async accept({ record, accepted, tests }: KeptRun, file: string, score: HeldOutScore | undefined): Promise<void> {
    const { id, choices } = record;
    const { base, databases, minutes, useSynthesis } = choices;
    const found = {
      id: `tuned-${id}`,
      base,
      madeAt: Date.now(),
      minutes,
      databases,
      accepted,
      tests,
      synthesis: useSynthesis,
      file,
      score,
    };
    const { acceptAdapter } = await import('../../../engine/training/acceptAdapter.js');
    const shelf = await acceptAdapter(this.shelf, adapterFolder(this.services.context), found);
    const adapter = shelf.adapters.at(-1);
    // Listed for the terminal, too; the file stays where it is.
    if (adapter) await (await this.services.engines.get()).models.add(adapter.path, adapter.id);
    await this.#set(shelf);
  }

  async use(id: string): Promise<void> {
    await this.#set(useAdapter(this.shelf, id));
  }

  async rollBack(): Promise<void> {
    await this.#set(rollBack(this.shelf));
  }

  /** Deletes the file, too. */
  async remove(id: string): Promise<void> {
    const adapter = this.shelf.adapters.find((candidate) => candidate.id === id);
    if (!adapter) return;
    const isUsed = this.current?.id === id;
    const shelf = dropAdapter(this.shelf, id);
    const { models } = await this.services.engines.get();
    if ((await models.list()).some((listing) => listing.own && listing.id === id)) await models.remove(id);
    if (isUsed) await this.#set(shelf);
    else await this.services.adapters.set(shelf);
    await rm(adapter.path, { force: true });
  }

  /** The engine made next loads the model with the adapter that the shelf says. */
  async #set(shelf: AdapterShelf): Promise<void> {
    const before = this.current?.id;
    await this.services.adapters.set(shelf);
    if (this.current?.id === before) return;
    this.services.log.log('info', 'training', `answers come from ${this.current?.id ?? 'the model as shipped'}`);
    await this.services.engines.reset();
    await this.#offerBase();
  }

  /** An adapter without its base does nothing. The model is the user's choice, so it is only offered. */
  async #offerBase(): Promise<void> {
    const { current } = this;
    const inUse = await this.services.engines.modelId();
    if (!current || current.base === inUse) return;
    const { base } = current;
    const use = vscode.l10n.t('Use {0} in This Workspace', base);
    const text = vscode.l10n.t('The adapter belongs to {0}, but questions are answered by {1}.', base, inUse);
    // Not awaited: the adapter is on the shelf, whatever becomes of the message.
    void vscode.window.showWarningMessage(text, use).then(
      (pressed) => (pressed === use ? writeWorkspaceSetting('model', base) : undefined),
      (error: unknown) => this.services.log.log('warn', 'training', 'the model was not changed', error),
    );
  }
}
