/** What a run will cost, before it starts: minutes, memory, disk. Estimates upwards, from measured runs of models of this kind; reads no machine. */
import { environmentBytes } from './pythonEnvironment.js';
import { type PlannedWork } from './trainingRecipe.js';

export interface DiskFacts {
  /** Bytes of the quantised base. */
  readonly modelBytes: number;
  /** False when the Python environment must be made first. */
  readonly hasEnvironment: boolean;
  readonly device: 'cpu' | 'cuda';
}

export type CostFacts = PlannedWork & DiskFacts;

export interface TrainingCost {
  /** The budget, and what making questions, writing the adapter and comparing take around it. */
  readonly minutes: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Fetched once, when there is no environment yet; 0 later. */
  readonly downloadBytes: number;
}

/** To make the questions, load the model and write adapters. */
const aroundMinutes = 4;
/** One question takes 2.1 s with the 0.5B on two cores, its loading counted. */
const secondsPerByte = 4.3e-9;
/**
 * A whole run took 5.4 GB with the 0.5B; loading the 1.5B, whose weights are converted the first time, 11 GB for a moment. Rewards took 8.5 GB with the
 * 0.5B: the model that answers and the one that learns are both there.
 */
const ownBytes = 1.2e9;
const memoryPerByte = 9.6;
const rewardsFactor = 1.75;
/** Converted weights in 16 bits, two checkpoints, the adapter. */
const diskPerByte = 4.5;
const runBytes = 3e8;
const downloads = { cpu: 6e8, cuda: 3.5e9 } as const;

export function trainingCost({ budgetMinutes, adapters, hasRewards, questions, ...disk }: CostFacts): TrainingCost {
  const { modelBytes, hasEnvironment, device } = disk;
  return {
    minutes: Math.round(budgetMinutes + aroundMinutes + ((1 + adapters) * questions * secondsPerByte * modelBytes) / 60),
    memoryBytes: (ownBytes + memoryPerByte * modelBytes) * (hasRewards ? rewardsFactor : 1),
    diskBytes: trainingDiskBytes(disk),
    downloadBytes: hasEnvironment ? 0 : downloads[device],
  };
}

/** The same for every choice of steps and questions: they leave little behind. */
export function trainingDiskBytes({ modelBytes, hasEnvironment, device }: DiskFacts): number {
  return runBytes + diskPerByte * modelBytes + (hasEnvironment ? 0 : environmentBytes[device]);
}

/** Threads of a run: as many as the user allows the model, else all but one where there are more than two, so that the machine stays usable. */
export function trainingThreads(wanted: number, processors: number): number {
  if (wanted > 0) return Math.min(wanted, Math.max(1, processors));
  return Math.max(1, processors > 2 ? processors - 1 : processors);
}
