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
  it.each([
    ['dev', 1, 1034],
    ['train', 10, 700],
  ] as const)(
    '%s, every %d. question, runs and equals itself under every comparator',
    async (split, step, questions) => {
      const items = (await readSpider(folder, split)).filter((_, at) => at % step === 0);
      const rows = items.map(({ id, db, question, gold = '' }): PredictionRow => ({
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
      }));
      const options = {
        comparators: ['spider_ex', 'bird_ex', 'strict'] as const,
        runner,
        instances: () => Promise.resolve([]),
        token: neverCancelled,
      };
      const figures = summarise(await scorePredictions(items, rows, options));
      expect(figures.answerable).toBe(questions);
      expect(Object.values(figures.correct).map(({ count }) => count)).toEqual([questions, questions, questions]);
      expect(figures.goldFailed).toEqual([]);
    },
    300_000,
  );
});
