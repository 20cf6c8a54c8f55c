import { describe, expect, it } from 'vitest';
import { defaultSteps } from '../../../../src/engine/ask/askSteps.js';
import { type AskRequest } from '../../../../src/engine/ask/types.js';
import { flat, request, setUp } from '../../../support/scriptedAsk.js';

const withOpinion = { ...defaultSteps, secondOpinion: true };

describe('a second opinion', () => {
  const results = { 'SELECT city FROM customers': [['Rome']], 'SELECT country FROM customers': [['Italy']] };
  const ask = (answers: readonly (readonly string[])[], more: Partial<AskRequest> = {}, secondOpinion = true) => {
    const { service, calls } = setUp({ answers, results, target: 'sql', secondOpinion });
    return service.ask(request('country of all customers', { candidates: 5, steps: withOpinion, ...more })).then((outcome) => ({
      sql: outcome.kind === 'answer' ? flat(outcome.sql) : outcome.code,
      calls: calls.map(({ candidates, temperature, withoutAdapter = false }) => ({ candidates, temperature, withoutAdapter })),
      prompts: calls.map(({ prefix }) => prefix.map(({ text }) => text).join('').length),
    }));
  };

  it('is written without the adapter, behind worked examples, and votes with the others', async () => {
    const { sql, calls, prompts } = await ask([['SELECT city FROM customers'], ['SELECT country FROM customers']]);
    expect(sql).toBe('SELECT country FROM customers');
    expect(calls).toEqual([
      { candidates: 3, temperature: 0.8, withoutAdapter: false },
      { candidates: 2, temperature: 0.8, withoutAdapter: true },
    ]);
    expect(prompts[1]).toBeGreaterThan((prompts[0] ?? 0) * 1.5);
  });

  it('of two candidates is the greedy one', async () => {
    const { calls } = await ask([['SELECT city FROM customers'], ['SELECT country FROM customers']], { candidates: 2 });
    expect(calls.map(({ candidates, temperature }) => [candidates, temperature])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('that cannot be had leaves the first', async () => {
    expect((await ask([['SELECT city FROM customers'], ['dies']])).sql).toBe('SELECT city FROM customers');
  });

  it.each<[string, Partial<AskRequest>, boolean]>([
    ['a single answer', { candidates: 1 }, true],
    ['a model that does not vote better with it', {}, false],
    ['the step switched off', { steps: defaultSteps }, true],
    ['a statement that was begun', { begun: 'SELECT ' }, true],
  ])('is not asked for: %s', async (_, more, secondOpinion) => {
    const text = 'begun' in more ? 'city FROM customers' : 'SELECT city FROM customers';
    expect((await ask([[text]], more, secondOpinion)).calls).toHaveLength(1);
  });
});
