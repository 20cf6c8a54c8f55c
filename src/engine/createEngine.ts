/** The product without an editor, wired by hand: catalogue, model store, model process and the ask pipeline. Faces build on this. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promptKindOf, promptVersionOf } from '../core/nl2sql/promptStyle.js';
import { type Ranker } from '../core/nl2sql/rankCandidates.js';
import { JoineryError } from '../core/shared/errors.js';
import { type Logger, silentLogger } from '../core/shared/logger.js';
import { type CancellationToken } from '../core/shared/cancellation.js';
import { type GpuChoice } from '../protocol/modelProcess.js';
import { type ModelPermission } from './agents/modelPermission.js';
import { AskService } from './ask/askService.js';
import { readDemonstrations } from './ask/demonstrationStore.js';
import { findRanker, readRanker } from './ask/rankerFile.js';
import { type Catalogue } from './catalogue/types.js';
import { WorkspaceGraph } from './catalogue/workspaceGraph.js';
import { createCatalogue } from './catalogue/createCatalogue.js';
import { ModelStore } from './models/modelStore.js';
import { findRegistry } from './models/npmRegistry.js';
import { packFolderOf, RuntimePacks } from './models/runtimePacks.js';
import { type FetchProgress, type ResolvedModel } from './models/types.js';
import { createModelService } from './process/createModelService.js';
import { type LoadedModel, type ModelService, type ModelSettings } from './process/types.js';
import { createRemoteModel } from './remote/createRemoteModel.js';
import { type ServerSettings } from './remote/serverSettings.js';

export interface EngineOptions {
  /** Caches of schemas, value indexes and prompt states. */
  readonly stateFolder: string;
  readonly modelFolder: string;
  /** Adapters that come with the product; absent knows the user's own only. */
  readonly adapterFolder?: string;
  /** Ranker that chooses among candidates; absent takes `ranker.json` beside the folder of adapters, or the vote. */
  readonly ranker?: string;
  /** Path of the bundled model process. */
  readonly inferencePath: string;
  /** Catalogue id or a path of the user's own GGUF; absent takes the store's default. */
  readonly model?: string;
  readonly adapter?: string;
  readonly gpu?: GpuChoice;
  readonly maxThreads?: number;
  readonly log?: Logger;
  /** Folder that holds `.joinery`; absent takes the folder of each database. */
  readonly workspaceFolder?: string;
  /** What the model may see of a database; undefined where nothing was said: then everything, or the schema for a model elsewhere. */
  readonly permissionOf?: (database: string) => ModelPermission | undefined;
  /** A server that answers instead of the model process. */
  readonly server?: ServerSettings;
  /** Extra environment of the model process, such as ELECTRON_RUN_AS_NODE. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Engine {
  readonly catalogue: Catalogue;
  /** All databases of the workspace in one graph; it holds what its last refresh was given. */
  readonly workspace: WorkspaceGraph;
  readonly models: ModelStore;
  /** Libraries of the runtime that do not ship, such as those for CUDA. */
  readonly packs: RuntimePacks;
  readonly model: ModelService;
  readonly ask: AskService;
  /** The ranker that chooses among candidates, read once; undefined for the vote. */
  readonly findRanker: () => Promise<Ranker | undefined>;
  /** Loads the chosen model into the process; throws `model.missing` when it was not fetched. */
  loadModel(token?: CancellationToken): Promise<LoadedModel>;
  /** Fetches a pack, with the user's consent, and ends the model process: the next question starts one that finds the pack. */
  fetchPack(id: string, token?: CancellationToken, onProgress?: (progress: FetchProgress) => void): Promise<void>;
  dispose(): Promise<void>;
}

/** Tokens of one sequence: a schema of about 1,800 tokens, the worked examples, a question and an answer fit. */
const contextSize = 4096;
/** One greedy answer, seven samples, and kept prefixes of other databases. */
const sequences = 12;

