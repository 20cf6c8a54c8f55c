import { describe, expect, it } from 'vitest';
import { comparePaired, renderPaired } from '../../../../src/core/eval/comparePaired.js';
import { pickSample } from '../../../../src/core/eval/pickSample.js';
import { formatPrediction, parsePredictions } from '../../../../src/core/eval/predictionLines.js';
import { headline, renderReport } from '../../../../src/core/eval/renderReport.js';
import { mean, quantile, shareOf } from '../../../../src/core/eval/statistics.js';
import { summarise } from '../../../../src/core/eval/summarise.js';
import { type PredictionHeader, type PredictionRow, type Verdict } from '../../../../src/core/eval/types.js';
import { resultHash } from '../../../../src/core/eval/valueKey.js';

describe('shares', () => {
  // Wilson's bounds as published tables give them.
  it.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [437, 1034, 0.393, 0.453],
    [0, 0, 0, 1],
  ])('%d of %d', (count, of, low, high) => {
    const share = shareOf(count, of);
    expect(share.low).toBeCloseTo(low, 3);
    expect(share.high).toBeCloseTo(high, 3);
  });

  it.each([
    [[], 0.5, 0],
    [[7], 0.95, 7],
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2],
    [Array.from({ length: 100 }, (_, at) => at + 1), 0.95, 95],
  ])('quantile of %j at %d', (values, q, expected) => {
    expect(quantile(values, q)).toBe(expected);
  });

  it('takes means', () => {
    expect(mean([])).toBe(0);
    expect(mean([1, 2, 6])).toBe(3);
  });
});

describe('even samples', () => {
  const items = Array.from({ length: 10 }, (_, at) => at);
  it.each([
    [{}, items],
    [{ sample: 5 }, [0, 2, 4, 6, 8]],
    [{ sample: 3 }, [0, 3, 6]],
    [{ sample: 99 }, items],
    [{ sample: 0 }, []],
    [{ offset: 8 }, [8, 9]],
    [{ limit: 2 }, [0, 1]],
    [{ sample: 5, offset: 1, limit: 2 }, [2, 4]],
  ])('%j', (request, expected) => {
    expect(pickSample(items, request).chosen).toEqual(expected);
  });

  it('says how it picked', () => {
    expect(pickSample(items, { sample: 4, offset: 1 }).note).toEqual({ total: 10, chosen: 3, step: 2.5, offset: 1 });
  });
});

describe('hash of a result', () => {
  it('does not see the order of rows and sees everything else', () => {
    expect(
      resultHash([
        [1, 'a'],
        [2, 'b'],
      ]),
    ).toBe(
      resultHash([
        [2, 'b'],
        [1, 'a'],
      ]),
    );
    const others = [
      [[1, 'a']],
      [['a', 1]],
      [
        [1, 'a'],
        [1, 'a'],
      ],
      [[1, null]],
      [['1', 'a']],
      [],
    ];
    expect(new Set(others.map((rows) => resultHash(rows))).size).toBe(others.length);
  });
});

const header: PredictionHeader = {
  kind: 'header',
  format: 1,
  set: 'tiny',
  mode: 'ask',
  model: 'm',
  candidates: 8,
  temperature: 0.8,
  seed: 1,
  steps: { links: true, repair: false },
  promptVersion: 'p-1',
  threads: 2,
  sample: { total: 12, chosen: 6, step: 2, offset: 0 },
  date: '2026-01-02T03:04:05.000Z',
  reason: 'a test',
};

describe('prediction lines', () => {
  const row: PredictionRow = {
    kind: 'prediction',
    id: 'a',
    db: 'd',
    question: 'q',
    sql: 'SELECT 1',
    candidates: [],
    ms: 1,
    promptTokens: 2,
    sampledTokens: 3,
    forcedTokens: 4,
  };
  const text = formatPrediction(header) + formatPrediction(row);

  it('come back as they were', () => {
    expect(parsePredictions(text)).toEqual({ header, rows: [row], damaged: 0 });
  });

  it.each([
    ['a torn last line', `${text}{"kind":"prediction","id":"b`, 1, 1],
    ['a line of another kind', `${text}{"kind":"note"}\n`, 1, 1],
    ['a row without SQL', `${text}{"kind":"prediction","id":"b"}\n`, 1, 1],
    ['an id twice', text + formatPrediction({ ...row, sql: 'SELECT 2' }), 1, 0],
    ['blank lines', `\n${text}\n\n`, 1, 0],
    ['nothing', '', 0, 0],
  ])('with %s', (_, broken, rows, damaged) => {
    const parsed = parsePredictions(broken);
    expect([parsed.rows.length, parsed.damaged]).toEqual([rows, damaged]);
    expect(parsed.rows.every(({ sql }) => sql === 'SELECT 1')).toBe(true);
  });
});

