/** What a trained model writes besides plain SQL: its prompts, their versions and the grammars of its answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { buildGrammar } from '../../../../src/core/nl2sql/buildGrammar.js';
import { promptKindOf, type PromptTarget, promptStyles, promptTargets, promptVersionOf } from '../../../../src/core/nl2sql/promptStyle.js';
import { type PromptPart } from '../../../../src/core/nl2sql/promptPart.js';
import { type Prompt, renderPrompt } from '../../../../src/core/nl2sql/renderPrompt.js';
import { repairPrompt } from '../../../../src/core/nl2sql/repairPrompt.js';
import { writtenFor } from '../../../../src/core/nl2sql/writtenFor.js';
import { shopKnowledge, shopRelations, shopSchema } from '../../../support/shopSchema.js';

function render(target: PromptTarget): Prompt {
  return renderPrompt({
    knowledge: shopKnowledge,
    template: 'chatml',
    linked: { question: 'How many customers?', words: ['how', 'many', 'customers'], links: [], values: [] },
    choice: { tables: ['customers'], related: ['customers'], terminals: ['customers'], joins: [], bridges: [] },
    demonstrations: [],
    showValues: true,
    showJoins: true,
    style: 'bare',
    target,
    schemaBudget: 2_600,
  });
}

const textOf = (parts: readonly PromptPart[]): string => parts.map(({ text }) => text).join('');

describe('versions', () => {
  it('differ by target, and say what an adapter was trained to write', () => {
    expect(promptTargets.map((target) => promptVersionOf('bare', target))).toEqual([
      'joinery-1-bare',
      'joinery-1-bare-think',
      'joinery-1-bare-ir',
    ]);
    for (const target of promptTargets) expect(promptKindOf(promptVersionOf('bare', target))).toEqual({ style: 'bare', target });
    for (const style of promptStyles) expect(promptKindOf(promptVersionOf(style))).toEqual({ style, target: 'sql' });
  });

  it.each(['joinery-1-ir', 'joinery-0', 'joinery-1-bare-', ''])('%s is none of them', (version) => {
    expect(promptKindOf(version)).toBeUndefined();
  });
});

describe('prompts', () => {
  it.each([
    ['sql', '<|im_start|>assistant\n```sql\n'],
    ['think', '<|im_start|>assistant\n### Plan\n'],
    ['ir', '<|im_start|>assistant\n```sql\n'],
  ] as const)('of %s end where the model goes on', (target, end) => {
    expect(textOf(render(target).rest).endsWith(end)).toBe(true);
  });

  it('share no prefix: what is asked for stands in it', () => {
    const prompts = promptTargets.map(render);
    expect(new Set(prompts.map(({ prefixKey }) => prefixKey)).size).toBe(3);
    expect(new Set(prompts.map(({ prefix }) => textOf(prefix))).size).toBe(3);
    expect(textOf(prompts[2]?.prefix ?? [])).toContain('Leave out FROM and JOIN');
  });

  it('show a failed statement in its fence and open the plan again', () => {
    const failed = { sql: 'SELECT x FROM customers', error: 'no such column: x', tables: ['customers'] };
    const text = textOf(repairPrompt(render('think'), { ...failed, target: 'think' }, shopKnowledge, 'chatml'));
    expect(text).toContain('### Plan\n```sql\nSELECT x FROM customers;\n```');
    expect(text.endsWith('assistant\n### Plan\n')).toBe(true);
  });
});

describe('statements that a prompt shows', () => {
  const joined = 'SELECT c.city FROM customers AS c JOIN orders AS o ON o.customer_id = c.customer_id;';
  it.each([
    ['sql', joined, joined],
    ['think', joined, joined],
    ['ir', joined, 'SELECT customers.city USING orders'],
    ['ir', 'SELECT COUNT(*) FROM (SELECT 1)', 'SELECT COUNT(*) FROM (SELECT 1)'],
    ['ir', 'SELECT customers.city USING orders', 'SELECT customers.city USING orders'],
  ] as const)('to a model that writes %s: %s', (target, sql, shown) => {
    expect(writtenFor(target, sql, shopKnowledge)).toBe(shown);
  });

  it('a failed one, too', () => {
    const failed = { sql: 'SELECT city FROM customers', tables: ['customers'], target: 'ir' as const };
    expect(textOf(repairPrompt(render('ir'), failed, shopKnowledge, 'chatml'))).toContain('```sql\nSELECT customers.city;\n```');
  });
});

function accepts(answer: string, target: PromptTarget): boolean {
  const tables = shopSchema.tables.map(({ name }) => name);
  const literalsByColumn = new Map([['customers.country', ['Italy']]]);
  const input = { schema: shopSchema, tables, relations: shopRelations, literals: ['Rome', "O'Neil"], literalsByColumn, lockJoins: true };
  const matcher = compileGrammar(buildGrammar({ ...input, completeFrom: true, sketch: false, freeLiterals: false, target }));
  const state = matcher.advance(matcher.start, answer);
  return state !== undefined && matcher.isComplete(state);
}

describe('the grammar of join-free statements', () => {
  it.each([
    ['SELECT customers.city', true],
    ['SELECT DISTINCT customers.city USING orders', true],
    ["SELECT COUNT(orders.*) WHERE customers.city = 'Rome'", true],
    ['SELECT customers.* USING orders.customer_id, order_lines ORDER BY customers.city DESC LIMIT 3', true],
    ["SELECT customers.city WHERE customers.country = 'Italy'", true],
    ['SELECT customers.city, COUNT(orders.*) AS n GROUP BY customers.city HAVING COUNT(orders.*) > 2 ORDER BY n DESC', true],
    ['SELECT products.name WHERE products.price > (SELECT AVG(products.price) USING order_lines)', true],
    ['SELECT customers.city EXCEPT SELECT customers.city WHERE orders.total_cents > 5', true],
    ['SELECT customers.city UNION SELECT customers.city, orders.order_date', false],
    ['SELECT customers.city, orders.order_date UNION SELECT customers.city', false],
    ['SELECT customers.city, orders.order_date UNION SELECT products.name, products.price', true],
    ['SELECT customers.city FROM customers', false],
    ['SELECT city', false],
    ['SELECT customers.weather', false],
    ["SELECT customers.city WHERE customers.city = 'Oslo'", false],
    ['SELECT customers.city USING weather', false],
  ])('%s: %s', (answer, expected) => {
    expect(accepts(answer, 'ir')).toBe(expected);
  });
});

/** The trainer's tests hold the same file against what is trained on. */
const plannedAnswers = readFileSync(join(import.meta.dirname, '..', '..', '..', 'fixtures', 'prompts', 'plannedAnswers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly sql: string; readonly answer: string });

describe('the grammar of a plan and a statement', () => {
  it.each(plannedAnswers)('takes the plan of $sql', ({ answer }) => {
    expect(accepts(answer.slice(0, answer.lastIndexOf(';')), 'think')).toBe(true);
  });

  it.each([
    ['1. Which city of customers?\n```sql\nSELECT city FROM customers', true],
    ['1. Which city of customers?\n2. The first 3, by city?\n```sql\nSELECT city FROM customers ORDER BY city LIMIT 3;', true],
    ['1. Which city?\n```sql\nSELECT weather FROM customers', false],
    ['SELECT city FROM customers', false],
    ['1. Which city; of customers?\n```sql\nSELECT city FROM customers', false],
    ['```sql\nSELECT city FROM customers', false],
  ])('%j: %s', (answer, expected) => {
    expect(accepts(answer, 'think')).toBe(expected);
  });
});
