/**
 * The models on this machine: what the catalogue offers, what is present, what the user brought. Contacts the network in
 * `fetch` only. Loads no weights: that is the model process's job.
 */
import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import { neverCancelled, type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { silentLogger, type Logger } from '../../core/shared/logger.js';
import { adapterProblem, isAdapter, writtenPromptVersion } from './adapterFit.js';
import { fileSize } from './downloadFile.js';
import { fetchModel, freeDiskBytes, type FetchSettings } from './fetchModel.js';
import { defaultSourceTimes, type SourceTimes } from './fetchSources.js';
import { fileSum } from './fileSum.js';
import { findCatalogModel, modelCatalog } from './modelCatalog.js';
import { readOwnModels, writeOwnModels, type OwnModel } from './ownModels.js';
import { findIndex, type IndexAddress } from './pythonIndex.js';
import { readGgufHeader, type GgufHeader } from './readGgufHeader.js';
import {
  type CatalogAdapter,
  type CatalogModel,
  type FetchProgress,
  type ModelCatalog,
  type ModelListing,
  type ResolvedModel,
} from './types.js';
import { readMark, removeMark, writeMark } from './verifiedMark.js';

export interface ModelStoreOptions {
  readonly folder: string;
  /** Folder with the adapters that come with the product. */
  readonly adapterFolder?: string;
  readonly catalog?: ModelCatalog;
  readonly environment?: NodeJS.ProcessEnv;
  readonly hubUrl?: string;
  readonly findIndex?: () => Promise<IndexAddress>;
  readonly times?: SourceTimes;
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Bytes of memory that a model may count on at most. */
  readonly memoryBytes?: number;
  readonly log?: Logger;
}

const publicHub = 'https://huggingface.co';
/** Prompt version of models that are not in the catalogue. */
const ownPromptVersion = '1';
/** Architectures that llama.cpp reads but that cannot write text. */
const silentArchitectures = new Set([
  'bert',
  'nomic-bert',
  'nomic-bert-moe',
  'jina-bert-v2',
  'jina-bert-v3',
  'clip',
  't5encoder',
  'wavtokenizer-dec',
]);

interface Known {
  readonly id: string;
  readonly path: string;
  readonly entry?: CatalogModel;
}

/** In the place of an adapter's id: the model as it was fetched. */
export const noAdapter = 'none';

export class ModelStore {
  readonly folder: string;
  readonly catalog: ModelCatalog;
  readonly #adapterFolder: string | undefined;
  readonly #memoryBytes: number;
  readonly #settings: FetchSettings;

  constructor(options: ModelStoreOptions) {
    const environment = options.environment ?? process.env;
    this.folder = options.folder;
    this.catalog = options.catalog ?? modelCatalog;
    this.#adapterFolder = options.adapterFolder;
    this.#memoryBytes = options.memoryBytes ?? totalmem();
    this.#settings = {
      folder: options.folder,
      hubUrl: options.hubUrl ?? environment['HF_ENDPOINT'] ?? publicHub,
      findIndex: options.findIndex ?? (() => findIndex(environment)),
      times: options.times ?? defaultSourceTimes,
      freeBytes: options.freeBytes ?? freeDiskBytes,
      log: options.log ?? silentLogger,
    };
  }

  async list(): Promise<readonly ModelListing[]> {
    const own = await readOwnModels(this.folder);
    const models = await Promise.all(this.catalog.models.map((entry) => this.#listCatalogModel(entry)));
    const ownModels = await Promise.all(own.filter(({ kind }) => kind === 'model').map((entry) => this.#listOwn(entry)));
    const bases = [...models, ...ownModels].filter(({ state }) => state === 'ready');
    const adapters = [...this.#catalogAdapters(), ...own.filter(({ kind }) => kind === 'adapter')];
    return [...models, ...ownModels, ...(await Promise.all(adapters.map((entry) => this.#listAdapter(entry, bases))))];
  }

  /** Fetches a catalogue model; returns at once when it is there and right. A cancelled or broken fetch can be continued. */
  async fetch(
    id: string,
    token: CancellationToken = neverCancelled,
    onProgress: (progress: FetchProgress) => void = () => undefined,
  ): Promise<string> {
    return fetchModel(findCatalogModel(this.catalog, id), this.#settings, token, onProgress);
  }

  /** Reads the whole file and compares its sum; for the user's own models, checks that the header is whole. */
  async verify(
    id: string,
    token: CancellationToken = neverCancelled,
    onBytes?: (bytes: number) => void,
  ): Promise<{ path: string; sha256: string }> {
    const known = await this.#find(id);
    await this.#requirePresent(known);
    const sha256 = await fileSum(known.path, token, onBytes);
    if (known.entry?.sha256 !== undefined && known.entry.sha256 !== sha256) {
      await removeMark(known.path);
      throw new JoineryError('model.wrongSum', { id, path: known.path, reasons: [] });
    }
    await readGgufHeader(known.path);
    await writeMark(known.path, sha256);
    return { path: known.path, sha256 };
  }

  /** Deletes a catalogue model with its leftovers; forgets an own one without touching its file. */
  async remove(id: string): Promise<void> {
    const own = await readOwnModels(this.folder);
    if (own.some((entry) => entry.id === id)) return writeOwnModels(this.folder, own.filter((entry) => entry.id !== id)); // prettier-ignore
    const file = path.join(this.folder, findCatalogModel(this.catalog, id).file);
    for (const leftover of [file, `${file}.part`, `${file}.part.whl`]) await rm(leftover, { force: true });
    await removeMark(file);
  }

  /** Registers a GGUF file by path, model or adapter. The file is not copied. */
  async add(file: string, wantedId?: string): Promise<OwnModel> {
    const full = path.resolve(file);
    const header = await readGgufHeader(full);
    const kind = isAdapter(header) ? 'adapter' : 'model';
    if (kind === 'model') requireWriter(full, header);
    const id = wantedId ?? path.basename(full, '.gguf').toLowerCase();
    const own = await readOwnModels(this.folder);
    if (this.catalog.models.some((entry) => entry.id === id))
      throw new JoineryError('config.invalid', { path: full, detail: `the id ${id} is taken` });
    const added: OwnModel = { kind, id, path: full };
    await writeOwnModels(this.folder, [...own.filter((entry) => entry.id !== id), added]);
    return added;
  }

  /**
   * Checks everything that can be known before loading: present, whole, right sum (read once, then remembered), an
   * architecture that writes, enough memory, an adapter of this base. `model` is an id or a path; undefined takes the default.
   * Without an `adapter` a model of the catalogue has the one that comes with it; `none` is the model as it was fetched.
   */
  async resolve(model: string = this.catalog.default, adapter?: string): Promise<ResolvedModel> {
    const known = await this.#find(model);
    await this.#requirePresent(known);
    const header = await readGgufHeader(known.path);
    requireWriter(known.id, header);
    await this.#requireSum(known);
    const bytes = await fileSize(known.path);
    if (bytes > this.#memoryBytes) throw new JoineryError('model.tooBig', { id: known.id, needBytes: bytes, haveBytes: this.#memoryBytes });
    const resolved = { id: known.id, path: known.path, promptVersion: known.entry?.promptVersion ?? ownPromptVersion };
    const chosen = adapter ?? (await this.#shippedAdapter(known));
    if (chosen === undefined || chosen === noAdapter) return resolved;
    return { ...resolved, adapter: await this.#requireAdapter(chosen, known, header) };
  }

  /** A package without its adapters answers as the model came. */
  async #shippedAdapter({ id, entry }: Known): Promise<string | undefined> {
    const shipped = entry && this.#catalogAdapters().find((adapter) => adapter.entry.base === id && adapter.entry.isDefault);
    return shipped && (await fileSize(shipped.path)) > 0 ? shipped.id : undefined;
  }

  async #find(id: string): Promise<Known> {
    const entry = this.catalog.models.find((candidate) => candidate.id === id);
    if (entry) return { id, path: path.join(this.folder, entry.file), entry };
    const own = (await readOwnModels(this.folder)).find((candidate) => candidate.id === id && candidate.kind === 'model');
    if (own) return { id, path: own.path };
    if (id.endsWith('.gguf')) return { id: path.basename(id, '.gguf'), path: path.resolve(id) };
    throw new JoineryError('model.unknown', { id, known: this.catalog.models.map((candidate) => candidate.id) });
  }

  async #requirePresent({ id, path: file, entry }: Known): Promise<void> {
    const size = await fileSize(file);
    if (size === 0) throw new JoineryError('model.missing', { id, path: file });
    if (entry?.bytes !== undefined && size !== entry.bytes)
      throw new JoineryError('model.truncated', { id, path: file, bytes: size, wantedBytes: entry.bytes });
  }

  async #requireSum({ id, path: file, entry }: Known): Promise<void> {
    if (entry?.sha256 === undefined || (await readMark(file)) === entry.sha256) return;
    const sum = await fileSum(file, neverCancelled);
    if (sum !== entry.sha256) throw new JoineryError('model.wrongSum', { id, path: file, reasons: [] });
    await writeMark(file, sum);
  }

  async #requireAdapter(adapter: string, base: Known, header: GgufHeader): Promise<NonNullable<ResolvedModel['adapter']>> {
    const listed = this.#catalogAdapters().find(({ id }) => id === adapter);
    const own = (await readOwnModels(this.folder)).find(({ id, kind }) => id === adapter && kind === 'adapter');
    const file = listed?.path ?? own?.path ?? (adapter.endsWith('.gguf') ? path.resolve(adapter) : undefined);
    if (file === undefined) throw new JoineryError('model.unknown', { id: adapter, known: this.#catalogAdapters().map(({ id }) => id) });
    const written = await readGgufHeader(file);
    const problem = adapterProblem(written, header, base.entry?.sha256);
    const version = writtenPromptVersion(written);
    if (problem === undefined && (listed === undefined || listed.entry.base === base.id))
      return {
        id: adapter,
        path: file,
        ...(version === undefined ? {} : { promptVersion: version }),
        ...(listed?.entry.secondOpinion === true ? { secondOpinion: true } : {}),
      };
    throw new JoineryError('model.adapterMismatch', { id: adapter, base: base.id, reason: problem ?? 'base' });
  }

  #catalogAdapters(): readonly { kind: 'adapter'; id: string; path: string; entry: CatalogAdapter }[] {
    const folder = this.#adapterFolder;
    if (folder === undefined) return [];
    return this.catalog.adapters.map((entry) => ({ kind: 'adapter', id: entry.id, path: path.join(folder, entry.file), entry }));
  }

  async #listCatalogModel(entry: CatalogModel): Promise<ModelListing> {
    const file = path.join(this.folder, entry.file);
    const present = await fileSize(file);
    const partial = await fileSize(`${file}.part`);
    const whole = present > 0 && (entry.bytes === undefined || present === entry.bytes);
    return {
      kind: 'model',
      id: entry.id,
      title: entry.title,
      path: file,
      bytes: entry.bytes ?? entry.approximateBytes ?? 0,
      presentBytes: present || partial,
      state: whole ? 'ready' : present > 0 ? 'damaged' : partial > 0 ? 'partial' : 'missing',
      own: false,
      isDefault: entry.id === this.catalog.default,
      licence: entry.licence,
      note: entry.note,
      fits: [],
    };
  }

  async #listOwn(entry: OwnModel): Promise<ModelListing> {
    const bytes = await fileSize(entry.path);
    const state = bytes === 0 ? 'missing' : await readGgufHeader(entry.path).then(() => 'ready' as const, () => 'damaged' as const); // prettier-ignore
    const fixed = { own: true, isDefault: false, licence: '', note: '', fits: [] };
    return {
      ...fixed,
      kind: entry.kind,
      id: entry.id,
      title: path.basename(entry.path),
      path: entry.path,
      bytes,
      presentBytes: bytes,
      state,
    };
  }

  async #listAdapter(
    entry: OwnModel | { kind: 'adapter'; id: string; path: string; entry: CatalogAdapter },
    bases: readonly ModelListing[],
  ): Promise<ModelListing> {
    const listing = await this.#listOwn(entry);
    const listed = 'entry' in entry ? entry.entry : undefined;
    const shown = listed ? { ...listing, own: false, title: listed.title } : listing;
    if (listing.state !== 'ready') return shown;
    const header = await readGgufHeader(entry.path);
    const fits: string[] = [];
    for (const base of bases) {
      const sum = this.catalog.models.find(({ id }) => id === base.id)?.sha256;
      const allowed = listed === undefined || listed.base === base.id;
      if (allowed && adapterProblem(header, await readGgufHeader(base.path), sum) === undefined) fits.push(base.id);
    }
    return { ...shown, fits };
  }
}

function requireWriter(id: string, header: GgufHeader): void {
  const architecture = header.metadata.get('general.architecture');
  if (typeof architecture !== 'string' || silentArchitectures.has(architecture) || isAdapter(header)) {
    throw new JoineryError('model.badArchitecture', { id, architecture: String(architecture ?? 'none') });
  }
}
