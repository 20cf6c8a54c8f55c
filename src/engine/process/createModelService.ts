/**
 * The model process as a service: started on demand, checked for its version, restarted when it died (within limits) and
 * on the CPU when the GPU failed, stopped when idle. It holds no model itself and keeps no answers.
 */
import { type PromptPrefix } from '../../core/nl2sql/renderPrompt.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type ErrorCode, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { type Logger, silentLogger } from '../../core/shared/logger.js';
import {
  type GenerateParams,
  type GenerateResult,
  type GpuChoice,
  type InitializeParams,
  methods,
  type ModelFacts,
  protocolVersion,
  type RuntimeFacts,
} from '../../protocol/modelProcess.js';
import { candidateNoticeOf, generateResultOf, modelFactsOf, runtimeFactsOf, tokenCountOf } from '../../protocol/checkMessages.js';
import { sameModel } from '../../protocol/sameModel.js';
import { ModelChild } from './childProcess.js';
import { type RequestTurn, RequestTurns } from './requestTurns.js';
import { type GenerateListener, type ModelService, type ModelSettings } from './types.js';

export interface ModelServiceOptions {
  /** Path of the bundled model process. */
  readonly inferencePath: string;
  /** Folder for saved prompt states; absent keeps them in memory only. */
  readonly stateFolder?: string;
  readonly gpu?: GpuChoice;
  /** Folder with fetched libraries of the runtime; looked at whenever the process starts. */
  readonly packFolder?: string;
  /** Upper bound on compute threads; 0 takes the physical cores, all but one when there are more than two. */
  readonly maxThreads?: number;
  readonly log?: Logger;
  readonly env?: Readonly<Record<string, string>>;
  /** Program that runs the file; the running Node when absent. */
  readonly command?: string;
  /** Milliseconds until the process must have answered its first message. */
  readonly startupMs?: number;
  /** How many milliseconds later than its own deadline a request may answer before the process counts as hung and is ended. */
  readonly graceMs?: number;
  /** Milliseconds without a call after which the process is ended; 0 keeps it. */
  readonly idleMs?: number;
}

const defaultStartupMs = 60_000;
const loadMs = 300_000;
/** A request without a deadline of its own ends here: nothing waits for ever. */
const longestRequestMs = 900_000;
const defaultGraceMs = 10_000;
const defaultIdleMs = 600_000;
/** More deaths than this within the window, and the process is not started again until the window has passed. */
const mostDeaths = 4;
const deathWindowMs = 60_000;
/** What is tried when memory does not suffice: enough for a few samples, then for a single answer on a small schema. */
const fewSequences = 4;
const shortContext = 2_048;
/** How often a question that only waited is asked again when the process dies over another one. */
const mostRetries = 2;
const deaths: readonly ErrorCode[] = ['process.died', 'process.outOfMemory'];

export function createModelService(options: ModelServiceOptions): ModelService {
  return new RestartingModelService(options);
}

interface Running {
  readonly child: ModelChild;
  readonly facts: RuntimeFacts;
  loaded: { readonly settings: ModelSettings; readonly facts: ModelFacts } | undefined;
}

