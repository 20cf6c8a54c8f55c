/** Database values survive a trip through JSON. */
import { expect, it } from 'vitest';
import { decodeValues, encodeValues } from '../../../../src/engine/catalogue/cacheValues.js';

it.each([
  [[null, 1, -1.5, 'text', '$integer']],
  [[2n ** 62n, -(2n ** 63n)]],
  [[new Uint8Array([0, 255, 1]), new Uint8Array()]],
  [[Infinity, -Infinity]],
  [[{ table: 'a', examples: [1n, 'x'] }]],
])('%o', (value) => {
  expect(JSON.parse(JSON.stringify(value, encodeValues), decodeValues)).toEqual(value);
});

it('takes the bytes of a Buffer', () => {
  expect(JSON.parse(JSON.stringify([Buffer.from([1, 2])], encodeValues), decodeValues)).toEqual([new Uint8Array([1, 2])]);
});
