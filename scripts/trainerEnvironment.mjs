/**
 * Makes the Python environment in which the trainer's tests run (`.work/trainer`), from the versions in trainer/pyproject.toml. Does nothing when it is
 * there for these versions. Data, SQL and rewards need no torch; the stages do, and are tried on minute models.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './testSteps.mjs';

const folder = path.join(root, '.work', 'trainer');
const stampFile = path.join(folder, 'made-from');
/** The version that the stages were tried with. */
const torchVersion = '2.13.0';
export const trainerFolder = path.join(root, 'trainer');

/** Path of a program in the environment. */
function program(name) {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', `${name}.exe`) : path.join(folder, 'bin', name);
}

/** Runs `python -m …` of the environment in the trainer's folder; true when it ended well. */
export function runPython(args, environment = {}) {
  const done = spawnSync(program('python'), args, { cwd: trainerFolder, stdio: 'inherit', env: { ...process.env, ...environment } });
  if (done.error) console.error(String(done.error));
  return done.status === 0;
}

/** True when the environment is there. */
export function makeTrainerEnvironment() {
  const stamp = createHash('sha256')
    .update(readFileSync(path.join(trainerFolder, 'pyproject.toml')))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return true;
  const python = findPython();
  if (python === undefined) {
    console.error('The trainer needs Python 3.11 or newer with the venv module on the PATH.');
    return false;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  const made = spawnSync(python, ['-m', 'venv', folder], { stdio: 'inherit' });
  const quiet = ['--quiet', '--disable-pip-version-check'];
  if (made.status !== 0) return false;
  // torch first and by itself: asked for by another package, pip would take the newest build with gigabytes of CUDA.
  if (!runPython(['-m', 'pip', 'install', ...quiet, `torch==${torchVersion}`])) return false;
  if (!runPython(['-m', 'pip', 'install', ...quiet, '-c', 'constraints.txt', '-e', '.[train,dev]'])) return false;
  writeFileSync(stampFile, stamp);
  return true;
}

function findPython() {
  return ['python3', 'python'].find((name) => {
    const asked = spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'], { stdio: 'ignore' });
    return asked.status === 0;
  });
}
