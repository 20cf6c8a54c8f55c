/** What a run will cost, before it starts: minutes, memory, disk. Estimates upwards, from measured runs of models of this kind; reads no machine. */
import { environmentBytes } from './pythonEnvironment.js';

export interface CostFacts {
  /** Of training, as the user chose. */
  readonly budgetMinutes: number;
  /** Adapters that are compared with the model as it is. */
  readonly steps: number;
  /** Bytes of the quantised base. */
  readonly modelBytes: number;
  /** False when the Python environment must be made first. */
  readonly hasEnvironment: boolean;
  readonly device: 'cpu' | 'cuda';
}

export interface TrainingCost {
  /** The budget, and what making questions, writing the adapter and comparing take around it. */
  readonly minutes: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Fetched once, when there is no environment yet; 0 later. */
  readonly downloadBytes: number;
}

/** Before, and after each step, a few hundred questions are asked; half of this for every time. */
const aroundShare = 0.5;
const leastAroundMinutes = 5;
/** From runs of 18 and 95 minutes, which took 6.2 GB with the 0.5B and 10.9 GB with the 1.5B: torch and activations, and what each byte of a model adds. */
const ownBytes = 2.7e9;
const memoryPerByte = 7.5;
/** Converted weights in 16 bits, two checkpoints, the adapter. */
const diskPerByte = 4.5;
const runBytes = 3e8;
const downloads = { cpu: 6e8, cuda: 3.5e9 } as const;

export function trainingCost({ budgetMinutes, steps, modelBytes, hasEnvironment, device }: CostFacts): TrainingCost {
  return {
    minutes: Math.round(budgetMinutes + (Math.max(leastAroundMinutes, budgetMinutes * aroundShare) * (1 + steps)) / 2),
    memoryBytes: ownBytes + memoryPerByte * modelBytes,
    diskBytes: runBytes + diskPerByte * modelBytes + (hasEnvironment ? 0 : environmentBytes[device]),
    downloadBytes: hasEnvironment ? 0 : downloads[device],
  };
}

/** Threads of a run: as many as the user allows the model, else all but one where there are more than two, so that the machine stays usable. */
export function trainingThreads(wanted: number, processors: number): number {
  if (wanted > 0) return Math.min(wanted, Math.max(1, processors));
  return Math.max(1, processors > 2 ? processors - 1 : processors);
}
