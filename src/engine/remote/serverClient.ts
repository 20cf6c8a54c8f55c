/**
 * One OpenAI-compatible server over HTTP: what it has and one completion at a time. Follows no redirect, so that the key goes nowhere else;
 * retries nothing. Failures are `server.*` errors.
 */
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type ChatMessage } from './chatMessages.js';
import { type ServerConstraints, type ServerSettings } from './serverSettings.js';

export interface ServerFacts {
  readonly model: string;
  readonly models: readonly string[];
  readonly constraints: ServerConstraints;
  /** Tokens of one request; absent when the server does not say. */
  readonly contextSize?: number;
}

export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly grammar?: { readonly kind: 'gbnf' | 'guided'; readonly text: string };
}

export interface Completion {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  readonly promptTokens: number;
  readonly tokens: number;
}

const factsMs = 10_000;
const longestDetail = 300;

export class ServerClient {
  constructor(private readonly settings: ServerSettings) {}

  get url(): string {
    return this.settings.url;
  }

  /** Throws `server.*`, also when the wanted model is not there. */
  async facts(token: CancellationToken): Promise<ServerFacts> {
    const list = field(await this.#request('/models', undefined, factsMs, token), 'data');
    const entries: readonly unknown[] = Array.isArray(list) ? list : [];
    const models = entries.map((entry) => field(entry, 'id')).filter((id) => typeof id === 'string');
    const model = this.settings.model ?? models[0];
    if (model === undefined) throw new JoineryError('server.badAnswer', { url: this.url, detail: 'it lists no model' });
    if (models.length > 0 && !models.includes(model))
      throw new JoineryError('server.refused', {
        url: this.url,
        status: 404,
        detail: `there is no model ${model}; there are ${models.slice(0, 10).join(', ')}`,
      });
    const own = entries.find((entry) => field(entry, 'id') === model);
    const contextSize = contextOf(own);
    const constraints = this.settings.constraints ?? constraintsOf(own);
    return { model, models, constraints, ...(contextSize === undefined ? {} : { contextSize }) };
  }

  async complete(request: CompletionRequest, timeoutMs: number, token: CancellationToken): Promise<Completion> {
    const { model, messages, maxTokens, temperature, seed, stop, grammar } = request;
    const body = { model, messages, max_tokens: maxTokens, temperature, seed, stop, stream: false, ...constraint(grammar) };
    const answer = await this.#request('/chat/completions', body, timeoutMs, token);
    const choices = field(answer, 'choices');
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const text = field(field(choice, 'message'), 'content');
    if (typeof text !== 'string') throw new JoineryError('server.badAnswer', { url: this.url, detail: 'no message in it' });
    const usage = field(answer, 'usage');
    return {
      text,
      finish: field(choice, 'finish_reason') === 'length' ? 'length' : 'stop',
      promptTokens: count(field(usage, 'prompt_tokens')),
      tokens: count(field(usage, 'completion_tokens')),
    };
  }

  async #request(path: string, body: unknown, timeoutMs: number, token: CancellationToken): Promise<unknown> {
    const { url, key } = this.settings;
    const abort = new AbortController();
    const link = token.onCancellationRequested(() => abort.abort());
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: abort.signal,
      });
      const text = await response.text();
      if (!response.ok) throw new JoineryError('server.refused', { url, status: response.status, detail: refusalDetail(text) });
      return parse(text, url);
    } catch (error) {
      if (error instanceof JoineryError) throw error;
      if (token.isCancellationRequested) throw new JoineryError('cancelled', {}, error);
      if (abort.signal.aborted) throw new JoineryError('process.deadline', { ms: timeoutMs }, error);
      throw new JoineryError('server.unreachable', { url, detail: reasonOf(error) }, error);
    } finally {
      clearTimeout(timer);
      link.dispose();
    }
  }
}

/** `grammar` is llama.cpp's own field; vLLM takes `structured_outputs`, its older versions `guided_grammar`. */
function constraint(grammar: CompletionRequest['grammar']): object {
  if (!grammar) return {};
  return grammar.kind === 'gbnf'
    ? { grammar: grammar.text }
    : { structured_outputs: { grammar: grammar.text }, guided_grammar: grammar.text };
}

/** Servers say who they are in the list of models. */
function constraintsOf(model: unknown): ServerConstraints {
  const owner = field(model, 'owned_by');
  if (owner === 'vllm') return 'guided';
  return owner === 'llamacpp' || owner === 'me' ? 'gbnf' : 'none';
}

function contextOf(model: unknown): number | undefined {
  const size = field(model, 'max_model_len') ?? field(field(model, 'meta'), 'n_ctx');
  return typeof size === 'number' && size > 0 ? size : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JoineryError('server.badAnswer', { url, detail: 'it is not JSON' }, cause);
  }
}

/** The server's own words, shortened; an error page is none. */
function refusalDetail(text: string): string {
  let message: unknown;
  try {
    const parsed: unknown = JSON.parse(text);
    message = field(field(parsed, 'error'), 'message') ?? field(parsed, 'message') ?? field(parsed, 'detail');
  } catch {
    return ''; // Not an answer of the server itself.
  }
  return (typeof message === 'string' ? message : JSON.stringify(message ?? '')).slice(0, longestDetail);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message.slice(0, longestDetail) : String(cause);
}
