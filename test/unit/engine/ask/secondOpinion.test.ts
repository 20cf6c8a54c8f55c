import { describe, expect, it } from 'vitest';
import { defaultSteps } from '../../../../src/engine/ask/askSteps.js';
import { type AskRequest } from '../../../../src/engine/ask/types.js';
import { flat, request, setUp } from '../../../support/scriptedAsk.js';

describe('a second opinion', () => {
  const results = {
    'SELECT city FROM customers': [['Rome']],
    'SELECT country FROM customers': [['Italy']],
    'SELECT c.country FROM customers AS c': [['Italy']],
  };
  const ask = (answers: readonly (readonly string[])[], more: Partial<AskRequest> = {}, secondOpinion = true) => {
    const { service, calls } = setUp({ answers, results, target: 'sql', secondOpinion });
    return service.ask(request('country of all customers', { candidates: 0, ...more })).then((outcome) => ({
      sql: outcome.kind === 'answer' ? flat(outcome.sql) : outcome.code,
      evidence: outcome.kind === 'answer' ? outcome.evidence : undefined,
      others: outcome.kind === 'answer' ? outcome.alternatives.map(({ sql }) => flat(sql)) : [],
      calls: calls.map(({ candidates, temperature, withoutAdapter = false }) => ({ candidates, temperature, withoutAdapter })),
      prompts: calls.map(({ prefix }) => prefix.map(({ text }) => text).join('').length),
    }));
  };

  it('is a greedy answer without the adapter, behind worked examples; of two that differ the one that says more of the question wins', async () => {
    const { sql, others, evidence, calls, prompts } = await ask([['SELECT city FROM customers'], ['SELECT country FROM customers']]);
    expect(sql).toBe('SELECT country FROM customers');
    expect(others).toEqual(['SELECT city FROM customers']);
    expect(evidence).toMatchObject({ votes: 1, candidates: 2 });
    expect(calls).toEqual([
      { candidates: 1, temperature: 0, withoutAdapter: false },
      { candidates: 1, temperature: 0, withoutAdapter: true },
    ]);
    expect(prompts[1]).toBeGreaterThan((prompts[0] ?? 0) * 1.5);
  });

  it('that agrees is a second vote', async () => {
    const { evidence, others } = await ask([['SELECT country FROM customers'], ['SELECT c.country FROM customers AS c']]);
    expect(evidence).toMatchObject({ votes: 2, candidates: 2 });
    expect(others).toEqual([]);
  });

  it('that cannot be had leaves the first', async () => {
    expect((await ask([['SELECT city FROM customers'], ['dies']])).sql).toBe('SELECT city FROM customers');
  });

  it.each<[string, Partial<AskRequest>, boolean, number]>([
    ['a single answer', { candidates: 1 }, true, 1],
    ['a number that is named', { candidates: 8 }, true, 8],
    ['a model whose adapter leaves little to say', {}, false, 5],
    ['the step switched off', { steps: { ...defaultSteps, secondOpinion: false } }, true, 5],
    ['a statement that was begun', { begun: 'SELECT ' }, true, 5],
  ])('is not asked for: %s', async (_, more, secondOpinion, candidates) => {
    const text = 'begun' in more ? 'city FROM customers' : 'SELECT city FROM customers';
    const { calls } = await ask([[text]], more, secondOpinion);
    expect(calls.map((call) => [call.candidates, call.withoutAdapter])).toEqual([[candidates, false]]);
  });
});
