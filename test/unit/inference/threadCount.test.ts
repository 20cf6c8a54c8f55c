import { describe, expect, it } from 'vitest';
import { threadCount } from '../../../src/inference/threadCount.js';

describe('threadCount', () => {
  const cases: readonly { machine: string; wanted?: number; mathCores: number; processors: number; threads: number }[] = [
    { machine: 'one core', mathCores: 1, processors: 1, threads: 1 },
    { machine: 'two cores', mathCores: 2, processors: 2, threads: 2 },
    { machine: 'four cores', mathCores: 4, processors: 4, threads: 3 },
    { machine: 'four cores with two threads each', mathCores: 4, processors: 8, threads: 3 },
    { machine: 'two cores with two threads each', mathCores: 2, processors: 4, threads: 2 },
    { machine: 'sixteen cores of which a container gives three', mathCores: 16, processors: 3, threads: 2 },
    { machine: 'sixteen cores of which a container gives one', mathCores: 16, processors: 1, threads: 1 },
    { machine: 'cores unknown', mathCores: 0, processors: 6, threads: 5 },
    { machine: 'nothing known', mathCores: 0, processors: 0, threads: 1 },
    { machine: 'a wish below', wanted: 2, mathCores: 8, processors: 16, threads: 2 },
    { machine: 'a wish for all cores', wanted: 8, mathCores: 8, processors: 16, threads: 8 },
    { machine: 'a wish above what there is', wanted: 64, mathCores: 8, processors: 16, threads: 16 },
  ];
  for (const { machine, wanted = 0, mathCores, processors, threads } of cases)
    it(`is ${threads} for ${machine}`, () => expect(threadCount({ wanted, mathCores, processors })).toBe(threads));
});
