/**
 * One life of the model process: spawned, spoken to over its pipes, ended. Every request ends when the process does, when
 * its deadline passes or when it is cancelled, whichever comes first. It restarts nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { type CancellationToken, neverCancelled } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type Logger, type LogLevel } from '../../core/shared/logger.js';
import { errorFromData } from '../../protocol/errorData.js';
import { methods } from '../../protocol/modelProcess.js';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Called once when the process is gone, whatever the reason. */
  readonly onExit: (detail: string) => void;
  readonly onNotification: (method: string, params: unknown) => void;
}

export interface RequestLimits {
  /** Milliseconds after which `process.deadline` is thrown and the process counts as hung; 0 means none. */
  readonly deadlineMs: number;
  readonly token?: CancellationToken;
}

const shutdownMs = 2_000;
/** Words of llama.cpp and of Node. */
const noMemory = /insufficient memory|out ?of ?memory|failed to allocate|cannot allocate memory/i;

export class ModelChild {
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #gone: Promise<string>;
  #detail: string | undefined;
  #lackedMemory = false;

  constructor(private readonly options: ChildOptions) {
    this.#process = spawn(options.command, [...options.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      windowsHide: true,
    });
    const { stdin, stdout, stderr } = this.#process;
    if (!stdin || !stdout || !stderr) throw new JoineryError('process.startFailed', { detail: 'no pipes' });
    this.#gone = new Promise((resolve) => {
      const leave = (detail: string): void => {
        if (this.#detail !== undefined) return;
        this.#detail = detail;
        resolve(detail);
        options.onExit(detail);
      };
      this.#process.once('exit', (code, signal) => leave(signal ?? `exit code ${code}`));
      this.#process.once('error', (error) => leave(error.message));
    });
    // A pipe that breaks when the process dies is reported by its exit.
    stdin.on('error', (error) => options.log.log('debug', 'process', 'stdin closed', error));
    forwardLog(stderr, options.log, (line) => this.#hear(line));
    this.#connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onError(([error]) => this.#breakOff(`unreadable output: ${error.message}`));
    this.#connection.onNotification((method, params) => options.onNotification(method, params));
    this.#connection.listen();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isGone(): boolean {
    return this.#detail !== undefined;
  }

  /** Throws errors of the family only: those of the process, `process.died`, `process.outOfMemory`, `process.deadline` or `cancelled`. */
  async request(method: string, params: unknown, limits: RequestLimits): Promise<unknown> {
    if (this.#detail !== undefined) throw this.#death(this.#detail);
    const token = limits.token ?? neverCancelled;
    if (token.isCancellationRequested) throw new JoineryError('cancelled');
    const source = new CancellationTokenSource();
    const releases: (() => void)[] = [];
    const stopped = new Promise<never>((_, reject) => {
      const listening = token.onCancellationRequested(() => {
        source.cancel();
        reject(new JoineryError('cancelled'));
      });
      releases.push(() => listening.dispose());
      if (limits.deadlineMs <= 0) return;
      const timer = setTimeout(() => reject(new JoineryError('process.deadline', { ms: limits.deadlineMs })), limits.deadlineMs);
      releases.push(() => clearTimeout(timer));
    });
    const died = this.#gone.then((detail) => Promise.reject(this.#death(detail)));
    try {
      const answer = await Promise.race([
        this.#connection.sendRequest(method, params, source.token).catch((error: unknown) => this.#translate(error)),
        stopped,
        died,
      ]);
      // Whatever it complained about, it went on.
      this.#lackedMemory = false;
      return answer;
    } finally {
      for (const release of releases) release();
      source.dispose();
    }
  }

  /** An answer that the connection broke off belongs to the death of the process, which is about to be known. */
  async #translate(error: unknown): Promise<never> {
    if (error instanceof ResponseError) {
      const known = errorFromData(error.data);
      if (known) throw known;
      throw new JoineryError('internal', { reason: error.message }, error);
    }
    throw this.#death(await this.#gone, error);
  }

  /** Memory that could not be had ends the process without an answer; what it said before tells so. */
  #death(detail: string, cause?: unknown): JoineryError {
    return new JoineryError(this.#lackedMemory ? 'process.outOfMemory' : 'process.died', { detail }, cause);
  }

  #hear(line: string): void {
    this.#lackedMemory ||= noMemory.test(line);
  }

  notify(method: string, params: unknown): void {
    if (this.#detail !== undefined) return;
    this.#connection
      .sendNotification(method, params)
      .catch((error: unknown) => this.options.log.log('debug', 'process', `${method} not sent`, error));
  }

  /** Asks it to end and ends it when it does not. */
  async end(): Promise<void> {
    try {
      await this.request(methods.shutdown, {}, { deadlineMs: shutdownMs });
    } catch (error) {
      this.options.log.log('debug', 'process', 'no answer to shutdown', error);
    }
    this.kill();
    await this.#gone;
  }

  kill(): void {
    if (this.#detail === undefined) this.#process.kill('SIGKILL');
  }

  #breakOff(detail: string): void {
    this.options.log.log('error', 'process', detail);
    this.kill();
  }
}

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Lines of the child as `level [tag] message`; anything else, such as a native library's words, is debug. */
function forwardLog(stderr: NodeJS.ReadableStream, log: Logger, onLine: (line: string) => void): void {
  let rest = '';
  stderr.setEncoding('utf8');
  stderr.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = (lines.pop() ?? '').slice(-10_000);
    for (const line of lines) {
      onLine(line);
      const parsed = /^(\w+) \[([\w-]+)\] (.*)$/.exec(line);
      const level = levels.find((name) => name === parsed?.[1]);
      if (parsed && level) log.log(level, parsed[2] ?? 'process', parsed[3] ?? '');
      else if (line.trim() !== '') log.log('debug', 'process', line);
    }
  });
}
