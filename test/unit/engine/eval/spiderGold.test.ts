import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PredictionRow } from '../../../../src/core/eval/types.js';
import { summarise } from '../../../../src/core/eval/summarise.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { readSpider } from '../../../../src/engine/eval/readSets.js';
import { scorePredictions } from '../../../../src/engine/eval/scorePredictions.js';
import { SqlRunner } from '../../../../src/engine/eval/sqlRunner.js';

const folder = join(process.env['JOINERY_DATA'] ?? '../shared/data', 'spider');
const runner = new SqlRunner();
afterAll(() => runner.close());

describe.skipIf(!existsSync(folder))('gold of Spider (skipped without the data set in JOINERY_DATA)', () => {
  // Counts as the data's own description gives them: three statements of train are refused by SQLite.
  it.each([
    ['dev', 1034, 1034],
    ['train', 7000, 6997],
  ] as const)(
    '%s runs and equals itself under every comparator',
    async (split, questions, running) => {
      const items = await readSpider(folder, split);
      const rows = items.map(
        ({ id, db, question, gold = '' }): PredictionRow => ({
          kind: 'prediction',
          id,
          db,
          question,
          sql: gold,
          candidates: [],
          ms: 0,
          promptTokens: 0,
          sampledTokens: 0,
          forcedTokens: 0,
        }),
      );
      const options = { comparators: ['spider_ex', 'bird_ex', 'strict'] as const, runner, instances: () => Promise.resolve([]), token: neverCancelled };
      const figures = summarise(await scorePredictions(items, rows, options));
      expect(figures.answerable).toBe(questions);
      expect(Object.values(figures.correct).map(({ count }) => count)).toEqual([running, running, running]);
      expect(figures.goldFailed.length).toBe(questions - running);
    },
    300_000,
  );
});
