/**
 * The Python environment of the trainer: made on first use beside the extension's other data, from the versions that the trainer's folder
 * locks, and made anew when it is broken or belongs to other versions. Or an interpreter that the user names, in which nothing is installed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { writeWhole } from '../catalogue/writeWhole.js';
import { acquireLock } from '../models/fileLock.js';
import { askPython, findPython, hasUv, isNewEnough, oldestPython, preferredPython } from './findPython.js';
import { gigabytes } from './gigabytes.js';
import { installFault } from './installFault.js';
import { type ProgramEnd, type RunProgram } from './runProgram.js';
import { type TorchMachine, torchBuilds, torchVersion } from './torchBuild.js';

export type EnvironmentPhase = 'waiting' | 'looking' | 'making' | 'torch' | 'packages' | 'checking';

export interface EnvironmentProgress {
  readonly phase: EnvironmentPhase;
  /** What the installer does, in its own words. */
  readonly detail?: string;
}

export interface PythonEnvironmentOptions {
  /** Where the environment is made. */
  readonly folder: string;
  /** The trainer that the extension carries; never written to. */
  readonly trainerFolder: string;
  /** An interpreter of the user's own; empty makes an environment. */
  readonly interpreter: string;
  readonly machine: () => Promise<TorchMachine>;
  readonly run: RunProgram;
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly log: Logger;
}

