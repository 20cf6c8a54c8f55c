/**
 * Cancellation that crosses every room: a token to read, a source to trigger. Compatible in shape with VS Code's token
 * (`isCancellationRequested`, `onCancellationRequested`), so the host passes its tokens in unchanged.
 */
import { type Disposable } from './disposable.js';
import { Emitter, type Event } from './event.js';
import { JoineryError } from './errors.js';

export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: Event<unknown>;
}

export const neverCancelled: CancellationToken = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};

export class CancellationSource implements Disposable {
  readonly #emitter = new Emitter<unknown>();
  #cancelled = false;

  readonly token: CancellationToken;

  constructor(parent?: CancellationToken) {
    const isCancelled = (): boolean => this.#cancelled;
    this.token = {
      get isCancellationRequested() {
        return isCancelled();
      },
      onCancellationRequested: (listener) => {
        if (!isCancelled()) return this.#emitter.event(listener);
        listener(undefined);
        return { dispose: () => undefined };
      },
    };
    if (parent) this.#link = parent.onCancellationRequested(() => this.cancel());
    if (parent?.isCancellationRequested) this.cancel();
  }

  #link: Disposable | undefined;

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#emitter.fire(undefined);
    this.dispose();
  }

  dispose(): void {
    this.#link?.dispose();
    this.#link = undefined;
    this.#emitter.dispose();
  }
}

/** Throws `cancelled` when the token says so; called between steps of long work. */
export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new JoineryError('cancelled');
}
