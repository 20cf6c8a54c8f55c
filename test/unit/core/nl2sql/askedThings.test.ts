import { describe, expect, it } from 'vitest';
import { countAsked } from '../../../../src/core/nl2sql/askedThings.js';

describe('countAsked', () => {
  it.each([
    ['How many singers are there?', 1],
    ['What is the name of the youngest singer?', 1],
    ['What are the name and age of all singers?', 2],
    ['Show the title, year and rating of movies from France.', 3],
    ['List name, country, age for all singers ordered by age', 3],
    ['What is the average, minimum, and maximum age of all singers from France?', 3],
    ['For each city, how many customers are there?', 2],
    ['How many singers are there for each country?', 2],
    ['Which country has the most singers?', 1],
    ['Find the names of customers who live in Rome and are older than 30.', 1],
    ['Which customers ordered more than 5 chairs and less than 10 tables?', 1],
    ['What are the names of customers from France, and how many orders did they place?', 2],
    ['Show the names of students along with the titles of their books.', 2],
    ["Who wrote 'War and Peace'?", 1],
    ['', 1],
  ])('%s', (question, expected) => {
    expect(countAsked(question)).toBe(expected);
  });
});
