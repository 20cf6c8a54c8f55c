/**
 * Libraries of the runtime that are too large to ship, such as those for CUDA: archives of the package registry, fetched
 * when the user says so, checked against the committed sums and unpacked beside the models. The model process looks there.
 * Loads nothing itself and never installs packages: no script of theirs runs.
 */
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { neverCancelled, type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { downloadFile, fileSize, SourceProblem, throwDiskFull } from './downloadFile.js';
import { freeDiskBytes } from './fetchModel.js';
import { defaultSourceTimes, withRetries, type SourceTimes } from './fetchSources.js';
import { acquireLock } from './fileLock.js';
import { fileIntegrity } from './fileSum.js';
import { modelCatalog } from './modelCatalog.js';
import { archiveAddress } from './npmRegistry.js';
import { type CatalogPack, type FetchProgress, type PackArchive } from './types.js';
import { unpackTarball, type UnpackedFile } from './unpackTarball.js';

export interface RuntimePacksOptions {
  readonly modelFolder: string;
  readonly findRegistry: () => Promise<string>;
  readonly packs?: readonly CatalogPack[];
  /** `process.platform` and `process.arch` with a hyphen between. */
  readonly platform?: string;
  readonly times?: SourceTimes;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export type PackState = 'ready' | 'missing' | 'damaged' | 'unavailable';

export interface PackListing {
  readonly id: string;
  readonly title: string;
  readonly state: PackState;
  readonly folder: string;
  /** Bytes that a fetch transfers; 0 where there is no pack for this machine. */
  readonly bytes: number;
  /** Bytes on the disk afterwards. */
  readonly unpackedBytes: number;
  readonly licence: string;
  readonly note: string;
}

/** Room for other programs that is left on the disk. */
const spareBytes = 100 << 20;
const manifestName = 'pack.json';

/** Where the model process looks for packs. */
export function packFolderOf(modelFolder: string): string {
  return path.join(modelFolder, 'packs');
}

export class RuntimePacks {
  readonly folder: string;
  readonly #packs: readonly CatalogPack[];
  readonly #platform: string;

  constructor(private readonly options: RuntimePacksOptions) {
    this.folder = packFolderOf(options.modelFolder);
    this.#packs = options.packs ?? modelCatalog.packs;
    this.#platform = options.platform ?? `${process.platform}-${process.arch}`;
  }

  /** True for the ids of the catalogue, also where there is no pack for this machine. */
  knows(id: string): boolean {
    return this.#packs.some((pack) => pack.id === id);
  }

  async list(): Promise<readonly PackListing[]> {
    return Promise.all([...new Set(this.#packs.map(({ id }) => id))].map((id) => this.#listing(id)));
  }

  /** Returns the folder of the whole pack. Throws `pack.unavailable`, `pack.fetchFailed`, `model.diskFull` or `cancelled`. */
  async fetch(
    id: string,
    token: CancellationToken = neverCancelled,
    onProgress: (progress: FetchProgress) => void = () => undefined,
  ): Promise<string> {
    const pack = this.#find(id);
    const target = this.#folderOf(pack);
    const tell = (phase: FetchProgress['phase'], receivedBytes: number): void =>
      onProgress({ phase, source: 'registry', receivedBytes, totalBytes: archiveBytes(pack) });
    await mkdir(this.folder, { recursive: true }).catch(throwDiskFull);
    const lock = await acquireLock(`${target}.lock`, token, () => tell('waiting', 0));
    try {
      if ((await stateOf(target)) !== 'ready') {
        await this.#checkSpace(pack);
        await this.#bring(pack, target, token, tell);
      }
      await this.#removeRest(pack);
      return target;
    } catch (cause) {
      throw explained(cause, pack, this.folder);
    } finally {
      await lock.release();
    }
  }

  /** Deletes the pack and what an unfinished fetch left. */
  async remove(id: string): Promise<void> {
    const pack = this.#find(id);
    for (const archive of pack.archives) await rm(this.#archiveFile(pack, archive), { force: true });
    for (const folder of [`${this.#folderOf(pack)}.new`, this.#folderOf(pack)]) await rm(folder, { recursive: true, force: true });
  }

  async #bring(
    pack: CatalogPack,
    target: string,
    token: CancellationToken,
    tell: (phase: FetchProgress['phase'], received: number) => void,
  ): Promise<void> {
    tell('connecting', 0);
    let before = 0;
    for (const archive of pack.archives) {
      const start = before;
      await this.#download(pack, archive, token, (received) => tell('downloading', start + received));
      before += archive.bytes;
    }
    tell('checking', 0);
    for (const archive of pack.archives) await this.#check(pack, archive, token);
    const draft = `${target}.new`;
    await rm(draft, { recursive: true, force: true });
    const files: UnpackedFile[] = [];
    for (const archive of pack.archives) {
      const name = nameOf(archive);
      const unpacked = await unpackTarball(this.#archiveFile(pack, archive), path.join(draft, name), token);
      files.push(...unpacked.map((file) => ({ ...file, path: `${name}/${file.path}` })));
    }
    await writeFile(path.join(draft, manifestName), JSON.stringify({ version: pack.version, files })).catch(throwDiskFull);
    await rm(target, { recursive: true, force: true });
    await rename(draft, target).catch(throwDiskFull);
  }

  async #download(pack: CatalogPack, archive: PackArchive, token: CancellationToken, onBytes: (bytes: number) => void): Promise<void> {
    const times = this.options.times ?? defaultSourceTimes;
    const target = this.#archiveFile(pack, archive);
    const url = archiveAddress(await this.options.findRegistry(), archive.package, pack.version);
    await withRetries({ times }, target, () => downloadFile({ url, target, totalBytes: archive.bytes, ...times, token, onBytes }));
  }

  async #check(pack: CatalogPack, archive: PackArchive, token: CancellationToken): Promise<void> {
    const file = this.#archiveFile(pack, archive);
    if ((await fileIntegrity(file, token)) === archive.integrity) return;
    // What is wrong cannot be continued.
    await rm(file, { force: true });
    throw new SourceProblem('malformed', `${archive.package} has another checksum than expected`);
  }

  async #checkSpace(pack: CatalogPack): Promise<void> {
    let needBytes = unpackedBytes(pack) + spareBytes;
    for (const archive of pack.archives) needBytes += Math.max(0, archive.bytes - (await fileSize(this.#archiveFile(pack, archive))));
    const freeBytes = await (this.options.freeBytes ?? freeDiskBytes)(this.folder);
    if (freeBytes < needBytes) throw new JoineryError('model.diskFull', { id: pack.id, folder: this.folder, needBytes, freeBytes });
  }

  /** The archives, and packs for other versions of the runtime. */
  async #removeRest(pack: CatalogPack): Promise<void> {
    for (const archive of pack.archives) await rm(this.#archiveFile(pack, archive), { force: true });
    const own = path.basename(this.#folderOf(pack));
    const old = (await readdir(this.folder)).filter((name) => name.startsWith(`${pack.id}-`) && !name.startsWith(own));
    for (const name of old) await rm(path.join(this.folder, name), { recursive: true, force: true });
  }

  async #listing(id: string): Promise<PackListing> {
    const pack = this.#packs.find((entry) => entry.id === id && entry.platform === this.#platform);
    const any = pack ?? this.#packs.find((entry) => entry.id === id);
    const { title = id, licence = '', note = '' } = any ?? {};
    if (!pack) return { id, title, state: 'unavailable', folder: this.folder, bytes: 0, unpackedBytes: 0, licence, note };
    const folder = this.#folderOf(pack);
    return {
      id,
      title,
      licence,
      note,
      folder,
      state: await stateOf(folder),
      bytes: archiveBytes(pack),
      unpackedBytes: unpackedBytes(pack),
    };
  }

  #find(id: string): CatalogPack {
    const pack = this.#packs.find((entry) => entry.id === id && entry.platform === this.#platform);
    if (!pack) throw new JoineryError('pack.unavailable', { id, platform: this.#platform });
    return pack;
  }

  #folderOf(pack: CatalogPack): string {
    return path.join(this.folder, `${pack.id}-${pack.version}`);
  }

  #archiveFile(pack: CatalogPack, archive: PackArchive): string {
    return path.join(this.folder, `${nameOf(archive)}-${pack.version}.tgz.part`);
  }
}

function nameOf(archive: PackArchive): string {
  return archive.package.split('/').at(-1) ?? archive.package;
}

function archiveBytes(pack: CatalogPack): number {
  return pack.archives.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unpackedBytes(pack: CatalogPack): number {
  return pack.archives.reduce((sum, archive) => sum + archive.unpackedBytes, 0);
}

/** Whole when every file that was unpacked is there in its size: the sums were checked before. */
async function stateOf(folder: string): Promise<PackState> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => undefined);
  if (text === undefined) return (await stat(folder).catch(() => undefined)) ? 'damaged' : 'missing';
  const { files } = JSON.parse(text) as { readonly files: readonly UnpackedFile[] };
  const sizes = await Promise.all(files.map((file) => fileSize(path.join(folder, file.path))));
  return sizes.every((size, index) => size === files[index]?.bytes) ? 'ready' : 'damaged';
}

function explained(cause: unknown, pack: CatalogPack, folder: string): unknown {
  if (cause instanceof SourceProblem) return new JoineryError('pack.fetchFailed', { id: pack.id, reason: cause.detail }, cause);
  const isFull = cause instanceof JoineryError && cause.code === 'model.diskFull' && cause.details['id'] === undefined;
  return isFull ? new JoineryError('model.diskFull', { id: pack.id, folder, needBytes: unpackedBytes(pack), freeBytes: 0 }, cause) : cause;
}