export function createEngine(options: EngineOptions): Engine {
  const log = options.log ?? silentLogger;
  const adapterFolder = options.adapterFolder === undefined ? {} : { adapterFolder: options.adapterFolder };
  const models = new ModelStore({ folder: options.modelFolder, ...adapterFolder, log });
  const packs = new RuntimePacks({ modelFolder: options.modelFolder, findRegistry: () => findRegistry(process.env, homedir()) });
  const catalogue = createCatalogue({
    stateFolder: options.stateFolder,
    log,
    ...(options.workspaceFolder === undefined ? {} : { workspaceFolder: options.workspaceFolder }),
  });
  const model = makeModel(options, log);
  const loadModel = modelLoader(options, models, model);
  const permissionOf = (database: string): ModelPermission =>
    options.permissionOf?.(database) ?? (options.server ? 'schema' : 'schemaAndSamples');
  const ranker = rankerFinder(options, log);
  const ask = new AskService(catalogue, model, {
    loadModel,
    readDemonstrations: (database) => readDemonstrations(options.workspaceFolder ?? dirname(database), database, log),
    permissionOf,
    findRanker: ranker,
    log,
    now: () => performance.now(),
  });
  const fetchPack: Engine['fetchPack'] = async (id, token, onProgress) => {
    await packs.fetch(id, token, onProgress);
    await model.stop();
  };
  const dispose = async (): Promise<void> => {
    await model.stop();
    await catalogue.close();
  };
  return {
    catalogue,
    workspace: new WorkspaceGraph(catalogue),
    models,
    packs,
    model,
    ask,
    findRanker: ranker,
    loadModel,
    fetchPack,
    dispose,
  };
}

/** Loads the chosen model, and says which prompts it or its adapter was made for. */
function modelLoader(options: EngineOptions, models: ModelStore, model: ModelService): Engine['loadModel'] {
  return async (token) => {
    const chosen = options.server ? undefined : await models.resolve(options.model, options.adapter);
    const settings = chosen ? settingsOf(chosen) : serverModelSettings;
    const kind = promptKindOf(settings.promptVersion);
    return {
      ...(await model.load(settings, token)),
      ...(kind ? { promptStyle: kind.style, promptTarget: kind.target } : {}),
      ...(chosen?.adapter?.secondOpinion === true ? { secondOpinion: true } : {}),
    };
  };
}

function makeModel(options: EngineOptions, log: Logger): ModelService {
  if (options.server) return createRemoteModel(options.server, log);
  return createModelService({
    inferencePath: options.inferencePath,
    stateFolder: options.stateFolder,
    packFolder: packFolderOf(options.modelFolder),
    gpu: options.gpu ?? 'auto',
    maxThreads: options.maxThreads ?? 0,
    log,
    ...(options.env ? { env: options.env } : {}),
  });
}

/** Reads the ranker with the first question; a file that was named and cannot be used is an error of that question. */
function rankerFinder({ ranker, adapterFolder }: EngineOptions, log: Logger): () => Promise<Ranker | undefined> {
  let found: Promise<Ranker | undefined> | undefined;
  return () => {
    if (ranker !== undefined) found ??= readRanker(ranker);
    else if (adapterFolder !== undefined) found ??= findRanker(join(adapterFolder, '..', 'ranker.json'), log);
    return found ?? Promise.resolve(undefined);
  };
}

/** A server knows its model itself. */
const serverModelSettings: ModelSettings = { modelPath: '', modelId: '', promptVersion: promptVersionOf('worked'), contextSize, sequences };

function settingsOf(chosen: ResolvedModel): ModelSettings {
  if (chosen.path === undefined) throw new JoineryError('model.missing', { model: chosen.id });
  const promptVersion = chosen.adapter?.promptVersion ?? promptVersionOf('worked');
  if (promptKindOf(promptVersion) === undefined)
    throw new JoineryError('model.adapterOutdated', { id: chosen.adapter?.id ?? chosen.id, version: promptVersion });
  return {
    modelPath: chosen.path,
    modelId: chosen.id,
    promptVersion,
    contextSize,
    sequences,
    ...(chosen.adapter ? { adapterPath: chosen.adapter.path, adapterId: chosen.adapter.id } : {}),
  };
}