const verdict = (id: string, change: Partial<Verdict>): Verdict => ({
  id,
  db: 'd',
  hardness: 'easy',
  tables: 1,
  answerable: true,
  refused: false,
  runnable: true,
  correct: { spider_ex: true, strict: true },
  bestOf: id !== 'f',
  capped: false,
  goldFailed: false,
  question: `question ${id}`,
  gold: 'SELECT 1',
  sql: 'SELECT 1',
  problem: '',
  ms: 100,
  promptTokens: 10,
  sampledTokens: 5,
  forcedTokens: 2,
  ...change,
});
const wrong = { spider_ex: false, strict: false };
const verdicts: readonly Verdict[] = [
  verdict('a', {}),
  verdict('b', { hardness: 'hard', tables: 3, correct: { spider_ex: true, strict: false }, ms: 300 }),
  verdict('c', { hardness: 'extra', tables: 7, correct: wrong, runnable: false, problem: 'sql.unknownName', sql: 'SELECT x' }),
  verdict('d', {
    hardness: 'medium',
    tables: 2,
    correct: wrong,
    runnable: false,
    refused: true,
    refusal: 'ask.unanswerable',
    sql: '',
    problem: 'ask.unanswerable',
  }),
  verdict('e', {
    hardness: 'medium',
    tables: 5,
    correct: wrong,
    runnable: false,
    refused: true,
    refusal: 'ask.noRunnableCandidate',
    sql: '',
    problem: 'ask.noRunnableCandidate',
  }),
  verdict('f', { hardness: 'easy', correct: wrong, runnable: false, refusal: 'process.died', sql: '', problem: 'process.died', ms: 9000 }),
  verdict('g', {
    answerable: false,
    hardness: 'forecast',
    refused: true,
    refusal: 'ask.unanswerable',
    runnable: false,
    correct: {},
    gold: '',
    sql: '',
  }),
  verdict('h', { answerable: false, hardness: 'opinion', correct: {}, gold: '', sql: 'SELECT 2' }),
];

describe('summary', () => {
  const figures = summarise(verdicts);

  it('counts a refused question as wrong and keeps kinds of failure apart', () => {
    expect(figures.answerable).toBe(6);
    expect([figures.correct.spider_ex?.count, figures.correct.spider_ex?.of]).toEqual([2, 6]);
    expect([figures.correct.strict?.count, figures.correct.bird_ex]).toEqual([1, undefined]);
    expect(figures.withoutRunnable.count).toBe(3);
    expect(figures.refusedAnswerable.count).toBe(1);
    expect([figures.refusedUnanswerable.count, figures.refusedUnanswerable.of]).toEqual([1, 2]);
    expect(figures.faults).toBe(1);
  });

  it('groups by hardness and tables in a fixed order', () => {
    expect(figures.byHardness.map(({ name, questions }) => [name, questions])).toEqual([
      ['easy', 2],
      ['medium', 2],
      ['hard', 1],
      ['extra', 1],
    ]);
    expect(figures.byTables.map(({ name, questions }) => [name, questions])).toEqual([
      ['1', 2],
      ['2', 1],
      ['3', 1],
      ['5+', 2],
    ]);
  });

  it('is written as a report', async () => {
    await expect(renderReport({ header, figures, verdicts, failures: 10 })).toMatchFileSnapshot('report.golden.txt');
    expect(headline(figures)).toBe(
      'spider_ex 33.3 % [9.7 – 70.0] (2 / 6), strict 16.7 % [3.0 – 56.4] (1 / 6), refused 50.0 % [9.5 – 90.5] (1 / 2)',
    );
  });

  it('has figures for nothing at all', () => {
    expect(summarise([]).latency).toEqual({ p50: 0, p95: 0, mean: 0 });
    expect(renderReport({ header, figures: summarise([]), verdicts: [], failures: 10 })).toContain('0 scored');
  });
});

describe('two runs', () => {
  const run = (right: readonly boolean[]): Verdict[] => right.map((correct, at) => verdict(`q${at}`, { correct: { spider_ex: correct } }));
  const of = (length: number, right: (at: number) => boolean): Verdict[] => run(Array.from({ length }, (_, at) => right(at)));

  // Exact two-sided binomial probabilities.
  it.each([
    ['equal', of(4, () => true), of(4, () => true), 0, 0, 1],
    ['one better', of(4, () => true), of(4, (at) => at > 0), 1, 0, 1],
    ['five better', of(9, () => true), of(9, (at) => at > 4), 5, 0, 0.0625],
    ['nine against one', of(20, (at) => at !== 19), of(20, (at) => at > 8), 9, 1, 0.02148],
    ['many', of(2000, (at) => at < 1500), of(2000, () => false), 1500, 0, 0],
  ])('%s', (_, first, second, gained, lost, p) => {
    const paired = comparePaired(first, second, 'spider_ex');
    expect([paired.onlyFirst.length, paired.onlySecond.length]).toEqual([gained, lost]);
    expect(paired.p).toBeCloseTo(p, 4);
  });

  it('are compared on the questions of both', () => {
    const paired = comparePaired(run([true, false, true]), run([false, true]), 'spider_ex');
    expect(paired).toMatchObject({ questions: 2, bothRight: 0, onlyFirst: ['q0'], onlySecond: ['q1'] });
    expect(renderPaired(paired, 'spider_ex', 'old.jsonl')).toContain('difference +0.0 points, p = 1.000');
  });
});
