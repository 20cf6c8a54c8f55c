import { expect, it } from 'vitest';
import { chooseSchema } from '../../../../src/core/nl2sql/chooseSchema.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { pickSketch } from '../../../../src/core/nl2sql/pickSketch.js';
import { shopKnowledge, shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);

it.each([
  ['How many customers are there?', 'customers'],
  ['List the city and country of all customers.', 'customers'],
  ['What are the prices of products?', 'products'],
  ['Who has 5 stars?', undefined],
  ['What stars are there?', 'ReviewScores'],
  ['Which customers spent the most?', undefined],
  ['How many orders does each customer have?', undefined],
  ['customers without orders', undefined],
  ['customers and their orders', undefined],
  ['What is the weather?', undefined],
  ['How many orders are there?', 'orders'],
  ['How many orders are there of 2024?', undefined],
  ['How many cities have more than five customers?', undefined],
  ['List all categories.', undefined],
])('%s', (question, table) => {
  const linked = linkQuestion(question, names);
  expect(pickSketch(linked, chooseSchema(shopKnowledge, linked, { maxTables: 10 }), shopKnowledge.relations)).toBe(table);
});
