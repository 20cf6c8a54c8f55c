/**
 * Opens databases once and keeps them: schema and declared relations at once, guesses checked and values indexed in the
 * background. Every `open` compares the file with what was read; a changed one is read again. Nothing is ever written to a database.
 */
import { basename, dirname, resolve } from 'node:path';
import { type CancellationToken, neverCancelled, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { type Logger, silentLogger } from '../../core/shared/logger.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { isBehindSqlite } from '../../sqlite/changeStamp.js';
import { introspect } from '../../sqlite/introspect.js';
import { openDatabase } from '../../sqlite/openDatabase.js';
import { CatalogueCache } from './catalogueCache.js';
import { type FileStamp, fileStamp } from './fileStamp.js';
import { indexDatabase } from './indexDatabase.js';
import { measureAlone } from './measureInclusion.js';
import { OpenedDatabaseState } from './openedDatabase.js';
import { RelationsFile } from './relationsFile.js';
import { type Catalogue, type OpenedDatabase } from './types.js';
import { type Verdicts, verdictOf } from './verdicts.js';

export interface CatalogueOptions {
  /** Folder for caches; it is created when needed. */
  readonly stateFolder: string;
  /** Folder that holds `.joinery`; default: the folder of each database. */
  readonly workspaceFolder?: string;
  readonly log?: Logger;
}

/** Replaced connections that stay open. */
const keptReplaced = 4;

/** What one path has now, with the marks by which a change is noticed. */
interface Entry {
  readonly state: OpenedDatabaseState;
  readonly database: ReadOnlyDatabase;
  readonly changeStamp: string;
  readonly inode: string;
  verdictStamp: string;
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  return new FileCatalogue(options);
}

class FileCatalogue implements Catalogue {
  readonly #entries = new Map<string, Promise<Entry>>();
  readonly #relationFiles = new Map<string, RelationsFile>();
  /** Connections that no entry uses any more; callers may still read from them. */
  readonly #replaced = new Set<ReadOnlyDatabase>();
  readonly #log: Logger;
  readonly #cache: CatalogueCache;
  /** Background work of one database after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: CatalogueOptions) {
    this.#log = options.log ?? silentLogger;
    this.#cache = new CatalogueCache(options.stateFolder, this.#log);
  }

  async open(path: string, token: CancellationToken = neverCancelled): Promise<OpenedDatabase> {
    throwIfCancelled(token);
    const key = resolve(path);
    const before = this.#entries.get(key);
    const next = before
      ? before.then(
          (entry) => this.#renew(key, entry),
          () => this.#read(key),
        )
      : this.#read(key);
    this.#entries.set(key, next);
    // The caller is freed at once when cancelled; the database stays open for the next one who asks.
    next.catch((error: unknown) => this.#entries.get(key) === next && this.#undo(key, before, error));
    return (await untilCancelled(next, token)).state;
  }

  /** A database that is merely locked keeps what was opened; whatever else failed is opened anew by the next who asks. */
  #undo(key: string, before: Promise<Entry> | undefined, error: unknown): void {
    if (before && isLocked(error)) this.#entries.set(key, before);
    else this.#entries.delete(key);
  }

  async close(): Promise<void> {
    const entries = await Promise.allSettled(this.#entries.values());
    this.#entries.clear();
    for (const entry of entries) {
      if (entry.status === 'rejected') continue;
      await entry.value.state.stop();
      await entry.value.database.close();
    }
    for (const database of this.#replaced) await database.close();
    this.#replaced.clear();
  }

  async #read(path: string, before?: Entry): Promise<Entry> {
    // The marks come first: a change while reading is then seen by the next open.
    const stamp = await fileStamp(path, Date.now());
    const database = before?.database ?? (await openDatabase(path));
    try {
      const changeStamp = await database.changeStamp();
      const cached = stamp ? await this.#cache.read(path, stamp.content) : undefined;
      const schema = cached?.schema ?? (await introspect(database, { name: basename(path) }));
      const file = this.#relationsFile(path);
      const verdictStamp = await file.stamp();
      const state = new OpenedDatabaseState(database, schema, await this.#verdicts(file, path), {
        save: (relation, verdict) => file.write(path, verdictOf(relation, verdict)),
        forget: (ids) => file.remove(path, ids),
        measure: (relation, token) => measureAlone(path, schema, relation, token),
      });
      if (before) state.takeOver(before.state);
      if (cached) state.restore(cached);
      else state.startIndexing((token) => this.#index(path, state, stamp, token));
      return { state, database, changeStamp, inode: stamp?.inode ?? '', verdictStamp };
    } catch (error) {
      if (!before) await database.close();
      throw error;
    }
  }

  async #renew(path: string, entry: Entry): Promise<Entry> {
    try {
      const isOther = (await fileStamp(path, Date.now()))?.inode !== entry.inode;
      const changeStamp = isOther ? '' : await entry.database.changeStamp();
      if (changeStamp !== entry.changeStamp) {
        await entry.state.stop();
        if (!isOther && !isBehindSqlite(entry.changeStamp, changeStamp)) return await this.#read(path, entry);
        await this.#retire(entry.database);
        return await this.#read(path);
      }
      const file = this.#relationsFile(path);
      const stamp = await file.stamp();
      if (stamp !== entry.verdictStamp) {
        entry.state.setVerdicts(await this.#verdicts(file, path));
        entry.verdictStamp = stamp;
      }
      return entry;
    } catch (error) {
      if (isLocked(error)) throw error;
      await this.#retire(entry.database);
      await entry.state.stop();
      throw error;
    }
  }

  /** A connection to a file that has gone keeps its space on the disk, so only the last few stay for those who still read. */
  async #retire(database: ReadOnlyDatabase): Promise<void> {
    this.#replaced.add(database);
    const [oldest] = this.#replaced;
    if (this.#replaced.size <= keptReplaced || !oldest) return;
    this.#replaced.delete(oldest);
    await oldest.close();
  }

  #relationsFile(path: string): RelationsFile {
    const folder = this.options.workspaceFolder ?? dirname(path);
    const file = this.#relationFiles.get(folder) ?? new RelationsFile(folder);
    this.#relationFiles.set(folder, file);
    return file;
  }

  /** A file that is not understood costs its verdicts, not the database. */
  async #verdicts(file: RelationsFile, path: string): Promise<Verdicts> {
    try {
      return await file.read(path);
    } catch (error) {
      this.#log.log('warn', '[catalogue]', `ignored: ${file.path}`, error);
      return new Map();
    }
  }

  #index(path: string, state: OpenedDatabaseState, stamp: FileStamp | undefined, token: CancellationToken): Promise<void> {
    const task = this.#queue.then(() => this.#indexNow(path, state, stamp, token));
    this.#queue = task;
    return task;
  }

  /** Never throws: without an index the database can still be asked. */
  async #indexNow(path: string, state: OpenedDatabaseState, stamp: FileStamp | undefined, token: CancellationToken): Promise<void> {
    if (token.isCancellationRequested) return;
    let database: ReadOnlyDatabase | undefined;
    try {
      // A connection of its own: a slice that is interrupted must not take a user's statement with it.
      database = await openDatabase(path);
      const { schema, declared, candidates } = state;
      const onProfiles = state.setProfiles.bind(state);
      const onInferred = state.setInferred.bind(state);
      const found = await indexDatabase({ database, schema, declared, candidates, token, log: this.#log, onProfiles, onInferred });
      await state.setValues(found.values, token);
      const after = await fileStamp(path, Date.now());
      if (stamp?.settled !== true || after?.content !== stamp.content) return;
      await this.#cache.write(path, stamp.content, { schema, ...found });
    } catch (error) {
      if (!isCancelled(error) && !token.isCancellationRequested) this.#log.log('warn', '[catalogue]', `not indexed: ${path}`, error);
    } finally {
      await database?.close();
    }
  }
}

function isLocked(error: unknown): boolean {
  return isJoineryError(error) && error.code === 'file.locked';
}

/** The promise, or `cancelled` as soon as the token says so. */
async function untilCancelled<T>(promise: Promise<T>, token: CancellationToken): Promise<T> {
  let stop = (): void => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    const link = token.onCancellationRequested(() => reject(new JoineryError('cancelled')));
    stop = () => link.dispose();
  });
  try {
    return await Promise.race([promise, cancelled]);
  } finally {
    stop();
  }
}