/** How to start the trainer. */
export interface TrainerProgram {
  readonly command: string;
  /** Before the stage. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Downloads and what is unpacked from them. */
export const environmentBytes = { cpu: 3e9, cuda: 9e9 } as const;

/** What every stage needs; the import is the proof that an environment works. */
const modules = ['torch', 'transformers', 'peft', 'trl', 'datasets', 'accelerate', 'gguf', 'apsw', 'sqlglot', 'joinery_trainer'];
const checkCode = `import ${modules.join(', ')}; print("ready")`;
const checkTimeoutMs = 300_000;
const installTimeoutMs = 3_600_000;
const makeTimeoutMs = 300_000;

interface Tools {
  readonly uv: boolean;
  /** Undefined leaves the choice to uv, which can bring one. */
  readonly python?: string;
  /** uv does not read pip's settings. */
  readonly env: Readonly<Record<string, string>>;
}

/** True when nothing needs to be made: the user's own interpreter, or an environment of these versions. Does not try it. */
export async function isEnvironmentMade(
  options: Pick<PythonEnvironmentOptions, 'folder' | 'trainerFolder' | 'interpreter'>,
): Promise<boolean> {
  if (options.interpreter !== '') return true;
  return existsSync(pythonIn(options.folder)) && (await readStamp(options.folder)) === (await wantedStamp(options.trainerFolder));
}

/**
 * Makes, repairs or only checks the environment. Throws `training.noPython`, `training.pythonTooOld`, `training.noNetwork`,
 * `training.diskFull`, `training.environmentFailed`, `training.interpreterLacks`, `cancelled`; a half-made environment is taken away.
 */
export async function prepareEnvironment(
  options: PythonEnvironmentOptions,
  token: CancellationToken,
  onProgress: (progress: EnvironmentProgress) => void,
): Promise<TrainerProgram> {
  if (options.interpreter !== '') return checkInterpreter(options, token, onProgress);
  await mkdir(options.folder, { recursive: true });
  const lock = await acquireLock(path.join(options.folder, 'lock'), token, () => onProgress({ phase: 'waiting' }));
  try {
    if (await isEnvironmentMade(options)) {
      onProgress({ phase: 'checking' });
      const check = await importAll(pythonIn(options.folder), ownSources(options), options, token);
      if (check.status === 0) return programOf(options);
      options.log.log('warn', 'training', `the environment is broken and is made anew: ${check.said.at(-1) ?? ''}`);
    }
    await makeEnvironment(options, token, onProgress);
    return programOf(options);
  } finally {
    await lock.release();
  }
}

async function checkInterpreter(
  options: PythonEnvironmentOptions,
  token: CancellationToken,
  onProgress: (progress: EnvironmentProgress) => void,
): Promise<TrainerProgram> {
  const { interpreter, trainerFolder } = options;
  onProgress({ phase: 'checking' });
  const python = await askPython(interpreter, options.run, token);
  if (!python) throw new JoineryError('training.noPython', { path: interpreter, wanted: oldestPython });
  if (!isNewEnough(python.version))
    throw new JoineryError('training.pythonTooOld', { path: interpreter, version: python.version, wanted: oldestPython });
  const env = ownSources(options);
  const { status, said } = await importAll(interpreter, env, options, token);
  if (status === 0) return { command: interpreter, args: trainerModule, env };
  throw new JoineryError('training.interpreterLacks', { path: interpreter, detail: said.at(-1) ?? '', folder: trainerFolder });
}

async function makeEnvironment(
  options: PythonEnvironmentOptions,
  token: CancellationToken,
  onProgress: (progress: EnvironmentProgress) => void,
): Promise<void> {
  const { folder, trainerFolder, log } = options;
  onProgress({ phase: 'looking' });
  const machine = await options.machine();
  const tools = await findTools(options, machine, token);
  const builds = torchBuilds(machine);
  await requireSpace(options, environmentBytes[builds[0].device]);
  await takeAway(folder);
  const started = performance.now();
  try {
    onProgress({ phase: 'making' });
    await step(options, tools, makeArgs(tools, folder), makeTimeoutMs, token);
    await installTorch(options, tools, builds, token, (detail) => onProgress({ phase: 'torch', detail }));
    // Building writes beside the sources, which are the extension's: so it is done on a copy.
    const copy = path.join(folder, 'source');
    await cp(trainerFolder, copy, {
      recursive: true,
      filter: (file) => !/[\\/](?:tests|__pycache__|[^\\/]*\.egg-info|\.\w+_cache)$/.test(file),
    });
    const wanted = [`${copy}[train]`, '-c', path.join(copy, 'constraints.txt')];
    await step(options, tools, installArgs(tools, folder, wanted), installTimeoutMs, token, (detail) =>
      onProgress({ phase: 'packages', detail }),
    );
    await rm(copy, { recursive: true, force: true });
    onProgress({ phase: 'checking' });
    const check = await importAll(pythonIn(folder), ownSources(options), options, token);
    if (check.status !== 0) throw installFault(check, folder);
    await writeWhole(stampFile(folder), await wantedStamp(trainerFolder));
    log.log('info', 'training', `environment made in ${Math.round((performance.now() - started) / 1000)} s`);
  } catch (error) {
    await takeAway(folder);
    throw error;
  }
}

async function findTools({ run }: PythonEnvironmentOptions, { ownIndex }: TorchMachine, token: CancellationToken): Promise<Tools> {
  const uv = await hasUv(run, token);
  const env: Readonly<Record<string, string>> = uv && ownIndex !== undefined ? { UV_DEFAULT_INDEX: ownIndex } : {};
  try {
    return { uv, env, python: (await findPython(run, token)).command };
  } catch (error) {
    if (uv) return { uv, env };
    throw error;
  }
}

/** Tries the builds in order: another index may be reachable when the first is not. */
async function installTorch(
  options: PythonEnvironmentOptions,
  tools: Tools,
  builds: ReturnType<typeof torchBuilds>,
  token: CancellationToken,
  onLine: (line: string) => void,
): Promise<void> {
  for (const [at, { args }] of builds.entries()) {
    // Where there is another build to try, an index that does not answer must not cost minutes.
    const patience = at < builds.length - 1 && !tools.uv ? ['--retries', '1'] : [];
    try {
      return await step(options, tools, installArgs(tools, options.folder, [...patience, ...args]), installTimeoutMs, token, onLine);
    } catch (error) {
      const isLast = at === builds.length - 1;
      if (isLast || !(error instanceof JoineryError) || !['training.noNetwork', 'training.environmentFailed'].includes(error.code))
        throw error;
      options.log.log('info', 'training', `torch was not had from ${args.at(-1) ?? ''}, the next index is tried`, error);
    }
  }
}

async function step(
  { run, folder, log }: PythonEnvironmentOptions,
  { env }: Tools,
  [command, ...args]: readonly [string, ...string[]],
  timeoutMs: number,
  token: CancellationToken,
  onLine?: (line: string) => void,
): Promise<void> {
  log.log('debug', 'training', `${command} ${args.join(' ')}`);
  const end = await run({ command, args, env, timeoutMs, ...(onLine ? { onLine } : {}) }, token);
  if (end.status === 0) return;
  for (const line of end.said) log.log('debug', 'training', line);
  throw installFault(end, folder);
}

function makeArgs({ uv, python }: Tools, folder: string): readonly [string, ...string[]] {
  const target = environmentFolder(folder);
  return uv ? ['uv', 'venv', '--python', python ?? preferredPython, target] : [python ?? 'python3', '-m', 'venv', target];
}

function installArgs({ uv }: Tools, folder: string, wanted: readonly string[]): readonly [string, ...string[]] {
  const python = pythonIn(folder);
  return uv
    ? ['uv', 'pip', 'install', '--python', python, ...wanted]
    : [python, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', ...wanted];
}

function importAll(
  python: string,
  env: Readonly<Record<string, string>>,
  { run }: Pick<PythonEnvironmentOptions, 'run'>,
  token: CancellationToken,
): Promise<ProgramEnd> {
  return run({ command: python, args: ['-c', checkCode], env: { ...quietEnv, ...env }, timeoutMs: checkTimeoutMs }, token);
}

async function requireSpace({ freeBytes, folder }: PythonEnvironmentOptions, needBytes: number): Promise<void> {
  const haveBytes = await freeBytes(folder);
  if (haveBytes < needBytes)
    throw new JoineryError('training.diskFull', { folder, need: gigabytes(needBytes), have: gigabytes(haveBytes) });
}

/** The stamp first: what is half gone must not look whole. */
async function takeAway(folder: string): Promise<void> {
  await rm(stampFile(folder), { force: true });
  for (const part of [environmentFolder(folder), path.join(folder, 'source')]) await rm(part, { recursive: true, force: true });
}

const trainerModule = ['-m', 'joinery_trainer.cli'];
/** Nothing is asked of a model hub: bases are files of this machine. */
const quietEnv = { HF_HUB_OFFLINE: '1', HF_HUB_DISABLE_TELEMETRY: '1', TOKENIZERS_PARALLELISM: 'false' };

function programOf(options: PythonEnvironmentOptions): TrainerProgram {
  return { command: pythonIn(options.folder), args: trainerModule, env: ownSources(options) };
}

/** The trainer that runs is the one that the extension carries, whatever is installed; nothing is written beside its sources. */
function ownSources({ trainerFolder }: PythonEnvironmentOptions): Readonly<Record<string, string>> {
  return { PYTHONPATH: trainerFolder, PYTHONDONTWRITEBYTECODE: '1' };
}

function environmentFolder(folder: string): string {
  return path.join(folder, 'environment');
}

function pythonIn(folder: string): string {
  const windows = process.platform === 'win32';
  return path.join(environmentFolder(folder), ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
}

function stampFile(folder: string): string {
  return path.join(folder, 'made-from');
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(stampFile(folder), 'utf8').catch(() => undefined);
}

/** Another stamp means other packages. The trainer's own sources are not in it: they are the extension's, also in an old environment. */
async function wantedStamp(trainerFolder: string): Promise<string> {
  const hash = createHash('sha256').update(`1
${torchVersion}
`);
  for (const name of ['pyproject.toml', 'constraints.txt']) hash.update(await readFile(path.join(trainerFolder, name)));
  return hash.digest('hex');
}
