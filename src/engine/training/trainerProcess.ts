/**
 * The trainer's process, which outlives the window that started it: started in a group of its own with lowered priority, known again by its
 * id and start time, suspended, woken and ended. It knows nothing of runs.
 */
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { JoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';

/** Enough to know a process again after a reload: ids are given to others when a process is gone. */
export interface ProcessMark {
  readonly pid: number;
  /** As the system says it; empty where it says nothing, then the id alone counts. */
  readonly started: string;
}

export interface ProcessCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where both output channels go: a pipe would break when the window closes. */
  readonly logFile: string;
}

export interface TrainerProcess {
  /** False where a process cannot be suspended; it is then ended, and goes on from its last checkpoint. */
  readonly canSuspend: boolean;
  /** Throws `training.environmentFailed` when it cannot be started. */
  start(call: ProcessCall): Promise<ProcessMark>;
  isAlive(mark: ProcessMark): Promise<boolean>;
  suspend(mark: ProcessMark): void;
  wake(mark: ProcessMark): void;
  /** Asks it to end by itself, as Ctrl-C does. */
  interrupt(mark: ProcessMark): void;
  /** Ends it and what it started. */
  kill(mark: ProcessMark): void;
}

const psTimeoutMs = 3_000;

export function createTrainerProcess(log: Logger): TrainerProcess {
  const isWindows = process.platform === 'win32';
  return {
    canSuspend: !isWindows,
    start: (call) => start(call, log),
    isAlive: async (mark) => isThere(mark.pid) && (mark.started === '' || (await startOf(mark.pid)) === mark.started),
    suspend: ({ pid }) => signal(-pid, 'SIGSTOP'),
    wake: ({ pid }) => (isWindows ? undefined : signal(-pid, 'SIGCONT')),
    interrupt: ({ pid }) => (isWindows ? endTree(pid) : signal(pid, 'SIGINT')),
    kill: ({ pid }) => (isWindows ? endTree(pid) : signal(-pid, 'SIGKILL')),
  };
}

async function start({ command, args, env, cwd, logFile }: ProcessCall, log: Logger): Promise<ProcessMark> {
  const output = openSync(logFile, 'a');
  try {
    const child = spawn(command, [...args], {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new JoineryError('training.environmentFailed', { detail: error.message }, error)));
    });
    child.unref();
    const pid = child.pid ?? 0;
    lowerPriority(pid, log);
    return { pid, started: await startOf(pid) };
  } finally {
    closeSync(output);
  }
}

/** Whoever works on this machine comes first. Children inherit it. */
function lowerPriority(pid: number, log: Logger): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.log('warn', 'training', 'the priority of the trainer was not lowered', error);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Clock ticks since the start of the machine on Linux, a date elsewhere; empty when the system does not say. */
async function startOf(pid: number): Promise<string> {
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name stands in brackets and may hold blanks and brackets itself; the start time is the 20th field behind it.
  if (facts !== undefined) return facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  if (process.platform === 'win32') return '';
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: psTimeoutMs }, (error, stdout) => resolve(error ? '' : stdout.trim()));
  });
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It has ended by itself; the next look finds that out.
  }
}

function endTree(pid: number): void {
  execFile('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true }, () => undefined);
}
