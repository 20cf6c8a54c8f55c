/** Hovers of tables, columns and relations as people read them, in English. */
import { describe, expect, it } from 'vitest';
import { buildJoinGraph } from '../../../../src/core/graph/joinGraph.js';
import { rankJoinPaths } from '../../../../src/core/graph/rankJoinPaths.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { columnHover, type ColumnHoverInput } from '../../../../src/core/presentation/columnHover.js';
import { percent } from '../../../../src/core/presentation/hoverWords.js';
import { relationHover } from '../../../../src/core/presentation/relationHover.js';
import { tableHover, type TableHoverInput } from '../../../../src/core/presentation/tableHover.js';
import { type ColumnProfile } from '../../../../src/core/schema/types.js';
import { sayInEnglish } from '../../../../src/engine/words/hoverSentences.js';
import { makeColumn, makeRelation, makeTable } from '../../../support/shopSchema.js';

const customer = makeTable('customer', ['customer_id*', 'name', 'city']);
const invoice = makeTable('invoice', ['invoice_id*', 'customer_id:INTEGER', 'total:REAL']);
const line = makeTable('invoice_line', ['invoice_id*', 'line_no*', 'track_id:INTEGER']);
const declared = makeRelation('invoice', 'customer_id', 'customer', 'customer_id');
const inferred: Relation = {
  ...makeRelation('invoice_line', 'invoice_id', 'invoice', 'invoice_id'),
  origin: 'inferred',
  confidence: 0.72,
  reason: { rule: 'sameNameAsKey', inclusion: 0.985, sampled: true },
};
const toTrack: Relation = { ...makeRelation('invoice_line', 'track_id', 'track', 'track_id'), origin: 'confirmed' };
const billing: Relation = makeRelation('invoice', 'billing_customer', 'customer', 'customer_id');
const relations = [declared, inferred, toTrack];
const profile = (column: string, facts: Partial<ColumnProfile> = {}): ColumnProfile => ({
  table: 'customer',
  column,
  examples: [],
  distinct: 59,
  rows: 59,
  nulls: 0,
  sampled: false,
  ...facts,
});

/** The commands' arguments are read back, so that the golden text stays readable. */
function decodeLinks(markdown: string): string {
  return markdown.replace(
    /\(command:([\w.]+)\?([^)]*)\)/g,
    (_, command: string, text: string) => `(${command} ${decodeURIComponent(text)})`,
  );
}

