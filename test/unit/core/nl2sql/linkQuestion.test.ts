import { describe, expect, it } from 'vitest';
import { type ValueMatch } from '../../../../src/core/graph/types.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);
const stored: readonly ValueMatch[] = [
  { table: 'customers', column: 'country', value: 'France', score: 1 },
  { table: 'customers', column: 'city', value: 'São Paulo', score: 1 },
  { table: 'products', column: 'name', value: 'Garden Chair', score: 1 },
];

/** A stand-in index: exact 1, other case 0.95, one missing letter 0.9. */
function findValues(mention: string): ValueMatch[] {
  return stored.flatMap((match) => {
    if (match.value === mention) return [match];
    if (match.value.toLowerCase() === mention.toLowerCase()) return [{ ...match, score: 0.95 }];
    const shorter = [...match.value].some((_, at) => match.value.slice(0, at) + match.value.slice(at + 1) === mention);
    return shorter ? [{ ...match, score: 0.9 }] : [];
  });
}

function linksOf(question: string): string[] {
  return linkQuestion(question, names, { findValues }).links.map((link) =>
    `${link.kind} "${link.text}" ${[link.table, link.column, link.value].filter((part) => part !== undefined).join('.')}`.trim(),
  );
}

describe('linkQuestion', () => {
  it.each([
    ['How many customers are there?', ['tableExact "customers" customers']],
    ['Show order lines', ['tableExact "order lines" order_lines']],
    ['list the first names', ['columnExact "first names" customers.first_name']],
    ['stars of review scores', ['columnExact "stars" ReviewScores.stars', 'tableExact "review scores" ReviewScores']],
    ['the product name', ['columnExact "product name" products.name']],
    ['more than 5 orders', ['number "5" 5', 'tableExact "orders" orders']],
    ['top three customers', ['number "three" 3', 'tableExact "customers" customers']],
    ['orders in March 2024', ['tableExact "orders" orders', 'time "March" 03', 'number "2024" 2024', 'time "2024" 2024']],
  ])('%s', (question, expected) => {
    expect(linksOf(question)).toEqual(expected);
  });

  it.each([
    ['customers from France', 'value "France" customers.country.France'],
    ['customers from france', 'value "france" customers.country.France'],
    ['who lives in são paulo?', 'value "são paulo" customers.city.São Paulo'],
    ['sales of "Garden Chai"', 'value "Garden Chai" products.name.Garden Chair'],
    ['customers from Frnce', 'value "Frnce" customers.country.France'],
  ])('finds the stored spelling in %s', (question, expected) => {
    expect(linksOf(question)).toContain(expected);
  });

  it('ties a word that meets nothing to names that mean the same', () => {
    expect(linksOf('clients by town')).toContain('tablePartial "clients" customers');
    expect(linksOf('goods of the clients')).toContain('tablePartial "clients" customers');
    expect(linksOf('customers')).toEqual(['tableExact "customers" customers']);
    expect(linksOf('Which patients are there?')).toEqual([]);
  });

  it('does not take ordinary words for misspelled values', () => {
    expect(linksOf('show the frnce').filter((link) => link.startsWith('value'))).toEqual([]);
  });

  it('gives partial links the share of the name that was met', () => {
    const partial = linkQuestion('the first ones', names).links.concat(linkQuestion('total of all', names).links);
    expect(partial.every((link) => link.score <= 1)).toBe(true);
    const parent = linkQuestion('their parent', names).links;
    expect(parent.map((link) => [link.kind, link.column, link.score])).toEqual([['columnPartial', 'parent_id', 0.5]]);
  });
});
