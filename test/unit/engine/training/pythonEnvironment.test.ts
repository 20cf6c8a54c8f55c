/** Making the trainer's environment, with programs that only pretend: what is run in which order, what is found broken, what failures become. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { installFault } from '../../../../src/engine/training/installFault.js';
import {
  type EnvironmentProgress,
  isEnvironmentMade,
  prepareEnvironment,
  type PythonEnvironmentOptions,
  type TrainerProgram,
} from '../../../../src/engine/training/pythonEnvironment.js';
import { type ProgramCall, type ProgramEnd, runProgram } from '../../../../src/engine/training/runProgram.js';
import { torchBuilds, type TorchMachine } from '../../../../src/engine/training/torchBuild.js';

let root = '';
let calls: string[] = [];
let progress: EnvironmentProgress[] = [];

/** What the pretended programs do: the first entry whose pattern fits the call answers it. */
type Answers = readonly (readonly [RegExp, Partial<ProgramEnd> | ((call: ProgramCall) => Promise<Partial<ProgramEnd>>)])[];

const missing: Partial<ProgramEnd> = { status: -1, said: ['ENOENT'] };
const goodPython: Answers[number] = [/^python3 -c import sys/, { said: ['python 3.12.1'] }];
const noUv: Answers[number] = [/^uv --version/, missing];

function options(answers: Answers, more: Partial<PythonEnvironmentOptions> = {}): PythonEnvironmentOptions {
  const run = async (call: ProgramCall): Promise<ProgramEnd> => {
    const text = [call.command, ...call.args].join(' ').replaceAll(root, '');
    calls.push(text);
    if (/ -m venv | venv --python/.test(text)) await makePython();
    const found = [...answers, noUv, goodPython].find(([pattern]) => pattern.test(text))?.[1];
    const answer = typeof found === 'function' ? await found(call) : found;
    const isUnknown = found === undefined && /version_info/.test(text);
    return { status: 0, said: [], ...(isUnknown ? missing : answer) };
  };
  const places = { folder: path.join(root, 'state'), trainerFolder: path.join(root, 'trainer'), interpreter: '' };
  const machine: TorchMachine = { platform: 'linux', gpus: [], ownIndex: 'https://mirror.example/simple' };
  return { ...places, machine: async () => machine, run, freeBytes: async () => 1e12, log: silentLogger, ...more };
}

const python = (): string => path.join(root, 'state', 'environment', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'])); // prettier-ignore

async function makePython(): Promise<void> {
  await mkdir(path.dirname(python()), { recursive: true });
  await writeFile(python(), '');
}

const prepare = (wanted: PythonEnvironmentOptions): Promise<TrainerProgram> =>
  prepareEnvironment(wanted, neverCancelled, (event) => progress.push(event));

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof JoineryError ? error.code : String(error)),
  );

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'joinery-python-'));
  [calls, progress] = [[], []];
  await mkdir(path.join(root, 'trainer', 'joinery_trainer'), { recursive: true });
  for (const name of ['pyproject.toml', 'constraints.txt', 'joinery_trainer/cli.py'])
    await writeFile(path.join(root, 'trainer', name), name);
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the first use', () => {
  it('makes the environment, torch first, the trainer from a copy, versions locked, and tries it', async () => {
    const program = await prepare(options([]));
    const env = { PYTHONPATH: path.join(root, 'trainer'), PYTHONDONTWRITEBYTECODE: '1' };
    expect(program).toEqual({ command: python(), args: ['-m', 'joinery_trainer.cli'], env });
    const made = '/state/environment/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off';
    expect(calls).toEqual([
      'uv --version',
      expect.stringContaining('python3 -c import sys'),
      'python3 -m venv /state/environment',
      `${made} torch==2.13.0`,
      `${made} /state/source[train] -c /state/source/constraints.txt`,
      expect.stringContaining('/state/environment/bin/python -c import torch, transformers'),
    ]);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['looking', 'making', 'checking']);
    expect(existsSync(path.join(root, 'trainer', 'build'))).toBe(false);
  });

  it('uses uv where it is, which brings a Python when there is none, and pip’s own index', async () => {
    const index: (string | undefined)[] = [];
    await prepare(
      options([
        [/^uv --version/, { said: ['uv 0.9'] }],
        [/version_info/, missing],
        [/^uv pip/, async ({ env }) => (index.push(env?.['UV_DEFAULT_INDEX']), {})],
      ]),
    );
    expect(calls.filter((call) => call.startsWith('uv '))).toEqual([
      'uv --version',
      'uv venv --python 3.12 /state/environment',
      'uv pip install --python /state/environment/bin/python torch==2.13.0',
      'uv pip install --python /state/environment/bin/python /state/source[train] -c /state/source/constraints.txt',
    ]);
    expect(index).toEqual(['https://mirror.example/simple', 'https://mirror.example/simple']);
  });

  it('takes the next index when one has no such build or does not answer', async () => {
    const machine = async (): Promise<TorchMachine> => ({ platform: 'linux', gpus: [] });
    await prepare(
      options([[/--index-url/, { status: 1, said: ['ERROR: No matching distribution found for torch==2.13.0'] }]], { machine }),
    );
    const torch = calls.filter((call) => call.includes('torch=='));
    expect(torch.map((call) => call.includes('--index-url'))).toEqual([true, false]);
  });

  it('hands out what the installer says', async () => {
    await prepare(options([[/torch==/, async ({ onLine }) => (onLine?.('Downloading torch'), {})]]));
    expect(progress).toContainEqual({ phase: 'torch', detail: 'Downloading torch' });
  });
});

