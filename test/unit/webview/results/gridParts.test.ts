import { describe, expect, test } from 'vitest';
import { type Cell, type SortKey } from '../../../../src/core/sql/resultTypes.js';
import { lookOf, numberOf } from '../../../../src/webview/results/cellText.js';
import { chartData, histogram, suggestChart } from '../../../../src/webview/results/chartData.js';
import { ColumnLayout } from '../../../../src/webview/results/columnLayout.js';
import { hexDump } from '../../../../src/webview/results/hexDump.js';
import { imageType } from '../../../../src/webview/results/imageType.js';
import { RowCache } from '../../../../src/webview/results/rowCache.js';
import { ScrollMap, tallest } from '../../../../src/webview/results/scrollMap.js';
import { moveByKey, rectangleOf, selectPlace, type Selection } from '../../../../src/webview/results/selection.js';
import { nextSort } from '../../../../src/webview/results/sorting.js';

describe('scrolling', () => {
  test.each([10, 1000, 625_000, 1_000_000, 5_000_000])('%d rows: every row can be reached, and back', (rows) => {
    const map = new ScrollMap(rows, 24, 600);
    expect(map.height).toBeLessThanOrEqual(tallest);
    for (const share of [0, 0.1, 0.5, 0.999, 1]) {
      const top = map.mostTop * share;
      expect(Math.abs(map.topOf(map.scrollTopOf(top)) - top)).toBeLessThan(0.01);
    }
    expect(map.visible(map.mostTop)[1]).toBe(rows);
    expect(map.topOf(map.height)).toBeGreaterThanOrEqual(map.mostTop);
  });

  test.each([
    [0, 500, 0],
    [10, 0, 0],
    [10, 500, 240],
    [40, 0, 384],
    [40, 400, 400],
  ])('row %d with %d pixels above is revealed at %d', (row, top, expected) => {
    expect(new ScrollMap(1000, 24, 600).reveal(row, top)).toBe(expected);
  });
});

describe('columns', () => {
  const layout = (): ColumnLayout => new ColumnLayout([100, 50, 200, 100]);

  test.each([
    [0, 0, 120, [0, 2]],
    [0, 120, 60, [1, 3]],
    [0, 0, 1000, [0, 4]],
    [1, 0, 160, [1, 3]],
    [1, 60, 160, [2, 3]],
    [4, 0, 100, [4, 4]],
  ])('%d frozen, scrolled by %d, %d wide: %j are in sight', (frozen, left, width, expected) => {
    const columns = layout();
    columns.freeze(frozen);
    expect(columns.visible(left, width)).toEqual(expected);
  });

  test('a column that is out of sight is scrolled to, behind the frozen ones', () => {
    const columns = layout();
    columns.freeze(1);
    expect([columns.scrollTo(3, 0, 200), columns.scrollTo(1, 90, 200), columns.scrollTo(0, 90, 200)]).toEqual([250, 0, 90]);
  });

  test('widths have a least and never a NaN; freezing stays within the columns', () => {
    const columns = layout();
    columns.resize(1, -5);
    columns.resize(99, 5);
    columns.freeze(99);
    expect([columns.width(1), columns.totalWidth, columns.frozen]).toEqual([40, 440, 4]);
  });

  test('numbers get room for more digits, texts do not', () => {
    const [number = 0, text = 0] = ColumnLayout.fitting(['a', 'b'], [[1, 'x']]).widths;
    expect(number).toBeGreaterThan(text);
  });
});

