import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { ResultTabs, type SavedTab } from '../../../../src/engine/results/resultTabs.js';
import { type TabFacts, type ToPage } from '../../../../src/protocol/resultsPage.js';
import { makeDatabase, numbers, type TemporaryDatabase } from './temporaryDatabase.js';

let database: TemporaryDatabase;
let shown:
  | { readonly tabs: ResultTabs; readonly sent: ToPage[]; readonly clipboard: () => string; readonly saved: () => readonly SavedTab[] }
  | undefined;

function makeTabs(): NonNullable<typeof shown> {
  const sent: ToPage[] = [];
  let clipboard = '';
  let saved: readonly SavedTab[] = [];
  const tabs = new ResultTabs({
    send: (message) => sent.push(message),
    describe: (error) => ({ sentence: isJoineryError(error) ? error.code : String(error), next: '' }),
    labelOf: () => 'shop.db',
    writeClipboard: async (text) => {
      clipboard = text;
    },
    copied: (rows, isCut) => `${rows}${isCut ? ' cut' : ''}`,
    exportRows: async () => undefined,
    saveValue: async () => undefined,
    openSql: async () => undefined,
    remember: (entries) => {
      saved = JSON.parse(JSON.stringify(entries)) as readonly SavedTab[];
    },
  });
  shown = { tabs, sent, clipboard: () => clipboard, saved: () => saved };
  return shown;
}

const state = (sent: readonly ToPage[]): string => {
  const last = sent.filter((message) => message.type === 'tabs').at(-1);
  const text = ({ id, state: kind, pinned, title }: TabFacts): string =>
    `${id === last?.active ? '*' : ''}${title}:${kind}${pinned ? ':pinned' : ''}`;
  return last?.tabs.map(text).join(' ') ?? '';
};
const open = (sql: string, title: string, group?: string): Promise<void> =>
  shown?.tabs.open({ database: database.path, sql, title, ...(group === undefined ? {} : { group }) }) ??
  Promise.reject(new Error('no tabs'));

beforeAll(async () => {
  database = await makeDatabase(`CREATE TABLE t(id INTEGER PRIMARY KEY, v); ${numbers(1000)} INSERT INTO t SELECT i, 'v' || i FROM n;`);
});
afterEach(async () => {
  await shown?.tabs.dispose();
});
afterAll(() => database.remove());

