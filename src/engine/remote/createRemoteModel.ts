/**
 * A team's server behind the same port as the model process: one greedy answer and samples over HTTP, handed on as they arrive, so that the
 * same verification, votes and limits apply. Sends nothing before the user has agreed; keeps no answers.
 */
import { type CancellationToken, CancellationSource, neverCancelled } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { type Logger, silentLogger } from '../../core/shared/logger.js';
import {
  type Candidate,
  type GenerateParams,
  type GenerateResult,
  type ModelFacts,
  protocolVersion,
  type RuntimeFacts,
} from '../../protocol/modelProcess.js';
import { type GenerateListener, type ModelService } from '../process/types.js';
import { continuationOf, statementOf } from './answerText.js';
import { chatMessages, withBegun } from './chatMessages.js';
import { type Completion, type CompletionRequest, ServerClient, type ServerFacts } from './serverClient.js';
import { type ServerSettings } from './serverSettings.js';

/** Requests at once: servers share the prompt between them, and other people use the server too. */
const mostAtOnce = 4;
const longestRequestMs = 900_000;
const usualContext = 4096;
/** Characters of a token, roughly; only budgets depend on it. */
const charactersPerToken = 3;

export function createRemoteModel(settings: ServerSettings, log: Logger = silentLogger): ModelService {
  return new RemoteModel(settings, log);
}

type GenerateRequest = Omit<GenerateParams, 'requestId'>;

class RemoteModel implements ModelService {
  readonly #client: ServerClient;
  #facts: Promise<ServerFacts> | undefined;
  /** Learnt from a refusal: the server takes no grammar. */
  #withoutGrammar = false;

  constructor(
    private readonly settings: ServerSettings,
    private readonly log: Logger,
  ) {
    this.#client = new ServerClient(settings);
  }

  async load(_settings?: unknown, token: CancellationToken = neverCancelled): Promise<ModelFacts> {
    const started = performance.now();
    const { model, contextSize } = await this.#serverFacts(token);
    return {
      architecture: model,
      parameters: 0,
      vocabularySize: 0,
      contextSize: contextSize ?? usualContext,
      sequences: mostAtOnce,
      chatTemplate: 'chatml',
      loadMs: performance.now() - started,
    };
  }

  async generate(
    params: GenerateRequest,
    listener: GenerateListener = {},
    token: CancellationToken = neverCancelled,
  ): Promise<GenerateResult> {
    const facts = await this.#serverFacts(token);
    const run = new RemoteRun(params, listener);
    const deadline = params.deadlineMs > 0 ? params.deadlineMs : longestRequestMs;
    const stop = new CancellationSource();
    const link = token.onCancellationRequested(() => stop.cancel());
    const timer = setTimeout(() => stop.cancel(), deadline);
    try {
      const work = async (): Promise<void> => {
        for (let at = run.next(); at !== undefined && !stop.token.isCancellationRequested; at = run.next()) {
          const completion = await this.#complete(facts, params, at, deadline, stop.token);
          if (run.take(at, completion) === 'enough') stop.cancel();
        }
      };
      await Promise.all(Array.from({ length: Math.min(mostAtOnce, params.candidates) }, work));
    } catch (error) {
      stop.cancel();
      const isOver = isCancelled(error) || (isJoineryError(error) && error.code === 'process.deadline');
      if (token.isCancellationRequested) throw new JoineryError('cancelled', {}, error);
      // The deadline, or enough candidates: what has arrived counts.
      if (!isOver) throw error;
    } finally {
      clearTimeout(timer);
      link.dispose();
    }
    return run.result();
  }

