import { describe, expect, it } from 'vitest';
import { type NounRelation, NounRelations } from '../../../../src/core/nl2sql/nounRelations.js';

describe('nouns in WordNet', () => {
  it.each<[string, string[], NounRelation | undefined]>([
    ['client', ['order', 'customer'], 'same'],
    ['film', ['movie'], 'same'],
    ['nation', ['country'], 'same'],
    ['airdrome', ['airport'], 'same'],
    ['vessel', ['ship'], 'kind'],
    ['ship', ['vessel'], 'kind'],
    ['town', ['city'], 'sibling'],
    ['town', ['order'], undefined],
    ['patient', ['customer', 'order'], undefined],
    ['xyzzy', ['customer'], undefined],
    ['client', ['xyzzy'], undefined],
    ['client', [], undefined],
  ])('%s among %j: %s', (word, names, relation) => {
    expect(new NounRelations(names).find(word)).toBe(relation);
  });

  it('knows the words of its own table, each related to itself', () => {
    const words = ['customer', 'price', 'city', 'street', 'album', 'salary'];
    expect(words.map((word) => new NounRelations([word]).find(word))).toEqual(words.map(() => 'same'));
  });
});
