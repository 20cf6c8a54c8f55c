/**
 * What indexing found, kept between runs: one file per database, valid for exactly one state of it. Whatever is wrong with a
 * cache file, it is as if it were not there; writing fails in silence towards the user and in the log.
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Relation } from '../../core/graph/types.js';
import { type ColumnValues } from '../../core/graph/ValueIndex.js';
import { type ColumnProfile, type DatabaseSchema } from '../../core/schema/types.js';
import { hashText } from '../../core/shared/hash.js';
import { type Logger } from '../../core/shared/logger.js';
import { decodeValues, encodeValues } from './cacheValues.js';
import { writeWhole } from './writeWhole.js';

/** Raised whenever the meaning of a field or the method behind it changes. */
const cacheVersion = 3;
/** Databases whose index is kept; the least recently written go first. */
const keptFiles = 64;

export interface CachedIndex {
  readonly schema: DatabaseSchema;
  readonly inferred: readonly Relation[];
  readonly profiles: readonly ColumnProfile[];
  readonly values: readonly ColumnValues[];
}

interface CacheFile extends CachedIndex {
  readonly version: number;
  readonly path: string;
  readonly stamp: string;
}

export class CatalogueCache {
  readonly #folder: string;

  constructor(
    stateFolder: string,
    private readonly log: Logger,
  ) {
    this.#folder = join(stateFolder, 'catalogue');
  }

  /** Undefined unless a whole cache of exactly this state is there. */
  async read(path: string, stamp: string): Promise<CachedIndex | undefined> {
    try {
      const file: unknown = JSON.parse(await readFile(this.#file(path), 'utf8'), decodeValues);
      if (isCacheFile(file) && file.path === path && file.stamp === stamp) return file;
    } catch (error) {
      const none = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!none) this.log.log('debug', '[catalogue]', `cache not read for ${path}`, error);
    }
    return undefined;
  }

  async write(path: string, stamp: string, index: CachedIndex): Promise<void> {
    const { schema, inferred, profiles, values } = index;
    const file: CacheFile = { version: cacheVersion, path, stamp, schema, inferred, profiles, values };
    try {
      await writeWhole(this.#file(path), JSON.stringify(file, encodeValues));
      await this.#prune();
    } catch (error) {
      this.log.log('warn', '[catalogue]', `cache not written for ${path}`, error);
    }
  }

  #file(path: string): string {
    return join(this.#folder, `${hashText(path)}.json`);
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.#folder);
    if (names.length <= keptFiles) return;
    const files = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(this.#folder, name))).mtimeMs })));
    const old = files.sort((a, b) => b.time - a.time).slice(keptFiles);
    for (const { name } of old) await rm(join(this.#folder, name), { force: true });
  }
}

/** Checks what a later step would trip over; the version stands for the rest. */
function isCacheFile(value: unknown): value is CacheFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Partial<CacheFile>;
  const lists = [file.schema?.tables, file.inferred, file.profiles, file.values];
  if (file.version !== cacheVersion || !lists.every((list) => Array.isArray(list))) return false;
  return (file.values ?? []).every((column) => Array.isArray(column.values) && column.values.every((text) => typeof text === 'string'));
}