describe('rows that the page has', () => {
  const block = (from: number, count: number): Cell[][] => Array.from({ length: count }, (_, at) => [from + at]);
  const cache = (columns = 1): { cache: RowCache; asked: number[] } => {
    const asked: number[] = [];
    return { cache: new RowCache(columns, (from) => asked.push(from)), asked };
  };

  test('what is in sight is asked for once, and one block ahead after scrolling', () => {
    const { cache: rows, asked } = cache();
    rows.put(0, block(0, 200));
    rows.want(0, 30, 1);
    expect(asked).toEqual([]);
    rows.want(180, 210, 1);
    rows.want(180, 210, 1);
    expect(asked).toEqual([200, 400]);
  });

  test('while much is asked for, nothing more is; later the view decides anew', () => {
    const { cache: rows, asked } = cache();
    rows.put(0, block(0, 200));
    rows.setTotal(100_000);
    rows.want(10_000, 10_030, 1);
    rows.want(50_000, 50_030, 1);
    expect(asked).toEqual([10_000, 10_200]);
    rows.put(10_000, block(10_000, 200));
    rows.want(50_000, 50_030, 1);
    expect(asked).toEqual([10_000, 10_200, 50_000]);
  });

  test('a short block is the end; an empty one, too', () => {
    const { cache: rows } = cache();
    rows.put(0, block(0, 200));
    expect([rows.total, rows.known, rows.reach]).toEqual([undefined, 200, 400]);
    rows.put(200, block(200, 5));
    expect([rows.total, rows.reach]).toEqual([205, 205]);
    const { cache: even } = cache();
    even.put(0, block(0, 200));
    even.put(200, []);
    expect(even.total).toBe(200);
  });

  test('blocks that were not used for long leave', () => {
    const { cache: rows } = cache(2000);
    for (let at = 0; at < 40; at++) rows.put(at * 20, block(at * 20, 20));
    expect([rows.row(0), rows.row(799)]).toEqual([undefined, [799]]);
  });

  test('what failed is asked for again only on demand', () => {
    const { cache: rows, asked } = cache();
    rows.want(0, 10, 1);
    rows.fail(0, 'it is locked');
    rows.want(0, 10, 1);
    expect([asked, rows.failure]).toEqual([[0], 'it is locked']);
    rows.retry();
    rows.want(0, 10, 1);
    expect([asked, rows.failure]).toEqual([[0, 0], undefined]);
  });

  test('the reason is there as long as anything of what failed is missing', () => {
    const { cache: rows } = cache();
    rows.fail(0, 'it is locked');
    rows.fail(200, 'it is gone');
    rows.put(200, block(200, 200));
    expect(rows.failure).toBe('it is locked');
    rows.put(0, block(0, 200));
    expect(rows.failure).toBeUndefined();
  });
});

describe('keys in the grid', () => {
  const size = { rows: 100, columns: 5, page: 10 };
  const at = (selection: Selection | undefined): string =>
    selection ? `${selection.active.row},${selection.active.column}${selection.whole ? ` ${selection.whole}` : ''}` : 'nothing';

  test.each([
    ['ArrowDown', 5, 2, '6,2'],
    ['ArrowUp', 0, 2, '-1,2'],
    ['ArrowUp', -1, 2, '-1,2'],
    ['Control+ArrowUp', 5, 2, '0,2'],
    ['Control+ArrowDown', 5, 2, '99,2'],
    ['ArrowRight', 5, 4, '5,4'],
    ['Control+ArrowLeft', 5, 4, '5,0'],
    ['PageDown', 95, 0, '99,0'],
    ['PageUp', 5, 0, '0,0'],
    ['PageUp', -1, 0, '-1,0'],
    ['Home', 5, 3, '5,0'],
    ['End', 5, 3, '5,4'],
    ['Control+Home', 5, 3, '0,0'],
    ['Control+End', 5, 3, '99,4'],
    ['Control+a', 5, 3, '5,3 all'],
    ['Shift+ ', 5, 3, '5,3 rows'],
    ['Control+ ', 5, 3, '5,3 columns'],
    [' ', 5, 3, 'nothing'],
    ['x', 5, 3, 'nothing'],
  ])('%s at %d,%d leads to %s', (keys, row, column, expected) => {
    const parts = keys.split('+');
    const press = { key: parts.at(-1) ?? '', control: parts.includes('Control'), shift: parts.includes('Shift') };
    expect(at(moveByKey(selectPlace(row, column), press, size))).toBe(expected);
  });

  test('Shift widens the rectangle from where it began', () => {
    const shift = (key: string): { key: string; control: boolean; shift: boolean } => ({ key, control: false, shift: true });
    const wider = moveByKey(selectPlace(5, 2), shift('ArrowUp'), size);
    const both = wider && moveByKey(wider, shift('ArrowRight'), size);
    expect(both && rectangleOf(both, 5)).toEqual({ from: 4, to: 6, firstColumn: 2, lastColumn: 3 });
  });

  test('an empty result has no place to go to', () => {
    expect(at(moveByKey(selectPlace(0, 0), { key: 'ArrowDown', control: false, shift: false }, { ...size, rows: 0 }))).toBe('-1,0');
    expect(at(moveByKey(selectPlace(0, 0), { key: 'End', control: false, shift: false }, { ...size, columns: 0 }))).toBe('nothing');
  });
});

describe('sorting by clicks', () => {
  const text = (sort: readonly SortKey[]): string => sort.map(({ column, descending }) => `${column}${descending ? '-' : '+'}`).join(' ');
  const parse = (sort: string): SortKey[] =>
    sort.split(' ').filter(Boolean).map((key) => ({ column: Number(key.slice(0, -1)), descending: key.endsWith('-') })); // prettier-ignore
  test.each([
    ['', 1, false, '1+'],
    ['1+', 1, false, '1-'],
    ['1-', 1, false, ''],
    ['1+ 2+', 3, false, '3+'],
    ['1+', 2, true, '1+ 2+'],
    ['1+ 2+', 1, true, '1- 2+'],
    ['1- 2+', 1, true, '2+'],
  ])('%s, column %d, added %s: %s', (before, column, added, after) => {
    expect(text(nextSort(parse(before), column, added))).toBe(after);
  });
});