  /** The first question costs a grammar's refusal at most once. */
  async #complete(
    facts: ServerFacts,
    params: GenerateRequest,
    at: number,
    timeoutMs: number,
    token: CancellationToken,
  ): Promise<Completion> {
    const request = completionRequest(facts, params, at, this.#withoutGrammar);
    try {
      return await this.#client.complete(request, timeoutMs, token);
    } catch (error) {
      if (!request.grammar || !isJoineryError(error) || error.code !== 'server.refused' || !isAboutRequest(error)) throw error;
      this.#withoutGrammar = true;
      this.log.log('warn', 'server', `the server takes no grammar; it is asked without: ${String(error.details['detail'])}`);
      return this.#client.complete(completionRequest(facts, params, at, true), timeoutMs, token);
    }
  }

  async #serverFacts(token: CancellationToken): Promise<ServerFacts> {
    const { agree, url } = this.settings;
    if (agree && !(await agree(url))) throw new JoineryError('server.notAllowed', { url });
    this.#facts ??= this.#client.facts(token).catch((error: unknown) => {
      this.#facts = undefined;
      throw error;
    });
    return this.#facts;
  }

  async facts(): Promise<RuntimeFacts> {
    const { model, constraints } = await this.#serverFacts(neverCancelled);
    return {
      protocolVersion,
      runtimeVersion: `${this.settings.url} (${model})`,
      llamaRelease: constraints === 'none' ? 'without grammar' : constraints,
      gpu: 'none',
      gpuNames: [],
      vramBytes: 0,
      threads: 0,
      cudaReady: false,
      cudaLibraries: 'none',
    };
  }

  tokenCount(text: string): Promise<number> {
    return Promise.resolve(Math.ceil(text.length / charactersPerToken));
  }

  /** There is no process to end; the next question looks at the server again. */
  stop(): Promise<void> {
    this.#facts = undefined;
    return Promise.resolve();
  }
}

/** A refusal of what was sent, not of who sent it. */
function isAboutRequest(error: JoineryError): boolean {
  return [400, 422, 500, 501].includes(Number(error.details['status']));
}

function completionRequest(facts: ServerFacts, params: GenerateRequest, at: number, withoutGrammar: boolean): CompletionRequest {
  const kind = params.grammar === undefined || withoutGrammar ? 'none' : facts.constraints;
  const begun = params.begun ?? '';
  const messages = chatMessages([...params.prefix, ...params.rest]);
  return {
    model: facts.model,
    messages: begun === '' ? messages : withBegun(messages, begun),
    maxTokens: params.maxTokens,
    temperature: at === 0 ? 0 : params.temperature,
    seed: params.seed + at,
    // Without a grammar an answer begins with a fence, which must not end it.
    stop: kind === 'none' ? [';'] : params.stop,
    ...(kind === 'none' ? {} : { grammar: { kind, text: params.grammar ?? '' } }),
  };
}

/** The answers to one request: which sample is next, and what has arrived. */
class RemoteRun {
  readonly #candidates: Candidate[] = [];
  readonly #started = performance.now();
  #asked = 0;
  #promptTokens = 0;
  #tokens = 0;

  constructor(
    private readonly params: GenerateRequest,
    private readonly listener: GenerateListener,
  ) {}

  /** 0 is the greedy answer. */
  next(): number | undefined {
    return this.#asked < this.params.candidates ? this.#asked++ : undefined;
  }

  take(at: number, completion: Completion): 'more' | 'enough' {
    this.#promptTokens = Math.max(this.#promptTokens, completion.promptTokens);
    this.#tokens += completion.tokens;
    const begun = this.params.begun ?? '';
    const statement = statementOf(
      completion.text,
      this.params.stop.filter((stop) => stop !== '```'),
    );
    const text = begun === '' ? statement : continuationOf(statement, begun);
    const candidate: Candidate = {
      text: text ?? statement,
      count: 1,
      greedy: at === 0,
      logProbability: 0,
      sampledTokens: completion.tokens,
      forcedTokens: 0,
      // An answer that does not continue what was begun is as good as one that was cut off.
      finish: text === undefined ? 'length' : completion.finish,
    };
    this.#candidates.push(candidate);
    return this.listener.onCandidate?.(candidate) ?? 'more';
  }

  result(): GenerateResult {
    const stats = {
      prefixTokens: 0,
      prefixFrom: 'evaluated' as const,
      restTokens: this.#promptTokens,
      promptMs: 0,
      decodeMs: performance.now() - this.#started,
      evaluatedTokens: this.#tokens,
      sampledTokens: this.#tokens,
      forcedTokens: 0,
      grammarMs: 0,
      queueMs: 0,
    };
    return { candidates: this.#candidates, stats };
  }
}
