/** Runs a program to its end and hands out its lines: for tools that set things up, such as pip. Nothing is retried. */
import { spawn } from 'node:child_process';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds; then it is ended and counts as failed. */
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

export interface ProgramEnd {
  /** Exit status; -1 when it was ended from outside or could not be started. */
  readonly status: number;
  /** The end of what it said, both channels, at most `keptLines` lines. */
  readonly said: readonly string[];
}

export type RunProgram = (call: ProgramCall, token: CancellationToken) => Promise<ProgramEnd>;

const keptLines = 200;

/** Throws `cancelled` only; a program that is missing or fails is a result. */
export const runProgram: RunProgram = async (call, token) => {
  if (token.isCancellationRequested) throw new JoineryError('cancelled');
  const said: string[] = [];
  const hear = (line: string): void => {
    said.push(line);
    if (said.length > keptLines) said.shift();
    call.onLine?.(line);
  };
  const child = spawn(call.command, [...call.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...call.env },
    windowsHide: true,
    // A group of its own on POSIX: what the program started ends with it.
    detached: process.platform !== 'win32',
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
  });
  const end = (): void => killTree(child.pid);
  const link = token.onCancellationRequested(end);
  const timer = setTimeout(end, call.timeoutMs);
  for (const channel of [child.stdout, child.stderr]) readLines(channel, hear);
  try {
    const status = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        hear(error.message);
        resolve(-1);
      });
      child.once('close', (code) => resolve(code ?? -1));
    });
    if (token.isCancellationRequested) throw new JoineryError('cancelled');
    return { status, said };
  } finally {
    clearTimeout(timer);
    link.dispose();
  }
};

function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Carriage returns end lines, too: progress bars overwrite theirs. */
function readLines(channel: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let rest = '';
  channel.setEncoding('utf8');
  channel.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(-10_000);
    for (const line of lines) if (line.trim() !== '') hear(line.trimEnd());
  });
  channel.on('end', () => {
    if (rest.trim() !== '') hear(rest.trimEnd());
  });
}