describe('what cells say', () => {
  test.each<readonly [Cell, string, string]>([
    [null, 'NULL', 'null'],
    ['NULL', 'NULL', 'text'],
    ['', '', 'empty'],
    ['a\r\nb\tc', 'a↵b→c', 'text'],
    [5, '5', 'number'],
    [{ kind: 'real', text: '5.0' }, '5.0', 'number'],
    [{ kind: 'integer', text: '9007199254740993' }, '9007199254740993', 'number'],
    [{ kind: 'text', start: 'ab', length: 900 }, 'ab…', 'text'],
    [{ kind: 'blob', start: '00', length: 1 }, "1 B  x'00'", 'blob'],
    [{ kind: 'blob', start: '00', length: 2 }, "2 B  x'00…", 'blob'],
    [{ kind: 'changed', before: null, after: '' }, 'NULL ⟶ ', 'changed'],
  ])('%j', (cell, text, look) => {
    expect(lookOf(cell)).toEqual({ text, look });
  });

  test.each<readonly [Cell, number | undefined]>([
    [5, 5],
    [{ kind: 'real', text: '1.5' }, 1.5],
    [{ kind: 'real', text: '-Inf' }, undefined],
    ['5', undefined],
    [null, undefined],
  ])('%j as a number is %s', (cell, expected) => {
    expect(numberOf(cell)).toBe(expected);
  });

  test('bytes are dumped sixteen a line', () => {
    const lines = hexDump(Uint8Array.from({ length: 18 }, (_, at) => at + 60)).split('\n');
    expect(lines[0]).toBe('00000000  3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK');
    expect(lines[1]?.trimEnd()).toBe(`00000010  4c 4d${' '.repeat(44)}LM`);
  });

  test.each([
    ['89504e470d0a1a0a', 'image/png'],
    ['ffd8ffe0', 'image/jpeg'],
    ['474946383961', 'image/gif'],
    ['52494646aaaaaaaa57454250', 'image/webp'],
    ['3c737667', undefined],
    ['', undefined],
  ])('%s is %s', (hex, type) => {
    expect(imageType(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(type);
  });
});

describe('charts that suit', () => {
  const rows = (...list: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] => list;
  test.each<readonly [string, readonly string[], readonly (readonly Cell[])[], string]>([
    ['words and numbers', ['name', 'n'], rows(['a', 1], ['b', 2]), 'bar 0 1'],
    ['days and numbers', ['day', 'n'], rows(['2020-01-01', 1], ['2020-01-02', 2]), 'line 0 1'],
    ['two numbers', ['a', 'b'], rows([1, 2], [3, 4]), 'scatter 1 0'],
    ['one number', ['a'], rows([1], [2]), 'histogram -1 0'],
    ['a key is no measure', ['customer_id', 'name', 'total'], rows([1, 'a', 5], [2, 'b', 6]), 'bar 1 2'],
    ['NULL does not spoil a column', ['a', 'n'], rows(['x', null], ['y', 2]), 'bar 0 1'],
    ['no numbers', ['a'], rows(['x']), 'none'],
    ['no rows', ['a'], [], 'none'],
  ])('%s', (_name, columns, given, expected) => {
    const found = suggestChart(columns, given);
    expect(found ? `${found.kind} ${found.x} ${found.y}` : 'none').toBe(expected);
  });

  test.each<readonly [readonly number[], readonly string[], readonly number[]]>([
    [[], [], []],
    [[5, 5], ['5'], [2]],
    [
      [0, 1, 2, 3],
      ['0…1', '1…2', '2…3', '3…4'],
      [1, 1, 1, 1],
    ],
    [
      [-1.5, 1.5],
      ['-2…0', '0…2'],
      [1, 1],
    ],
  ])('%j falls into %j', (values, labels, counts) => {
    expect(histogram(values)).toEqual({ kind: 'histogram', labels, values: counts });
  });

  test('points without a number are left out, gaps in lines stay', () => {
    expect(chartData('scatter', [[1, 2], [null, 3], [undefined, 4]])).toEqual({ kind: 'scatter', points: [[1, 2], [3, 4]] }); // prettier-ignore
    expect(chartData('line', [['a', 1], ['b', null]])).toEqual({ kind: 'line', labels: ['a', 'b'], values: [1, null] }); // prettier-ignore
  });
});
