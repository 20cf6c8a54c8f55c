import { describe, expect, it } from 'vitest';
import { readBeyondData } from '../../../../src/core/nl2sql/beyondData.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { countContentWords, findMissingWords as findWeighed, findUnmetWords } from '../../../../src/core/nl2sql/missingWords.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { makeSchema, makeTable, shopSchema } from '../../../support/shopSchema.js';

const findMissingWords = (...asked: Parameters<typeof findWeighed>): string[] => findWeighed(...asked).map(({ word }) => word);

describe('words that meet nothing', () => {
  const linked = (question: string): ReturnType<typeof linkQuestion> => linkQuestion(question, buildNameIndex(shopSchema));

  it('lists them in order', () => {
    expect(findUnmetWords(linked('Show the salary of customers in the warehouse'))).toEqual(['salary', 'warehouse']);
  });

  it('everyday words mean nothing by themselves', () => {
    expect(
      findMissingWords(linked('Which customers placed orders recently, listed alphabetically, with their salary?'), shopSchema),
    ).toEqual(['salary']);
  });
});

it('a word of no account counts where it names a table', () => {
  const count = (question: string): number => countContentWords(linkQuestion(question, buildNameIndex(shopSchema)));
  expect(count('Which order has a robot?')).toBe(2);
  expect(count('Which robot is last in order of weight?')).toBe(count('Which robot is last by weight?') + 1);
});

describe('verbs, adverbs and everyday words', () => {
  it.each<[string, string[]]>([
    ['Which customers were billed directly?', []],
    ['Who wrote a five-star letter?', ['letter']],
    ['Which orders came in last year?', []],
    ['How many years is the guarantee?', ['guarantee']],
    ['Which pieces were handled by a robot?', ['robot']],
    ['Who is the tallest?', []],
    ["Which robot came, and where is the robot's castle?", ['robot', 'castle']],
    ['What is order 7 worth in total?', []],
    ["Which customers don't order?", []],
    ['Which forest sent the oldest request?', ['forest', 'request']],
  ])('%s', (question, missing) => {
    expect(findMissingWords(linkQuestion(question, buildNameIndex(shopSchema)), shopSchema)).toEqual(missing);
  });
});

describe('words that resemble a name count as met', () => {
  it.each<[string, string, boolean]>([
    ['latitude', 'lat', true],
    ['name', 'fname', true],
    ['instruction', 'instructor_id', true],
    ['decription', 'description', true],
    ['advisors', 'adviser', true],
    ['cost', 'costs_total', true],
    ['salary', 'celery', false],
    ['weather', 'water', false],
    ['goal', 'go', false],
    ['rent', 'parent_id', true],
  ])('%s and %s', (word, column, met) => {
    const schema = makeSchema([makeTable('zz', [column])]);
    const linked = { question: `show ${word}`, words: ['show', word], links: [], values: [] };
    expect(findMissingWords(linked, schema)).toEqual(met ? [] : [word]);
  });
});

describe('words that mean a name', () => {
  it.each<[string, string, number]>([
    ['clients', 'customer', 0],
    ['movies', 'film', 0],
    ['vessel', 'ship_name', 0],
    ['towns', 'city', 0.3],
    ['patients', 'customer', 1],
  ])('%s and %s: %d', (word, column, weight) => {
    const linked = { question: `show ${word}`, words: ['show', word], links: [], values: [] };
    const found = findWeighed(linked, makeSchema([makeTable('zz', [column])]));
    expect(found).toEqual(weight === 0 ? [] : [{ word, weight }]);
  });
});

describe('questions beyond all data', () => {
  it.each<[string, string | undefined]>([
    ['How many orders will we get?', 'future'],
    ['Which product is likely to sell best next year?', 'future'],
    ['Should I hire more staff?', 'advice'],
    ['Which supplier would you recommend?', 'advice'],
    ['Why do customers return shoes?', 'cause'],
    ['Which orders were placed last year?', undefined],
    ['Who advises the student Will?', undefined],
    ['Will sales rise?', 'future'],
    ['Explain why', undefined],
  ])('%s', (question, beyond) => {
    expect(readBeyondData(question)).toBe(beyond);
  });
});