describe('table', () => {
  const hover = (input: Partial<TableHoverInput>): string =>
    decodeLinks(
      tableHover(
        {
          database: '/w/shop.db',
          databaseLabel: 'shop.db',
          table: customer,
          profiles: [profile('customer_id')],
          paths: { kind: 'central', trees: [], unreachable: [] },
          elsewhere: [],
          reading: false,
          ...input,
        },
        sayInEnglish,
      ),
    );
  const paths = (table: string, working: readonly string[], all: readonly Relation[] = relations): TableHoverInput['paths'] =>
    rankJoinPaths(buildJoinGraph(all), table, { working });

  it('several hops to the table of the open file', async () => {
    const text = hover({ paths: paths('customer', ['track', 'nowhere']), elsewhere: ['old/shop.db'] });
    await expect(text).toMatchFileSnapshot('hover-table-working.golden.txt');
  });

  it('central tables, parallel relations', async () => {
    await expect(hover({ paths: paths('customer', [], [...relations, billing]) })).toMatchFileSnapshot('hover-table-central.golden.txt');
  });

  it('a view without relations, with its columns', async () => {
    const view = { ...makeTable('a*b_c', ['one', 'two:REAL']), kind: 'view' as const };
    await expect(hover({ table: view, profiles: [], withColumns: true })).toMatchFileSnapshot('hover-table-view.golden.txt');
  });

  const titles: readonly (readonly [string, Partial<TableHoverInput>, string])[] = [
    ['rows counted in full', {}, '**customer** · Table · 3 columns · 59 rows · shop\\.db'],
    ['one row', { profiles: [profile('a', { rows: 1 })] }, '**customer** · Table · 3 columns · 1 row · shop\\.db'],
    ['a sample', { profiles: [profile('a', { rows: 20_000, sampled: true })] }, '**customer** · Table · 3 columns · More than 20000 rows · shop\\.db'], // prettier-ignore
    ['not read yet', { profiles: [], reading: true }, '**customer** · Table · 3 columns · The data are still being read. · shop\\.db'],
    ['never read', { profiles: [] }, '**customer** · Table · 3 columns · shop\\.db'],
    ['a virtual table', { table: { ...makeTable('t', ['a']), kind: 'virtual', module: 'fts5' }, profiles: [] }, '**t** · Virtual table of fts5 · 1 column · shop\\.db'], // prettier-ignore
  ];
  for (const [name, input, wanted] of titles) it(name, () => expect(hover(input).split('\n\n')[0]).toBe(wanted));

  it('names of a database never become links', () => {
    const evil = '](command:evil) <img src=x> `` [x](command:evil)\n# h';
    const path = makeRelation(evil, evil, 'customer', 'customer_id');
    const text = tableHover(
      {
        database: '/w/shop.db',
        databaseLabel: evil,
        table: makeTable(evil, [evil]),
        profiles: [],
        paths: rankJoinPaths(buildJoinGraph([path]), evil, { working: [] }),
        elsewhere: [evil],
        reading: false,
        withColumns: true,
      },
      sayInEnglish,
    );
    const withoutCode = text.replace(/^(`{3,})sql\n[\s\S]*?\n\1$/gm, '');
    expect([...withoutCode.matchAll(/(?<!\\)\]\(([^?)]*)/g)].map(([, target]) => target)).toEqual([
      'command:joinery.insertJoin',
      'command:joinery.showInGraph',
    ]);
    expect(withoutCode).not.toMatch(/(?<!\\)<img|^# h/m);
  });
});

describe('column', () => {
  const hover = (input: Partial<ColumnHoverInput>): string =>
    columnHover({ table: customer, column: makeColumn('city'), relations: [], reading: false, ...input }, sayInEnglish);
  const cases: readonly (readonly [string, Partial<ColumnHoverInput>, string])[] = [
    ['nothing known', {}, '**customer\\.city** · `TEXT` · May be null'],
    ['still reading', { reading: true }, '**customer\\.city** · `TEXT` · May be null\n\nThe data are still being read.'],
    [
      'no rows',
      { profile: profile('city', { rows: 0, distinct: 0 }) },
      '**customer\\.city** · `TEXT` · May be null\n\nThe table has no rows.',
    ],
    ['a key', { column: makeColumn('customer_id', 'INTEGER', 1) }, '**customer\\.customer\\_id** · `INTEGER` · Primary key'],
    ['part of a key', { table: line, column: { ...makeColumn('line_no', '', 2), notNull: true, defaultValue: "'`'" } }, "**invoice\\_line\\.line\\_no** · No declared type · Part of the primary key · Not null · Default ``'`'``"], // prettier-ignore
    [
      'generated',
      { column: { ...makeColumn('city'), generated: 'stored' } },
      '**customer\\.city** · `TEXT` · May be null · Generated, stored',
    ],
    ['values', { profile: profile('city', { examples: ['Bern', 12n, null, new Uint8Array([1, 255])], distinct: 20, nulls: 9 }) }, "**customer\\.city** · `TEXT` · May be null\n\nValues such as `Bern`, `12`, `NULL`, `x'01ff'`\n\n20 distinct values (40 %) · 15 % null"], // prettier-ignore
    ['all differ', { profile: profile('city', { sampled: true }) }, '**customer\\.city** · `TEXT` · May be null\n\nAll values differ · No nulls · In a sample of 59 rows'], // prettier-ignore
    ['only nulls', { profile: profile('city', { distinct: 0, nulls: 59 }) }, '**customer\\.city** · `TEXT` · May be null\n\n100 % null'],
    ['choices', { profile: profile('city', { examples: ['Bern'], distinct: 2 }), choices: ['Bern', 'x'.repeat(60)] }, `**customer\\.city** · \`TEXT\` · May be null\n\nValues such as \`Bern\`, \`${'x'.repeat(39)}…\`\n\n2 distinct values (3 %) · No nulls`], // prettier-ignore
  ];
  for (const [name, input, wanted] of cases) it(name, () => expect(hover(input)).toBe(wanted));

  it('references both ways', async () => {
    const text = hover({ table: invoice, column: makeColumn('invoice_id', 'INTEGER', 1), relations: [...relations, billing] });
    const other = hover({ table: invoice, column: makeColumn('CUSTOMER_ID', 'INTEGER'), relations });
    const many = Array.from({ length: 12 }, (_, at) => makeRelation(`t${at}`, 'c', 'customer', 'customer_id'));
    const most = hover({ column: makeColumn('customer_id', 'INTEGER', 1), relations: many });
    await expect([text, other, most].join('\n\n----\n\n')).toMatchFileSnapshot('hover-column.golden.txt');
  });
});

describe('relation', () => {
  it('declared, inferred, confirmed', async () => {
    const inclusion = { share: 0.985, distinct: 412, sampled: false };
    const composite: Relation = { ...declared, childColumns: ['a', 'b c'], parentColumns: ['x', 'y'], cardinality: '1:1' };
    const hovers = [
      relationHover({ database: '/w/shop.db', relation: declared, inclusion }, sayInEnglish),
      relationHover({ database: '/w/shop.db', relation: inferred, inclusion: { ...inclusion, sampled: true } }, sayInEnglish),
      relationHover({ database: '/w/shop.db', relation: inferred, inclusion: undefined }, sayInEnglish),
      relationHover({ database: '/w/shop.db', relation: toTrack, inclusion: 'pending' }, sayInEnglish),
      relationHover({ database: '/w/shop.db', relation: composite, inclusion: { share: 0, distinct: 0, sampled: false } }, sayInEnglish),
      relationHover({ database: '/w/shop.db', relation: declared, inclusion: undefined }, sayInEnglish),
    ];
    await expect(hovers.map(decodeLinks).join('\n\n----\n\n')).toMatchFileSnapshot('hover-relation.golden.txt');
  });
});

it('shares never round to none or all', () => {
  expect([0, 0.0001, 0.5, 0.996, 0.99999, 1].map(percent)).toEqual(['0 %', '<1 %', '50 %', '>99 %', '>99 %', '100 %']);
});
