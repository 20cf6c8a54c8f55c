/**
 * The only way by which the product changes a user's database: statements are tried on a copy, the difference is shown, and the same
 * statements run on the real file when somebody who has seen it says so. In between the file must not have changed. The copy is made by
 * the backup API; a backup is made before anything is written. Asking for the confirmation is the face's business.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { type CancellationToken, neverCancelled, throwIfCancelled } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type StatementEffect, type WritePreview } from '../../core/sql/changeTypes.js';
import { checkWriting, type WritingScript } from '../../core/sql/checkWriting.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { compareCopies } from '../../sqlite/compareCopies.js';
import { copyDatabase } from '../../sqlite/copyDatabase.js';
import { openDatabase } from '../../sqlite/openDatabase.js';
import { runWrites } from '../../sqlite/runWrites.js';

export interface WriteSettings {
  /** Milliseconds for all statements, on the copy and on the real file. */
  readonly timeoutMs: number;
  /** Rows shown of each kind of change and table. */
  readonly rows: number;
  readonly token?: CancellationToken;
  /** Share of the copy that is made, from 0 to 1. */
  readonly onCopied?: (share: number) => void;
}

export interface AppliedWrite {
  /** Path of the backup: the database as it was before. */
  readonly backup: string;
  readonly statements: readonly StatementEffect[];
}

/** Times that a copy is made anew because somebody wrote meanwhile. */
const mostCopies = 3;

/**
 * Runs the script on a copy. Throws `sql.notPreviewable`, `sql.empty`, the `file.*` and `sql.*` errors and `cancelled`; the database itself is
 * only read. The caller disposes the result.
 */
export async function prepareWrite(database: string, script: string, settings: WriteSettings): Promise<PreparedWrite> {
  const writing = checkWriting(script);
  const folder = await mkdtemp(join(tmpdir(), 'joinery-preview-'));
  let watch: ReadOnlyDatabase | undefined;
  const dispose = async (): Promise<void> => {
    await watch?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    watch = await openDatabase(database);
    const [before, after] = [join(folder, 'before.db'), join(folder, 'after.db')];
    const stamp = await copyStill(watch, before, settings);
    // Where the file system can, both copies share their pages.
    await copyFile(before, after, constants.COPYFILE_FICLONE).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOSPC' || error.code === 'EDQUOT' ? new JoineryError('file.diskFull', { path: after }, error) : error;
    });
    const preview = await tryOn({ database, before, after, writing, settings });
    return new PreparedWrite(preview, { watch, stamp, writing, settings, dispose });
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Copies a state that nobody changed while it was copied, and gives its stamp. */
async function copyStill(watch: ReadOnlyDatabase, target: string, { token = neverCancelled, onCopied }: WriteSettings): Promise<string> {
  for (let at = 0; at < mostCopies; at++) {
    const stamp = await watch.changeStamp();
    await copyDatabase(watch.path, target, { token, ...(onCopied ? { onProgress: onCopied } : {}) });
    if ((await watch.changeStamp()) === stamp) return stamp;
    await rm(target);
    throwIfCancelled(token);
  }
  throw new JoineryError('file.locked', { path: watch.path });
}

interface Trial {
  readonly database: string;
  readonly before: string;
  readonly after: string;
  readonly writing: WritingScript;
  readonly settings: WriteSettings;
}

async function tryOn({ database, before, after, writing, settings }: Trial): Promise<WritePreview> {
  const token = settings.token ? { token: settings.token } : {};
  const started = performance.now();
  const { effects, touched } = await runWrites(after, { ...writing, ...token, timeoutMs: settings.timeoutMs });
  const elapsedMs = performance.now() - started;
  const difference = await compareCopies(before, after, { tables: touched, rows: settings.rows, ...token });
  return { database, statements: effects, ...difference, elapsedMs };
}

interface Preparation {
  /** Open from the preview on: its connection notices every commit of others. */
  readonly watch: ReadOnlyDatabase;
  readonly stamp: string;
  readonly writing: WritingScript;
  readonly settings: WriteSettings;
  readonly dispose: () => Promise<void>;
}

export class PreparedWrite {
  #isOver = false;

  constructor(
    readonly preview: WritePreview,
    private readonly preparation: Preparation,
  ) {}

  /** False once somebody has changed the file: then applying is refused. */
  async isCurrent(): Promise<boolean> {
    return !this.#isOver && (await this.preparation.watch.changeStamp()) === this.preparation.stamp;
  }

  /**
   * Writes to the real file, in one transaction, after a backup into `backupFolder`. Throws `write.changed`, `write.different`, the `file.*`
   * and `sql.*` errors and `cancelled`; then the file is as it was and it may be tried again.
   */
  async apply(backupFolder: string, now: Date, token: CancellationToken = neverCancelled): Promise<AppliedWrite> {
    if (this.#isOver) throw new JoineryError('write.changed', { path: this.preview.database });
    await this.#checkUnchanged();
    this.#isOver = true;
    try {
      return await this.#backUpAndWrite(backupFolder, now, token);
    } catch (error) {
      // Nothing was written, so it may be tried again; what has changed meanwhile is seen then.
      this.#isOver = false;
      throw error;
    }
  }

  /** Removes the copies. */
  dispose(): Promise<void> {
    this.#isOver = true;
    return this.preparation.dispose();
  }

  async #backUpAndWrite(backupFolder: string, now: Date, token: CancellationToken): Promise<AppliedWrite> {
    const { writing, settings } = this.preparation;
    const { database, statements } = this.preview;
    await mkdir(backupFolder, { recursive: true });
    const backup = join(backupFolder, backupName(database, now));
    await copyDatabase(database, backup, { token });
    try {
      const { effects } = await runWrites(database, {
        ...writing,
        timeoutMs: settings.timeoutMs,
        token,
        // Under the write lock: what is unchanged now stays so until the commit, and the backup is of this state.
        beforeFirst: () => this.#checkUnchanged(),
        beforeCommit: (done) => {
          if (done.some(({ changes }, at) => changes !== statements[at]?.changes))
            throw new JoineryError('write.different', { path: database });
        },
      });
      return { backup, statements: effects };
    } catch (error) {
      await rm(backup, { force: true });
      throw error;
    }
  }

  async #checkUnchanged(): Promise<void> {
    const { watch, stamp } = this.preparation;
    if ((await watch.changeStamp()) !== stamp) throw new JoineryError('write.changed', { path: watch.path });
  }
}

/** `shop-2026-11-21T12-30-59-123Z.db`: sorted by time, and a name that every file system takes. */
export function backupName(database: string, now: Date): string {
  const extension = extname(database);
  return `${basename(database, extension)}-${now.toISOString().replaceAll(/[:.]/g, '-')}${extension}`;
}
