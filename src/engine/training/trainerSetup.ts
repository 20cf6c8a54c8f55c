/** The trainer on the real machine: its environment and its runs, wired with this machine's programs, disk, memory and clock. */
import { existsSync } from 'node:fs';
import { freemem } from 'node:os';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { freeDiskBytes } from '../models/fetchModel.js';
import { nvidiaGpus } from '../models/nvidiaGpus.js';
import { askPip } from '../models/pythonIndex.js';
import { gigabytes } from './gigabytes.js';
import { type EnvironmentProgress, isEnvironmentMade, prepareEnvironment, type TrainerProgram } from './pythonEnvironment.js';
import { runProgram } from './runProgram.js';
import { type TorchMachine } from './torchBuild.js';
import { createTrainerProcess } from './trainerProcess.js';
import { type RunRecord, TrainingRun } from './trainingRun.js';

export interface TrainerPlaces {
  /** Where the environment is made. */
  readonly folder: string;
  /** The trainer that the extension carries. */
  readonly trainerFolder: string;
  /** An interpreter of the user's own; empty makes an environment. */
  readonly interpreter: string;
}

export interface TrainerFacts {
  /** False when the environment must be made first. */
  readonly hasEnvironment: boolean;
  readonly device: 'cpu' | 'cuda';
}

/** What a run would meet; starts nothing but the driver's own program. */
export async function trainerFacts(places: TrainerPlaces): Promise<TrainerFacts> {
  const gpus = await nvidiaGpus();
  return { hasEnvironment: await isEnvironmentMade(places), device: gpus.length > 0 ? 'cuda' : 'cpu' };
}

/** See `prepareEnvironment` for what it throws. */
export function prepareTrainer(
  places: TrainerPlaces,
  log: Logger,
  token: CancellationToken,
  onProgress: (progress: EnvironmentProgress) => void,
): Promise<TrainerProgram> {
  return prepareEnvironment({ ...places, machine: readMachine, run: runProgram, freeBytes: freeDiskBytes, log }, token, onProgress);
}

/** A run to be started, or one that goes on since an earlier life of the window. */
export function openRun(record: RunRecord, save: (record: RunRecord) => Promise<void>, log: Logger): TrainingRun {
  return new TrainingRun(record, {
    process: createTrainerProcess(log),
    save,
    freeDiskBytes,
    // macOS counts memory that programs could have as used.
    freeMemoryBytes: () => (process.platform === 'darwin' ? Infinity : freemem()),
    now: () => performance.now(),
    log,
  });
}

/** Throws `training.diskFull` when the disk of `folder` has less than `needBytes`. The folder must exist. */
export async function requireDisk(folder: string, needBytes: number): Promise<void> {
  const haveBytes = existsSync(folder) ? await freeDiskBytes(folder) : Infinity;
  if (haveBytes < needBytes)
    throw new JoineryError('training.diskFull', { folder, need: gigabytes(needBytes), have: gigabytes(haveBytes) });
}

async function readMachine(): Promise<TorchMachine> {
  const { PIP_INDEX_URL, UV_DEFAULT_INDEX, UV_INDEX_URL } = process.env;
  const ownIndex = PIP_INDEX_URL ?? UV_DEFAULT_INDEX ?? UV_INDEX_URL ?? (await askPip('pip')) ?? (await askPip('pip3'));
  return { platform: process.platform, gpus: await nvidiaGpus(), ...(ownIndex === undefined ? {} : { ownIndex }) };
}
