import { describe, expect, it } from 'vitest';
import { type CandidateNote, type EvalItem, type PredictionHeader, type PredictionRow } from '../../../../src/core/eval/types.js';
import { featureNames } from '../../../../src/core/nl2sql/candidateFeatures.js';
import { parseRanker } from '../../../../src/core/nl2sql/rankCandidates.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { candidateLines } from '../../../../src/engine/eval/candidateLines.js';
import { rechoose } from '../../../../src/engine/eval/rechoose.js';
import { type SqlRunner } from '../../../../src/engine/eval/sqlRunner.js';

const note = (sql: string, features?: Readonly<Record<string, number>>): CandidateNote => ({
  sql,
  count: 1,
  ran: true,
  rows: 1,
  resultHash: '',
  ...(features ? { features } : {}),
});
const rowOf = (candidates: readonly CandidateNote[], more: Partial<PredictionRow> = {}): PredictionRow => ({
  kind: 'prediction',
  id: '1',
  db: 'd',
  question: 'q',
  sql: candidates[0]?.sql ?? '',
  candidates,
  ms: 1,
  promptTokens: 1,
  sampledTokens: 1,
  forcedTokens: 0,
  ...more,
});
const ranker = { format: 1, features: ['coverage'], mean: [0], scale: [1], weights: [1] };
const chosen = (candidates: readonly CandidateNote[], more: object = {}): string | undefined =>
  rechoose([rowOf(candidates)], parseRanker({ ...ranker, ...more }))[0]?.sql;

describe('rechoose', () => {
  it.each<[string, readonly CandidateNote[], object, string]>([
    ['the best score', [note('a', { coverage: 0.2 }), note('b', { coverage: 0.9 })], {}, 'b'],
    ['of equals the one that the run preferred', [note('a', {}), note('b', {})], {}, 'a'],
    ['rows first', [note('a', { coverage: 0.2 }), note('b', { coverage: 0.9, noRows: 1 })], {}, 'a'],
    ['one row of zeros before none', [note('a', { noRows: 1, coverage: 1 }), note('b', { nothing: 1 })], {}, 'b'],
    ['no rows where the ranker may', [note('a', { coverage: 0.2 }), note('b', { coverage: 0.9, noRows: 1 })], { rowsFirst: false }, 'b'],
    ['nothing else in rows of older versions', [note('a'), note('b')], {}, 'a'],
    ['nothing else where one has no features', [note('a', { coverage: 0.1 }), note('b', { coverage: 0.9 }), note('c')], {}, 'a'],
  ])('takes %s', (_, candidates, more, expected) => {
    expect(chosen(candidates, more)).toBe(expected);
  });

  it('leaves refusals alone', () => {
    const refused = rowOf([], { refusal: 'ask.unanswerable' });
    expect(rechoose([refused], parseRanker(ranker))).toEqual([refused]);
  });
});

describe('candidateLines', () => {
  const items: readonly EvalItem[] = ['1', '2', '3'].map((id) => ({
    id,
    db: 'd',
    database: '/d.db',
    question: 'q',
    ...(id === '3' ? {} : { gold: 'SELECT gold' }),
  }));
  const runner = {
    run: (_path: string, sql: string) =>
      Promise.resolve(
        sql === 'SELECT broken'
          ? { ok: false, code: 'sql.syntax', message: '' }
          : { ok: true, result: { columns: ['a'], rows: [[sql === 'SELECT other' ? 2 : 1]], truncated: false, elapsedMs: 1 } },
      ),
  } as unknown as SqlRunner;

  it('says which are right and leaves out what has no features or no gold', async () => {
    const rows = [
      rowOf([note('SELECT other', { coverage: 1 }), note('SELECT same', {}), note('SELECT broken', {}), note('SELECT old')]),
      rowOf([note('SELECT old')], { id: '2' }),
      rowOf([note('SELECT same', {})], { id: '3' }),
    ];
    const scoring = { comparators: ['spider_ex' as const], runner, instances: () => Promise.resolve([]), token: neverCancelled };
    const lines = [];
    for await (const line of candidateLines({ kind: 'header' } as PredictionHeader, items, rows, scoring)) lines.push(line);
    expect(lines[0]).toMatchObject({ kind: 'header', format: 1, comparator: 'spider_ex', features: featureNames });
    expect(lines.slice(1).map((line) => line.kind === 'candidate' && [line.id, line.candidate, line.sql, line.right])).toEqual([
      ['1', 0, 'SELECT other', false],
      ['1', 1, 'SELECT same', true],
      ['1', 2, 'SELECT broken', false],
    ]);
    const first = lines[1];
    expect(first?.kind === 'candidate' && first.features.length).toBe(featureNames.length);
    expect(first?.kind === 'candidate' && first.features.filter((value) => value !== 0)).toEqual([1]);
  });
});
