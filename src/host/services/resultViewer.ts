/**
 * Where results of read-only statements are shown, for everybody who has one to show. The page behind it belongs to the feature that
 * attaches itself here; nothing is run or drawn by this service.
 */
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type Disposable, toDisposable } from '../../core/shared/disposable.js';
import { JoineryError } from '../../core/shared/errors.js';
import { requireTrust } from './requireTrust.js';

export interface ResultRequest {
  /** Absolute path of the database. */
  readonly database: string;
  /** One reading statement; `sql.notReadOnly` and its kin are thrown for anything else. */
  readonly sql: string;
  /** Values by name as the statement writes them (`:name`, `?1`), or by position (`1`, `2`, …) for a bare `?`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Label of the tab; absent takes the beginning of the statement. */
  readonly title?: string;
  /** Stops the statement; `show` then rejects with `cancelled`. */
  readonly token?: CancellationToken;
}

export interface ResultViewer {
  /**
   * Resolves when the first rows are shown. Throws `ask.untrusted`, `cancelled`, and the `sql.*` and `file.*` errors of the statement, which
   * its tab shows, too.
   */
  show(request: ResultRequest): Promise<void>;
}

export class ResultViewerService implements ResultViewer {
  #viewer: ResultViewer | undefined;

  /** From now on results are shown there, until what is returned is disposed. */
  attach(viewer: ResultViewer): Disposable {
    this.#viewer = viewer;
    return toDisposable(() => {
      if (this.#viewer === viewer) this.#viewer = undefined;
    });
  }

  async show(request: ResultRequest): Promise<void> {
    requireTrust();
    if (!this.#viewer) throw new JoineryError('internal', { reason: 'no viewer of results is attached' });
    await this.#viewer.show(request);
  }
}
