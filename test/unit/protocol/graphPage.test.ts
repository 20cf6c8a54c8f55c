import { describe, expect, test } from 'vitest';
import { layoutAnswerOf } from '../../../src/protocol/layoutThread.js';
import { readGraphFocus, readGraphHostMessage, readGraphPageMessage } from '../../../src/protocol/graphPage.js';

describe('messages of the graph page', () => {
  test.each([
    { type: 'ready' },
    { type: 'ready', detail: 'keys' },
    { type: 'detail', detail: 'names' },
    { type: 'ddl', database: '/d', table: 't' },
    { type: 'move', database: '/d', table: 't', place: [1, -2.5] },
    { type: 'resetPositions' },
    { type: 'sql', database: '/d', tables: ['a', 'b'], relations: ['r'] },
    { type: 'saveText', format: 'dbml', tables: [{ database: '/d', table: 't' }] },
    { type: 'saveSvg', text: '<svg/>' },
    { type: 'savePng', base64: 'AAAA' },
  ])('%j is one', (message) => {
    expect(readGraphPageMessage(message)).toEqual(message);
  });

  test.each([
    undefined,
    'ready',
    [],
    { type: 'toString' },
    { type: 'ready', detail: 'everything' },
    { type: 'detail' },
    { type: 'ddl', database: '/d' },
    { type: 'move', database: '/d', table: 't', place: [1] },
    { type: 'move', database: '/d', table: 't', place: [1, Infinity] },
    { type: 'sql', database: '/d', tables: 'a', relations: [] },
    { type: 'saveText', format: 'pdf', tables: [] },
    { type: 'saveText', format: 'dbml', tables: ['t'] },
    { type: 'savePng', base64: 'no base64!' },
  ])('%j is none', (message) => {
    expect(readGraphPageMessage(message)).toBeUndefined();
  });

  test.each([
    [{ database: '/d' }, { database: '/d', tables: [], relations: [] }],
    [
      { database: '/d', table: 't' },
      { database: '/d', tables: ['t'], relations: [] },
    ],
    [
      { database: '/d', root: 'a', tables: ['a', 'b'], relations: ['r'] },
      { database: '/d', tables: ['a', 'b'], relations: ['r'] },
    ],
    [{ table: 't' }, undefined],
    [{ database: '/d', tables: [1] }, undefined],
    [{ database: '/d', relations: 'r' }, undefined],
    ['/d', undefined],
  ])('%j as a focus', (value, expected) => {
    expect(readGraphFocus(value)).toEqual(expected);
  });

  test.each([
    [{ type: 'notice', text: 'saved' }, true],
    [{ type: 'focus', focus: { database: '/d', tables: ['t'], relations: [] } }, true],
    [{ type: 'graph', detail: 'keys', databases: [], places: [], failures: [], moved: {} }, true],
    [{ type: 'graph', detail: 'keys', databases: [] }, false],
    [{ type: 'focus' }, false],
    [{ type: 'rows' }, false],
    [null, false],
  ])('%j to the page', (message, isOne) => {
    expect(readGraphHostMessage(message) !== undefined).toBe(isOne);
  });

  test.each([
    [{ id: 1, places: [[0, 0]] }, true],
    [{ id: 1, places: [] }, true],
    [{ id: '1', places: [] }, false],
    [{ id: 1, places: [[0]] }, false],
    [{ id: 1, places: [[0, NaN]] }, false],
    [undefined, false],
  ])('%j of the layout thread', (answer, isOne) => {
    expect(layoutAnswerOf(answer) !== undefined).toBe(isOne);
  });
});
