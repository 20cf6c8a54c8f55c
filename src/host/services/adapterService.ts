/**
 * The adapters that were fine-tuned in this workspace, and which of them answers. They belong to the workspace alone: its storage holds them,
 * and nothing sends them anywhere. Whoever changes the choice restarts the engine.
 */
import { existsSync } from 'node:fs';
import { type Disposable } from '../../core/shared/disposable.js';
import { type JoineryError } from '../../core/shared/errors.js';
import { Emitter } from '../../core/shared/event.js';
import { type AdapterShelf, currentAdapter, emptyShelf } from '../../engine/training/workspaceAdapters.js';
import { type Memory } from './memory.js';

const shelfKey = 'joinery.adapterShelf';

export class AdapterService implements Disposable {
  readonly #changed = new Emitter<void>();

  readonly #refused = new Emitter<JoineryError>();

  /** Another adapter answers, or one came or went. */
  readonly onChanged = this.#changed.event;
  /** The adapter that should answer cannot be used; the model answers as it came. */
  readonly onRefused = this.#refused.event;

  constructor(private readonly memory: Memory) {}

  get shelf(): AdapterShelf {
    return this.memory.get<AdapterShelf>(shelfKey, emptyShelf);
  }

  async set(shelf: AdapterShelf): Promise<void> {
    await this.memory.update(shelfKey, shelf);
    this.#changed.fire();
  }

  /** File of the adapter that answers, if it is there and belongs to `base`: with another model the model answers as it came. */
  pathFor(base: string): string | undefined {
    const current = currentAdapter(this.shelf);
    return current?.base === base && existsSync(current.path) ? current.path : undefined;
  }

  refuse(fault: JoineryError): void {
    this.#refused.fire(fault);
  }

  dispose(): void {
    this.#refused.dispose();
    this.#changed.dispose();
  }
}
