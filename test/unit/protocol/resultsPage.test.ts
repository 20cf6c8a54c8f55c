import { describe, expect, test } from 'vitest';
import { readPageMessage } from '../../../src/protocol/resultsPage.js';

const view = { sort: [{ column: 0, descending: true }], filters: [{ column: -1, operator: 'contains', value: 'x' }] };

describe('messages of the results page', () => {
  test.each<object>([
    { type: 'ready' },
    { type: 'rows', tab: 1, generation: 2, from: 0, count: 200 },
    { type: 'view', tab: 1, view },
    { type: 'cell', tab: 1, row: 0, column: 3 },
    { type: 'copy', tab: 1, format: 'insert', from: 0, columns: [0, 1], header: true },
    { type: 'copy', tab: 1, format: 'tsv', from: 0, to: 5, columns: [], header: false },
    { type: 'export', tab: 1, format: 'parquet' },
    { type: 'chart', tab: 1, columns: [0] },
    { type: 'compare', tab: 1, other: 2 },
    { type: 'matchBy', tab: 1, keys: ['id'] },
    { type: 'pin', tab: 1, pinned: true },
    { type: 'close', tab: 0 },
  ])('%j is taken', (message) => {
    expect(readPageMessage(message)).toEqual(message);
  });

  test.each<unknown>([
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'toString', tab: 1 },
    { type: 'unknown', tab: 1 },
    { type: 'close' },
    { type: 'close', tab: -1 },
    { type: 'close', tab: '1' },
    { type: 'rows', tab: 1, generation: 2, from: -1, count: 200 },
    { type: 'rows', tab: 1, generation: 2, from: 0.5, count: 200 },
    { type: 'rows', tab: 1, generation: 2, from: 0, count: 1e9 },
    { type: 'view', tab: 1, view: { sort: [], filters: [{ column: -2, operator: 'equals', value: '' }] } },
    { type: 'view', tab: 1, view: { sort: [], filters: [{ column: 0, operator: 'or 1=1', value: '' }] } },
    { type: 'view', tab: 1, view: { sort: [{ column: '0; DROP', descending: true }], filters: [] } },
    { type: 'view', tab: 1 },
    { type: 'copy', tab: 1, format: 'exe', from: 0, columns: [], header: true },
    { type: 'export', tab: 1, format: 'sql' },
    { type: 'chart', tab: 1, columns: [] },
    { type: 'matchBy', tab: 1, keys: [1] },
    { type: 'pin', tab: 1, pinned: 'yes' },
  ])('%j is not', (message) => {
    expect(readPageMessage(message)).toBeUndefined();
  });
});
