/** What was typed for parameters is there the next time, by name. */
import { expect, test } from 'vitest';
import { ParameterMemory } from '../../../src/host/services/parameterMemory.js';
import { fakeMemory } from '../../support/fakeMemory.js';

test('nothing is known before something was typed', () => expect(new ParameterMemory(fakeMemory()).values).toEqual({}));

test('values of several statements stand beside each other, the last of each name counts', async () => {
  const memory = fakeMemory();
  await new ParameterMemory(memory).add({ ':city': 'Bern', '?1': "'12'" });
  await new ParameterMemory(memory).add({ ':city': '', ':year': '2024' });
  expect(new ParameterMemory(memory).values).toEqual({ ':city': '', '?1': "'12'", ':year': '2024' });
});

test('a very long value is not kept, and leaves what was there', async () => {
  const parameters = new ParameterMemory(fakeMemory());
  await parameters.add({ ':a': 'short', ':b': 'x'.repeat(2_000) });
  await parameters.add({ ':a': 'x'.repeat(2_001), ':c': 'x'.repeat(2_001) });
  expect(parameters.values).toEqual({ ':a': 'short', ':b': 'x'.repeat(2_000) });
});

test('clearing forgets all of them', async () => {
  const parameters = new ParameterMemory(fakeMemory());
  await parameters.add({ ':a': '1' });
  await parameters.clear();
  expect(parameters.values).toEqual({});
});
