/** What Joinery is doing, as one value that the status bar shows and tests read. It decides nothing and knows no words. */
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { type ErrorArguments, type ErrorCode } from '../../core/shared/errors.js';

export type JoineryState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'noDatabase' }
  | { readonly kind: 'severalDatabases'; readonly count: number }
  | { readonly kind: 'noModel' }
  /** 0..1; absent while the amount is unknown. */
  | { readonly kind: 'fetchingModel'; readonly fraction?: number }
  | { readonly kind: 'opening' }
  | { readonly kind: 'indexing' }
  | { readonly kind: 'loadingModel' }
  | { readonly kind: 'thinking' }
  | { readonly kind: 'verifying' }
  | { readonly kind: 'verified'; readonly rows: number; readonly rowsTruncated: boolean; readonly ms: number; readonly joins: number; readonly others: number; readonly fanOut: readonly string[] } // prettier-ignore
  | { readonly kind: 'noAnswer'; readonly code: ErrorCode; readonly details: ErrorArguments }
  | { readonly kind: 'modelDown'; readonly code: ErrorCode; readonly details: ErrorArguments };

export interface Status {
  readonly state: JoineryState;
  /** Absolute path of the database that the active document means, when that is clear. */
  readonly database?: string;
}

export class StatusService implements Disposable {
  readonly #changed = new Emitter<Status>();
  #status: Status = { state: { kind: 'ready' } };

  readonly onChanged = this.#changed.event;

  get current(): Status {
    return this.#status;
  }

  setState(state: JoineryState): void {
    this.#set({ ...this.#status, state });
  }

  /** Another document became active: what was said about the last one's question is over. */
  setDatabase(database: string | undefined, state: JoineryState): void {
    this.#set(database === undefined ? { state } : { state, database });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #set(status: Status): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#changed.fire(status);
  }
}