describe('a later use', () => {
  it('only tries it', async () => {
    await prepare(options([]));
    calls = [];
    await prepare(options([]));
    expect(calls).toEqual([expect.stringContaining('import torch')]);
  });

  const changes: readonly (readonly [string, () => Promise<void>])[] = [
    ['another trainer', () => writeFile(path.join(root, 'trainer', 'pyproject.toml'), 'new')],
    ['other versions', () => writeFile(path.join(root, 'trainer', 'constraints.txt'), 'new')],
    ['no interpreter in it', () => rm(python())],
  ];
  it.each(changes)('makes it anew for %s', async (_, change) => {
    await prepare(options([]));
    await change();
    expect(await isEnvironmentMade(options([]))).toBe(false);
    calls = [];
    await prepare(options([]));
    expect(calls.some((call) => call.includes('-m venv'))).toBe(true);
  });

  it('takes the sources of an updated extension as they are', async () => {
    await prepare(options([]));
    await writeFile(path.join(root, 'trainer', 'joinery_trainer', 'cli.py'), 'new');
    expect(await isEnvironmentMade(options([]))).toBe(true);
  });

  it('repairs one that is broken', async () => {
    await prepare(options([]));
    let tries = 0;
    calls = [];
    await prepare(options([[/import torch/, async () => (tries++ === 0 ? { status: 1, said: ['ImportError: libc10.so'] } : {})]]));
    expect(calls.some((call) => call.includes('-m venv'))).toBe(true);
    expect(await isEnvironmentMade(options([]))).toBe(true);
  });
});

