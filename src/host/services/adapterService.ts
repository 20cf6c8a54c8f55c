/**
 * The adapters that were fine-tuned in this workspace, and which of them answers. They belong to the workspace alone: files of its storage hold
 * them, and nothing sends them anywhere. Whoever changes the choice restarts the engine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type Disposable } from '../../core/shared/disposable.js';
import { type JoineryError } from '../../core/shared/errors.js';
import { Emitter } from '../../core/shared/event.js';
import { writeWhole } from '../../engine/catalogue/writeWhole.js';
import { type AdapterShelf, currentAdapter, emptyShelf } from '../../engine/training/workspaceAdapters.js';

export class AdapterService implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #refused = new Emitter<JoineryError>();
  #shelf: AdapterShelf | undefined;

  /** Another adapter answers, or one came or went. */
  readonly onChanged = this.#changed.event;
  /** The adapter that should answer cannot be used; the model answers as shipped. */
  readonly onRefused = this.#refused.event;

  /** `file` of the shelf; undefined where no workspace is open, then there are no adapters. */
  constructor(private readonly file: string | undefined) {}

  get shelf(): AdapterShelf {
    this.#shelf ??= readShelf(this.file);
    return this.#shelf;
  }

  async set(shelf: AdapterShelf): Promise<void> {
    if (this.file !== undefined) await writeWhole(this.file, JSON.stringify(shelf, undefined, 2));
    this.#shelf = shelf;
    this.#changed.fire();
  }

  /** File of the adapter that answers, if it is there and belongs to `base`: with another model the model answers as shipped. */
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

/** Small, and read once when it is first needed. */
function readShelf(file: string | undefined): AdapterShelf {
  if (file === undefined || !existsSync(file)) return emptyShelf;
  try {
    const shelf = JSON.parse(readFileSync(file, 'utf8')) as AdapterShelf | null;
    return Array.isArray(shelf?.adapters) && Array.isArray(shelf.history) ? shelf : emptyShelf;
  } catch {
    return emptyShelf; // Not JSON: the adapters' files are still there and can be added by path.
  }
}
