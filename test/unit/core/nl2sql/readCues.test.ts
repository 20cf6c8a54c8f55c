import { describe, expect, it } from 'vitest';
import { type Cue, cueAgreement, readCues } from '../../../../src/core/nl2sql/readCues.js';

describe('readCues', () => {
  it.each<[string, Cue[]]>([
    ['How many singers are there?', ['count']],
    ['the average age for each country', ['average', 'group']],
    ['Which singer has no concert?', ['negation']],
    ['the oldest pet', ['superlative']],
    ['names sorted by age', ['order']],
    ['who owns both a cat and a dog?', ['both']],
    ['list all names', []],
  ])('%s', (question, cues) => {
    expect(readCues(question)).toEqual(cues);
  });
});

describe('cueAgreement', () => {
  it.each<[string, string, number]>([
    ['How many singers are there?', 'SELECT COUNT(*) FROM singer', 1],
    ['How many singers are there?', 'SELECT name FROM singer', 0],
    ['the average age for each country', 'SELECT AVG(age) FROM singer', 0.5],
    ['list all names', 'SELECT name FROM singer', 1],
    ['list all names', 'SELECT name FROM singer WHERE id NOT IN (SELECT 1)', 2 / 3],
    ['list all names', "SELECT name FROM singer WHERE note = 'NOT IN'", 1],
  ])('%s: %s', (question, sql, share) => {
    expect(cueAgreement(question, sql)).toBeCloseTo(share);
  });
});