describe('a failure', () => {
  const full = { status: 1, said: ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'] };
  const offline = { status: 1, said: ['WARNING: Retrying after connection broken by NewConnectionError: Failed to establish a new connection'] }; // prettier-ignore
  const cases: readonly (readonly [string, string, Answers, Partial<PythonEnvironmentOptions>])[] = [
    ['no Python', 'training.noPython', [[/version_info/, missing]], {}],
    ['a Python that is too old', 'training.pythonTooOld', [[/version_info/, { said: ['python 3.9.18'] }]], {}],
    ['no room before the start', 'training.diskFull', [], { freeBytes: async () => 1e9 }],
    ['no room on the way', 'training.diskFull', [[/source\[train\]/, full]], {}],
    ['no network', 'training.noNetwork', [[/torch==/, offline]], {}],
    ['no venv module', 'training.environmentFailed', [[/-m venv/, { status: 1, said: ['ensurepip is not available'] }]], {}],
    ['a new one that cannot be imported', 'training.environmentFailed', [[/import torch/, { status: 1, said: ['ImportError: no'] }]], {}],
  ];
  it.each(cases)('%s', async (_, code, answers, more) => {
    expect(await codeOf(prepare(options(answers, more)))).toBe(code);
    expect(existsSync(python())).toBe(false);
    expect(await isEnvironmentMade(options([]))).toBe(false);
  });

  it('cancelled half way, nothing half-made is left', async () => {
    const source = new CancellationSource();
    const stop = async (): Promise<Partial<ProgramEnd>> => {
      source.cancel();
      throw new JoineryError('cancelled');
    };
    expect(await codeOf(prepareEnvironment(options([[/torch==/, stop]]), source.token, () => undefined))).toBe('cancelled');
    expect(existsSync(path.join(root, 'state', 'environment'))).toBe(false);
  });
});

describe('an interpreter of the user', () => {
  const own = { interpreter: '/opt/python' };
  it('runs the trainer that the extension carries; nothing is installed', async () => {
    const program = await prepare(options([[/version_info/, { said: ['python 3.11.2'] }]], own));
    expect(program).toMatchObject({ command: '/opt/python', env: { PYTHONPATH: path.join(root, 'trainer') } });
    expect(calls).toHaveLength(2);
  });
  const cases: readonly (readonly [string, string, Answers])[] = [
    ['is not there', 'training.noPython', [[/version_info/, missing]]],
    ['is too old', 'training.pythonTooOld', [[/version_info/, { said: ['python 3.10.4'] }]]],
    ['lacks packages', 'training.interpreterLacks', [[/version_info/, { said: ['python 3.11.2'] }], [/import torch/, { status: 1, said: ['ModuleNotFoundError: No module named trl'] }]]], // prettier-ignore
  ];
  it.each(cases)('%s', async (_, code, answers) => expect(await codeOf(prepare(options(answers, own)))).toBe(code));
});

describe('the build of torch', () => {
  const gpus = ['NVIDIA H200'];
  const cases: readonly (readonly [string, TorchMachine, string])[] = [
    ['Linux without a GPU', { platform: 'linux', gpus: [] }, 'cpu: cpu, plain'],
    ['Linux with a GPU', { platform: 'linux', gpus }, 'cuda: plain, cu130'],
    ['Windows without a GPU', { platform: 'win32', gpus: [] }, 'cpu: plain'],
    ['Windows with a GPU', { platform: 'win32', gpus }, 'cuda: cu130, cu126'],
    ['macOS', { platform: 'darwin', gpus: [] }, 'cpu: plain'],
    ['an index of one’s own', { platform: 'linux', gpus: [], ownIndex: 'https://mirror.example' }, 'cpu: plain'],
  ];
  it.each(cases)('%s', (_, machine, wanted) => {
    const builds = torchBuilds(machine);
    const indexes = builds.map(({ args }) => args.at(-1)?.split('/whl/')[1] ?? 'plain');
    expect(`${builds[0].device}: ${indexes.join(', ')}`).toBe(wanted);
  });
});

describe('what an installer says', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['OSError: [Errno 28] No space left on device', 'training.diskFull'],
    ['error: Failed to fetch: `https://x`\n  Caused by: dns error', 'training.noNetwork'],
    ["urllib3: Temporary failure in name resolution')", 'training.noNetwork'],
    ['ERROR: Could not find a version that satisfies the requirement torch==2.13.0', 'training.environmentFailed'],
    ['', 'training.environmentFailed'],
  ];
  it.each(cases)('%s', (text, code) =>
    expect(installFault({ status: 1, said: text === '' ? [] : text.split('\n') }, '/f').code).toBe(code),
  );
});

describe('a program', () => {
  const run = (code: string, timeoutMs = 10_000): Promise<ProgramEnd> =>
    runProgram({ command: process.execPath, args: ['-e', code], timeoutMs }, neverCancelled);
  it('is heard line by line, carriage returns included', async () => {
    expect(await run('process.stdout.write("a\\rb\\n\\nc"); process.exitCode = 3')).toEqual({ status: 3, said: ['a', 'b', 'c'] });
  });
  it('that is missing is a result', async () => {
    const { status } = await runProgram({ command: path.join(root, 'none'), args: [], timeoutMs: 1_000 }, neverCancelled);
    expect(status).toBe(-1);
  });
  it('that takes too long is ended', async () => expect((await run('setInterval(() => 0, 1000)', 100)).status).toBe(-1));
  it('that is cancelled is ended', async () => {
    const source = new CancellationSource();
    const call = { command: process.execPath, args: ['-e', 'console.log("up"); setInterval(() => 0, 1000)'], timeoutMs: 10_000 };
    expect(await codeOf(runProgram({ ...call, onLine: () => source.cancel() }, source.token))).toBe('cancelled');
  });
});