describe('tabs', () => {
  test('the next run takes the place of the last, unless it is pinned or of the same group', async () => {
    const { tabs, sent } = makeTabs();
    await open('SELECT 1', 'a');
    await open('SELECT 2', 'b');
    expect(state(sent)).toBe('*b:shown');
    await tabs.receive({ type: 'pin', tab: 1, pinned: true });
    await open('SELECT 3', 'c', 'g');
    await open('SELECT 4', 'd', 'g');
    expect(state(sent)).toBe('b:shown:pinned c:shown *d:shown');
    await open('SELECT 5', 'e');
    expect(state(sent)).toBe('b:shown:pinned *e:shown');
    await tabs.receive({ type: 'close', tab: 1 });
    expect(state(sent)).toBe('*e:shown');
  });

  test('rows come with the facts, and only for the generation that asks', async () => {
    const { tabs, sent } = makeTabs();
    await open('SELECT id FROM t', 'a');
    const first = sent.findLast((message) => message.type === 'tabs' && message.first !== undefined);
    expect(first?.type === 'tabs' && first.first?.rows.length).toBe(200);
    await tabs.receive({ type: 'view', tab: 1, view: { sort: [{ column: 0, descending: true }], filters: [] } });
    await tabs.receive({ type: 'rows', tab: 1, generation: 1, from: 200, count: 1 });
    await tabs.receive({ type: 'rows', tab: 1, generation: 2, from: 200, count: 1 });
    expect(sent.filter((message) => message.type === 'rows')).toEqual([{ type: 'rows', tab: 1, generation: 2, from: 200, rows: [[800]] }]);
  });

  test('a statement that fails is thrown and shown; running again does not throw', async () => {
    const { tabs, sent } = makeTabs();
    await expect(open('SELECT absent', 'a')).rejects.toMatchObject({ code: 'sql.unknownName' });
    expect(state(sent)).toBe('*a:failed');
    await tabs.receive({ type: 'rerun', tab: 1 });
    expect(state(sent)).toBe('*a:failed');
  });

  test('a run is cancelled from outside and from the page', async () => {
    const { tabs, sent } = makeTabs();
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';
    const source = new CancellationSource();
    const running = tabs.open({ database: database.path, sql: endless, title: 'a' }, source.token);
    source.cancel();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const again = tabs.receive({ type: 'rerun', tab: 1 });
    await tabs.receive({ type: 'cancel', tab: 1 });
    await again;
    expect(state(sent)).toBe('*a:failed');
  });

  test('a sort that is cancelled brings the old order back', async () => {
    const { tabs, sent } = makeTabs();
    await open(`${numbers(2_000_000)} SELECT i FROM n`, 'a');
    const sorting = tabs.receive({ type: 'view', tab: 1, view: { sort: [{ column: 0, descending: true }], filters: [] } });
    await tabs.receive({ type: 'cancel', tab: 1 });
    await sorting;
    const last = sent.findLast((message) => message.type === 'tabs');
    expect(last?.type === 'tabs' && last.tabs[0]?.view.sort).toEqual([]);
    expect(state(sent)).toBe('*a:shown');
  });

  test('what is remembered opens again with its values, and only the tab in front is run', async () => {
    const { tabs, saved } = makeTabs();
    await tabs.open({ database: database.path, sql: 'SELECT :a AS a', parameters: { a: 9223372036854775807n }, title: 'a', group: 'g' });
    await tabs.open({ database: database.path, sql: 'SELECT id FROM t', title: 'b', group: 'g' });
    const kept = saved();
    await tabs.dispose();
    const { tabs: later, sent } = makeTabs();
    await later.restore(kept, 1);
    expect(state(sent)).toBe('*a:shown b:running');
    const first = sent.findLast((message) => message.type === 'tabs' && message.first !== undefined);
    expect(first?.type === 'tabs' && first.first?.rows).toEqual([[{ kind: 'integer', text: '9223372036854775807' }]]);
    await later.receive({ type: 'select', tab: 2 });
    expect(state(sent)).toBe('a:shown *b:shown');
  });

  test('two tabs are compared, by other columns on demand', async () => {
    const { tabs, sent } = makeTabs();
    await open('SELECT 1 AS id, 5 AS n UNION ALL SELECT 2, 6', 'a', 'g');
    await open('SELECT 2 AS id, 5 AS n UNION ALL SELECT 1, 6', 'b', 'g');
    const comparison = (): unknown => {
      const last = sent.findLast((message) => message.type === 'tabs');
      const { keys, same, changed } = (last?.type === 'tabs' && last.tabs.find(({ id }) => id === 3)?.comparison) || {};
      return { keys, same, changed };
    };
    await tabs.receive({ type: 'compare', tab: 1, other: 2 });
    expect(comparison()).toEqual({ keys: ['id'], same: 0, changed: 2 });
    await tabs.receive({ type: 'matchBy', tab: 3, keys: [] });
    expect(comparison()).toEqual({ keys: [], same: 0, changed: 2 });
    await tabs.receive({ type: 'matchBy', tab: 3, keys: ['n'] });
    expect(comparison()).toEqual({ keys: ['n'], same: 0, changed: 2 });
    await tabs.receive({ type: 'rows', tab: 3, generation: 3, from: 0, count: 10 });
    expect(sent.at(-1)).toMatchObject({ type: 'rows', rows: [['≠', { kind: 'changed', before: 1, after: 2 }, 5], ['≠', { kind: 'changed' }, 6]] }); // prettier-ignore
  });

  test('copying to the end takes all rows; what no tab has is left alone', async () => {
    const { tabs, sent, clipboard } = makeTabs();
    await open('SELECT id FROM t', 'a');
    await tabs.receive({ type: 'copy', tab: 1, format: 'csv', from: 990, columns: [0], header: false });
    expect(clipboard().split('\r\n')).toEqual(Array.from({ length: 10 }, (_, at) => String(991 + at)));
    const before = sent.length;
    await tabs.receive({ type: 'rows', tab: 9, generation: 1, from: 0, count: 1 });
    await tabs.receive({ type: 'view', tab: 1, view: { sort: [{ column: 7, descending: false }], filters: [] } });
    expect(sent.length).toBe(before);
  });

  test.each<readonly [string, object]>([
    ["'x'", { kind: 'text', text: 'x', bytes: 1, cut: false }],
    ["printf('%.1200000c', 'ü')", { kind: 'text', cut: true }],
    ["x'00ff'", { kind: 'blob', base64: 'AP8=', bytes: 2, cut: false }],
    ['zeroblob(5000000)', { kind: 'blob', bytes: 5_000_000, cut: true }],
    ['9223372036854775807', { kind: 'number', text: '9223372036854775807', type: 'integer' }],
    ['5.0', { kind: 'number', text: '5.0', type: 'real' }],
    ['NULL', { kind: 'null' }],
  ])('the whole value of %s', async (value, content) => {
    const { tabs, sent } = makeTabs();
    await open(`SELECT ${value} AS v`, 'a');
    await tabs.receive({ type: 'cell', tab: 1, row: 0, column: 0 });
    expect(sent.at(-1)).toMatchObject({ type: 'cell', tab: 1, row: 0, column: 0, content });
  });
});
