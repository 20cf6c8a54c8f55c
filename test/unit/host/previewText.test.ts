/** The document of a preview, as people read it. */
import { expect, test } from 'vitest';
import { type WritePreview } from '../../../src/core/sql/changeTypes.js';
import { previewText, type PreviewWords } from '../../../src/host/features/writePreview/previewText.js';

const words: PreviewWords = {
  title: 'Changes to shop.db',
  state: 'Nothing written.',
  nothing: 'Nothing changes.',
  effect: (rows) => `${rows} rows`,
  counts: ({ deleted, updated, inserted }) => `-${deleted} ~${updated} +${inserted}`,
  unknown: 'not comparable',
  more: (rows) => `and ${rows} more`,
  created: (type, name) => `${type} ${name} created`,
  dropped: (type, name) => `${type} ${name} dropped`,
  altered: (type, name) => `${type} ${name} altered`,
};

const nothing: WritePreview = {
  database: '/shop.db',
  statements: [{ sql: 'DELETE FROM t\nWHERE 0', changes: 0 }],
  schema: [],
  tables: [],
  elapsedMs: 1,
};

test('nothing changes', () => {
  expect(previewText(nothing, words)).toBe(
    'Changes to shop.db\nNothing written.\n\n  DELETE FROM t\n  WHERE 0\n  -- 0 rows\n\nNothing changes.\n',
  );
});

test('every kind of change', async () => {
  const preview: WritePreview = {
    ...nothing,
    statements: [
      { sql: "UPDATE t SET b = 'x\ny'", changes: 3 },
      { sql: 'CREATE TABLE u(a)', changes: 0 },
    ],
    schema: [
      { type: 'table', name: 'u', after: 'CREATE TABLE u(a)' },
      { type: 'index', name: 'i', before: 'CREATE INDEX i ON t(b)' },
      { type: 'table', name: 't', before: 'CREATE TABLE t(a)', after: 'CREATE TABLE t(a,\n  b)' },
      { type: 'index', name: 'sqlite_autoindex_t_1', before: '' },
    ],
    tables: [
      {
        table: 't',
        keyColumns: ['a'],
        columns: ['a', 'b', 'long'],
        inserted: 1,
        deleted: 1,
        updated: 12,
        rows: [
          { kind: 'deleted', key: ['1'], before: ['1', 'NULL', "''"] },
          { kind: 'updated', key: ['2'], before: ['2', "'x'", "'l'"], after: ['2', "'x\r\ny'", "'l'"] },
          { kind: 'updated', key: ['3'], before: ['3', "'x'", "'l'… (500)"], after: ['3', "'x'", "'l'… (500)"] },
          { kind: 'inserted', key: ['4'], after: ['4', "X'00'", '9007199254740993'] },
        ],
      },
      { table: 'search', keyColumns: [], columns: [], inserted: 0, deleted: 0, updated: 0, rows: [], unknown: true },
    ],
  };
  await expect(previewText(preview, words)).toMatchFileSnapshot('writePreview.golden.txt');
});
