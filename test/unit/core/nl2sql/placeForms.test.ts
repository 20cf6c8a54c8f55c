import { describe, expect, it } from 'vitest';
import { placeForms } from '../../../../src/core/nl2sql/placeForms.js';

describe('forms of a place', () => {
  it.each([
    ['Vietnamese', 'Vietnam'],
    ['vietnamese', 'Viet Nam'],
    ['British', 'UK'],
    ['south korean', 'South Korea'],
    ['Asian', 'Asia'],
    ['France', 'French'],
    ['netherlands', 'Dutch'],
    ['Polish', 'Poland'],
  ])('%s and %s', (mention, form) => {
    expect(placeForms(mention)).toContain(form);
  });

  it.each(['polish', 'scotch', 'Nordholm', 'customers', ''])('none for %j', (mention) => {
    expect(placeForms(mention)).toEqual([]);
  });
});
