/**
 * Makes the sample database with the program that ships for it. The file appears whole or not at all; one that is there already is kept.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';

export interface SampleOptions {
  /** Path of `sample.mjs`. */
  readonly program: string;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly token: CancellationToken;
}

const deadlineMs = 120_000;

/** True when the file was made now, false when it was there. Throws `process.startFailed` with what the program said. */
export async function createSample({ program, file, env = {}, token }: SampleOptions): Promise<boolean> {
  if (existsSync(file)) return false;
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.part`;
  try {
    await runProgram([program, part], env, token);
    await rename(part, file);
    return true;
  } finally {
    await rm(part, { force: true });
  }
}

function runProgram(args: readonly string[], env: Readonly<Record<string, string>>, token: CancellationToken): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
      timeout: deadlineMs,
      windowsHide: true,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-500)));
    const listener = token.onCancellationRequested(() => child.kill());
    child.on('error', (error) => reject(new JoineryError('process.startFailed', { detail: error.message }, error)));
    child.on('close', (code, signal) => {
      listener.dispose();
      if (code === 0) resolve();
      else if (token.isCancellationRequested) reject(new JoineryError('cancelled'));
      else reject(new JoineryError('process.startFailed', { detail: said.trim() || String(code ?? signal) }));
    });
  });
}