class RestartingModelService implements ModelService {
  readonly #log: Logger;
  readonly #listeners = new Map<string, (params: unknown) => void>();
  readonly #deaths: number[] = [];
  #starting: Promise<Running> | undefined;
  #loading: Promise<ModelFacts> | undefined;
  #settings: ModelSettings | undefined;
  #gpu: GpuChoice;
  #gpuProblem: string | undefined;
  readonly #turns = new RequestTurns();
  #requests = 0;
  #active = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ModelServiceOptions) {
    this.#log = options.log ?? silentLogger;
    this.#gpu = options.gpu ?? 'auto';
  }

  load(settings: ModelSettings, token?: CancellationToken): Promise<ModelFacts> {
    return this.#used(async () => {
      this.#settings = settings;
      return this.#load(settings, token);
    });
  }

  /** `asked` is what memory allows of the settings: less than wanted after a process died for want of it. */
  async #load(settings: ModelSettings, token?: CancellationToken, asked = settings): Promise<ModelFacts> {
    const running = await this.#running();
    if (running.loaded && sameModel(running.loaded.settings, settings)) return running.loaded.facts;
    try {
      const facts = modelFactsOf(
        await running.child.request(methods.loadModel, asked, { deadlineMs: loadMs, ...(token ? { token } : {}) }),
      );
      running.loaded = { settings, facts };
      return facts;
    } catch (error) {
      if (this.#blamesGpu(error, running.facts)) {
        await this.#restartOnCpu(running.child, error);
        return this.#load(settings, token);
      }
      const smaller = running.child.isGone && isJoineryError(error) && error.code === 'process.outOfMemory' ? withLess(asked) : undefined;
      if (!smaller) throw error;
      this.#log.log('warn', 'process', `not enough memory: ${smaller.sequences} × ${smaller.contextSize} tokens are tried`);
      return this.#load(settings, token, smaller);
    }
  }

  generate(params: Omit<GenerateParams, 'requestId'>, listener: GenerateListener = {}, token?: CancellationToken): Promise<GenerateResult> {
    return this.#used(async () => {
      for (let left = mostRetries; ; left--) {
        const running = await this.#loaded();
        const turn = this.#turns.enter(running.child, params.priority);
        try {
          return await this.#generate(running, turn, params, listener, token);
        } catch (error) {
          const hasDied = isJoineryError(error) && deaths.includes(error.code);
          if (!hasDied || !this.#turns.onlyWaited(turn) || left === 0) throw error;
          this.#log.log('info', 'process', 'a question that had only waited is asked again');
        } finally {
          this.#turns.leave(turn);
        }
      }
    });
  }

  async #generate(
    running: Running,
    turn: RequestTurn,
    params: Omit<GenerateParams, 'requestId'>,
    listener: GenerateListener,
    token?: CancellationToken,
  ): Promise<GenerateResult> {
    const requestId = `r${++this.#requests}`;
    this.#listeners.set(requestId, (notice) => {
      turn.heard = true;
      const candidate = candidateNoticeOf(notice).candidate;
      if (listener.onCandidate?.(candidate) === 'enough') running.child.notify(methods.enough, { requestId });
    });
    const deadlineMs = params.deadlineMs > 0 ? params.deadlineMs + (this.options.graceMs ?? defaultGraceMs) : longestRequestMs;
    try {
      return generateResultOf(
        await running.child.request(methods.generate, { ...params, requestId }, { deadlineMs, ...(token ? { token } : {}) }),
      );
    } catch (error) {
      // It did not even keep its own deadline: a hung process would hold its memory for ever.
      if (isJoineryError(error) && error.code === 'process.deadline') running.child.kill();
      throw error;
    } finally {
      this.#listeners.delete(requestId);
    }
  }

  async readAhead(start: PromptPrefix, token?: CancellationToken): Promise<void> {
    const nothing = { rest: [], stop: [], maxTokens: 0, candidates: 0, temperature: 0, seed: 0, deadlineMs: 0 };
    await this.generate({ ...nothing, prefix: start.prefix, prefixKey: start.prefixKey, priority: 'batch' }, {}, token);
  }

  facts(): Promise<RuntimeFacts> {
    return this.#used(async () => (await this.#running()).facts);
  }

  tokenCount(text: string): Promise<number> {
    return this.#used(async () =>
      tokenCountOf(await (await this.#loaded()).child.request(methods.tokenCount, { text }, { deadlineMs: longestRequestMs })),
    );
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const starting = this.#starting;
    this.#starting = undefined;
    if (!starting) return;
    const running = await starting.catch(() => undefined);
    await running?.child.end();
  }

  /** The running process with the model that was last asked for, loaded again after a restart. */
  async #loaded(): Promise<Running> {
    const running = await this.#running();
    const settings = this.#settings;
    if (!settings) throw new JoineryError('model.missing', {});
    if (running.loaded && sameModel(running.loaded.settings, settings)) return running;
    this.#loading ??= this.#load(settings).finally(() => (this.#loading = undefined));
    await this.#loading;
    return this.#running();
  }

  #running(): Promise<Running> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #start(): Promise<Running> {
    this.#checkDeaths();
    const child = this.#spawn();
    const params: InitializeParams = {
      protocolVersion,
      gpu: this.#gpu,
      maxThreads: this.options.maxThreads ?? 0,
      ...(this.options.stateFolder === undefined ? {} : { stateFolder: this.options.stateFolder }),
      ...(this.options.packFolder === undefined ? {} : { packFolder: this.options.packFolder }),
    };
    try {
      const facts = runtimeFactsOf(
        await child.request(methods.initialize, params, { deadlineMs: this.options.startupMs ?? defaultStartupMs }),
      );
      if (facts.protocolVersion !== protocolVersion)
        throw new JoineryError('process.wrongVersion', { expected: protocolVersion, found: facts.protocolVersion });
      const problem = facts.gpuProblem ?? this.#gpuProblem;
      return { child, facts: problem === undefined ? facts : { ...facts, gpuProblem: problem }, loaded: undefined };
    } catch (error) {
      child.kill();
      if (this.#gpu !== 'off' && isJoineryError(error) && deaths.includes(error.code)) {
        this.#blameGpu(error);
        return this.#start();
      }
      throw startError(error);
    }
  }

  #spawn(): ModelChild {
    const child: ModelChild = new ModelChild({
      command: this.options.command ?? process.execPath,
      args: [this.options.inferencePath],
      env: this.options.env ?? {},
      log: this.#log,
      onExit: (detail) => void this.#onExit(child, detail),
      onNotification: (method, params) => {
        if (method === methods.candidate) this.#listeners.get(candidateNoticeOf(params).requestId)?.(params);
      },
    });
    return child;
  }

  async #onExit(child: ModelChild, detail: string): Promise<void> {
    const starting = this.#starting;
    const running = await starting?.catch(() => undefined);
    if (running?.child !== child || this.#starting !== starting) return;
    this.#starting = undefined;
    this.#deaths.push(performance.now());
    this.#log.log('warn', 'process', `the model process ended (${detail}); the next call starts it again`);
  }

  #checkDeaths(): void {
    const since = performance.now() - deathWindowMs;
    const recent = this.#deaths.filter((at) => at > since);
    this.#deaths.splice(0, this.#deaths.length, ...recent);
    if (recent.length >= mostDeaths)
      throw new JoineryError('process.startFailed', { detail: `it ended ${recent.length} times within a minute` });
  }

  #blamesGpu(error: unknown, facts: RuntimeFacts): boolean {
    if (facts.gpu === 'none' || this.#gpu === 'off' || !isJoineryError(error)) return false;
    return ['process.died', 'process.outOfMemory', 'internal'].includes(error.code);
  }

  async #restartOnCpu(child: ModelChild, error: unknown): Promise<void> {
    this.#blameGpu(error);
    this.#starting = undefined;
    await child.end();
  }

  #blameGpu(error: unknown): void {
    this.#gpuProblem = isJoineryError(error) ? String(error.details['detail'] ?? error.details['reason'] ?? error.code) : String(error);
    this.#log.log('warn', 'process', `the GPU failed (${this.#gpuProblem}); the CPU is used from now on`);
    this.#gpu = 'off';
  }

  /** Counts calls, so that the process is ended only when nobody has needed it for a while. */
  async #used<T>(work: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idleTimer);
    this.#active++;
    try {
      return await work();
    } finally {
      this.#active--;
      this.#watchIdle();
    }
  }

  #watchIdle(): void {
    const idleMs = this.options.idleMs ?? defaultIdleMs;
    if (this.#active > 0 || idleMs <= 0) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#log.log('info', 'process', 'idle: the model process is ended');
      this.stop().catch((error: unknown) => this.#log.log('warn', 'process', 'idle stop failed', error));
    }, idleMs);
    this.#idleTimer.unref();
  }
}

/** llama.cpp gives up on the whole process when it gets some of its memory but not the rest. */
function withLess({ sequences, contextSize, ...rest }: ModelSettings): ModelSettings | undefined {
  if (sequences > fewSequences) return { ...rest, contextSize, sequences: fewSequences };
  if (sequences > 1 || contextSize > shortContext) return { ...rest, sequences: 1, contextSize: Math.min(contextSize, shortContext) };
  return undefined;
}

/** A process that dies or is silent before its first answer could not be started. */
function startError(error: unknown): unknown {
  if (!isJoineryError(error) || !['process.died', 'process.deadline', 'internal'].includes(error.code)) return error;
  return new JoineryError(
    'process.startFailed',
    { detail: String(error.details['detail'] ?? error.details['reason'] ?? error.code) },
    error,
  );
}
