/** Answers the requests of the engine: owns the runtime, at most one loaded model and the queue. Speaks through handlers; knows no streams. */
import { stat } from 'node:fs/promises';
import { JoineryError } from '../core/shared/errors.js';
import { type Logger } from '../core/shared/logger.js';
import {
  type Candidate,
  type GenerateParams,
  type GenerateResult,
  type InitializeParams,
  type LoadModelParams,
  type ModelFacts,
  protocolVersion,
  type RuntimeFacts,
} from '../protocol/modelProcess.js';
import { answerRequest } from './answerRequest.js';
import { BatchPace, type PaceFacts } from './batchPace.js';
import { type LoadedModel, loadModel, withoutAdapter } from './loadModel.js';
import { sameModel } from '../protocol/sameModel.js';
import { PrefixStates } from './prefixStates.js';
import { RequestQueue } from './requestQueue.js';
import { type Runtime, startRuntime } from './runtime.js';
import { StopSignal } from './stopSignal.js';
import { WaitingDeadline } from './waitingDeadline.js';

interface Serving {
  readonly loaded: LoadedModel;
  readonly states: PrefixStates;
  readonly pace: BatchPace;
}

export interface GenerateCall {
  readonly onCandidate: (candidate: Candidate) => void;
  /** Called once with the way to stop the request. */
  readonly onStart: (signal: StopSignal) => void;
}

const disposeMs = 500;

export class ModelServer {
  readonly #queue = new RequestQueue();
  readonly #signals = new Map<string, StopSignal>();
  #runtime: Runtime | undefined;
  #stateFolder: string | undefined;
  #serving: Serving | undefined;
  /** The same model without its adapter, from the first second opinion on. */
  #second: Serving | undefined;

  constructor(
    private readonly log: Logger,
    private readonly now: () => number,
  ) {}

  async initialize(params: InitializeParams): Promise<RuntimeFacts> {
    if (params.protocolVersion !== protocolVersion)
      throw new JoineryError('process.wrongVersion', { expected: params.protocolVersion, found: protocolVersion });
    this.#stateFolder = params.stateFolder;
    this.#runtime ??= await startRuntime(params, this.log);
    return this.#runtime.facts;
  }

  /** A model that is already loaded as wanted stays; another one waits for all running answers, which must not lose theirs. */
  async loadModel(params: LoadModelParams): Promise<ModelFacts> {
    if (this.#serving && sameModel(this.#serving.loaded.params, params)) return this.#serving.loaded.facts;
    return this.#queue.run('batch', () => this.#load(params));
  }

  async #load(params: LoadModelParams): Promise<ModelFacts> {
    const runtime = this.#runtime;
    if (!runtime) throw new JoineryError('process.startFailed', { reason: 'not initialised' });
    if (this.#serving && sameModel(this.#serving.loaded.params, params)) return this.#serving.loaded.facts;
    await this.#unload();
    const loaded = await loadModel(runtime, params, this.log, this.now);
    this.#serving = await this.#serve(loaded, runtime);
    return loaded.facts;
  }

  async #serve(loaded: LoadedModel, runtime: Runtime): Promise<Serving> {
    const { modelPath, adapterPath } = loaded.params;
    const stamp = await fileStamp([modelPath, ...(adapterPath === undefined ? [] : [adapterPath])]);
    return {
      loaded,
      states: new PrefixStates(this.#stateFolder, loaded.params, stamp, this.log),
      pace: new BatchPace(paceFacts(loaded, runtime), this.now),
    };
  }

  async #servingFor({ withoutAdapter: second }: GenerateParams): Promise<Serving> {
    const [runtime, serving] = [this.#runtime, this.#serving];
    if (!runtime || !serving) throw new JoineryError('model.missing', {});
    if (second !== true || serving.loaded.params.adapterPath === undefined) return serving;
    this.#second ??= await this.#serve(await withoutAdapter(runtime, serving.loaded, this.log), runtime);
    return this.#second;
  }

  unloadModel(): Promise<void> {
    return this.#queue.run('batch', () => this.#unload());
  }

  async #unload(): Promise<void> {
    const [serving, second] = [this.#serving, this.#second];
    this.#serving = this.#second = undefined;
    if (!serving) return;
    await second?.loaded.context.dispose();
    await serving.loaded.context.dispose();
    await serving.loaded.model.dispose();
  }

  async generate(params: GenerateParams, call: GenerateCall): Promise<GenerateResult> {
    const arrived = this.now();
    const stop = new StopSignal(params.deadlineMs > 0 ? arrived + params.deadlineMs : 0, this.now);
    this.#signals.set(params.requestId, stop);
    call.onStart(stop);
    let started = false;
    const answer = async (): Promise<GenerateResult> => {
      started = true;
      const queueMs = this.now() - arrived;
      const serving = await this.#servingFor(params);
      const giveWay = (): Promise<void> => this.#queue.giveWay(params.priority);
      return answerRequest(params, { ...serving, stop, giveWay, onCandidate: call.onCandidate, now: this.now, queueMs });
    };
    const waiting = new WaitingDeadline(params.deadlineMs, () => !started);
    try {
      return await Promise.race([this.#queue.run(params.priority, answer), waiting.passed]);
    } finally {
      waiting.dispose();
      this.#signals.delete(params.requestId);
    }
  }

  enough(requestId: string): void {
    this.#signals.get(requestId)?.stop('enough');
  }

  tokenCount(text: string): number {
    if (!this.#serving) throw new JoineryError('model.missing', {});
    return this.#serving.loaded.model.tokenize(text, false).length;
  }

  /** Stops what runs and gives everything back. */
  async shutdown(): Promise<void> {
    for (const signal of this.#signals.values()) signal.stop('cancelled');
    await this.unloadModel();
    const runtime = this.#runtime;
    this.#runtime = undefined;
    // After a failed load the runtime never finishes disposing itself; the end of the process frees everything anyway.
    if (runtime) await Promise.race([runtime.llama.dispose(), new Promise((resolve) => setTimeout(resolve, disposeMs).unref())]);
  }
}

function paceFacts(loaded: LoadedModel, runtime: Runtime): PaceFacts {
  return {
    largest: loaded.context.batchSize,
    threads: runtime.facts.threads,
    onGpu: runtime.facts.gpu !== 'none',
    rowWidth: loaded.model.embeddingVectorSize,
  };
}

/** Size and time of files: a state saved for an exchanged model must not be loaded. */
async function fileStamp(paths: readonly string[]): Promise<string> {
  const facts = await Promise.all(paths.map((path) => stat(path)));
  return facts.map(({ size, mtimeMs }) => `${size}:${mtimeMs}`).join('|');
}
