import { expect, it } from 'vitest';
import { JoineryError } from '../../../src/core/shared/errors.js';
import {
  candidateNoticeOf,
  generateParamsOf,
  generateResultOf,
  runtimeFactsOf,
  tokenCountOf,
} from '../../../src/protocol/checkMessages.js';
import { errorDataOf, errorFromData } from '../../../src/protocol/errorData.js';

it('errors of the family cross with code and arguments', () => {
  const error = new JoineryError('model.tooBig', { id: 'm', needBytes: 3, tags: ['a', 'b'] });
  const crossed = errorFromData(JSON.parse(JSON.stringify(errorDataOf(error))));
  expect([crossed?.code, crossed?.details]).toEqual([error.code, error.details]);
});

it('other errors cross as internal', () => {
  expect(errorDataOf(new Error('boom'))).toEqual({ code: 'internal', details: { reason: 'boom' } });
});

it.each([undefined, null, 3, 'x', {}, { code: 'nonsense', details: {} }, { code: 'cancelled' }, { code: 'cancelled', details: null }])(
  '%j is no error of the family',
  (data) => {
    expect(errorFromData(data)).toBeUndefined();
  },
);

it('arguments of odd kinds are left out', () => {
  expect(errorFromData({ code: 'cancelled', details: { a: 1, b: { c: 2 }, d: [1] } })?.details).toEqual({ a: 1 });
});

const candidate = { text: 'x', count: 1, greedy: true, logProbability: -1, sampledTokens: 1, forcedTokens: 0, finish: 'stop' };

it('whole messages pass', () => {
  expect(candidateNoticeOf({ requestId: 'r', candidate }).candidate.text).toBe('x');
  expect(generateResultOf({ candidates: [candidate], stats: {} }).candidates).toHaveLength(1);
  expect(tokenCountOf(3)).toBe(3);
});

it.each<[string, () => unknown]>([
  ['facts', () => runtimeFactsOf({ protocolVersion: '1' })],
  ['nothing', () => runtimeFactsOf(undefined)],
  ['a list', () => runtimeFactsOf([])],
  ['a result', () => generateResultOf({ candidates: {}, stats: {} })],
  ['a candidate', () => generateResultOf({ candidates: [{ ...candidate, count: 'one' }], stats: {} })],
  ['a notice', () => candidateNoticeOf({ requestId: 1, candidate })],
  ['parameters', () => generateParamsOf({ requestId: 'r' })],
  ['a count', () => tokenCountOf('3')],
])('%s of another shape is another version', (_, read) => {
  expect(read).toThrow(expect.objectContaining({ code: 'process.wrongVersion' }) as Error);
});
