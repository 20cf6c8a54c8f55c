/** The Python interpreters of this machine that could make an environment, and whether `uv` is there. Starts each once; changes nothing. */
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type RunProgram } from './runProgram.js';

export interface Python {
  readonly command: string;
  /** Such as `3.11.7`. */
  readonly version: string;
}

/** What the locked versions ask for. */
export const oldestPython = '3.11';
/** What `uv` is asked for when the machine has no Python of its own that fits. */
export const preferredPython = '3.12';
const timeoutMs = 20_000;
const versionCode = 'import sys; print("python", ".".join(map(str, sys.version_info[:3])))';

/** Newest first: distributions keep them beside an older `python3`. */
const names = ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'py'];

export async function hasUv(run: RunProgram, token: CancellationToken): Promise<boolean> {
  return (await run({ command: 'uv', args: ['--version'], timeoutMs }, token)).status === 0;
}

/** Undefined when the program is missing or is no Python. */
export async function askPython(command: string, run: RunProgram, token: CancellationToken): Promise<Python | undefined> {
  const { status, said } = await run({ command, args: ['-c', versionCode], timeoutMs }, token);
  const version = said.map((line) => /^python (\d+\.\d+\.\d+)/.exec(line)?.[1]).find((found) => found !== undefined);
  return status === 0 && version !== undefined ? { command, version } : undefined;
}

/** The first that is new enough. Throws `training.pythonTooOld` with the newest of the others, or `training.noPython`. */
export async function findPython(run: RunProgram, token: CancellationToken): Promise<Python> {
  const tooOld: Python[] = [];
  for (const name of names) {
    const found = await askPython(name, run, token);
    if (!found) continue;
    if (isNewEnough(found.version)) return found;
    tooOld.push(found);
  }
  const newest = tooOld.sort((a, b) => compareVersions(b.version, a.version))[0];
  if (newest) throw new JoineryError('training.pythonTooOld', { path: newest.command, version: newest.version, wanted: oldestPython });
  throw new JoineryError('training.noPython', { wanted: oldestPython });
}

export function isNewEnough(version: string): boolean {
  return compareVersions(version, oldestPython) >= 0;
}

function compareVersions(left: string, right: string): number {
  const parts = (version: string): number[] => version.split('.').map(Number);
  const [a, b] = [parts(left), parts(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
