/** What the training page and the extension take from each other, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { readTrainingHostMessage, readTrainingPageMessage, readTrainingState } from '../../../src/protocol/trainingPage.js';
import { atTheEnd, atWork } from '../../support/trainingStates.js';

describe('from the page', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['ready', { type: 'ready' }, { type: 'ready' }],
    ['start', { type: 'start', more: 1 }, { type: 'start' }],
    ['a button', { type: 'pause' }, { type: 'pause' }],
    ['an adapter', { type: 'use', id: 'a' }, { type: 'use', id: 'a' }],
    ['the plain model', { type: 'use' }, { type: 'use' }],
    ['an adapter that is no name', { type: 'use', id: 7 }, undefined],
    ['an unknown button', { type: 'explode' }, undefined],
    ['an inherited name', { type: 'constructor' }, undefined],
    ['no message', 'pause', undefined],
    ['null', null, undefined],
  ];
  it.each(cases)('%s', (_, message, wanted) => expect(readTrainingPageMessage(message)).toEqual(wanted));
});

describe('a state', () => {
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ['at work', atWork, true],
    ['at the end', atTheEnd, true],
    ['without a run', { adapters: [], actions: [] }, true],
    ['without adapters', { actions: [] }, false],
    ['a status of another version', { ...atWork, run: { ...atWork.run, status: 'dreaming' } }, false],
    ['progress of another version', { ...atWork, run: { ...atWork.run, progress: { stages: [] } } }, false],
    ['nothing', undefined, false],
  ];
  it.each(cases)('%s', (_, state, isGood) => {
    expect(readTrainingState(state) !== undefined).toBe(isGood);
    expect(readTrainingHostMessage({ type: 'state', state }) !== undefined).toBe(isGood);
  });
  it('comes under its own name', () => expect(readTrainingHostMessage({ type: 'other', state: atWork })).toBeUndefined());
});
