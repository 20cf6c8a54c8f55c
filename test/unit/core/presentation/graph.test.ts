import { afterAll, describe, expect, test } from 'vitest';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { fitText, firstDetail, tableBox, textWidth } from '../../../../src/core/presentation/graphBoxes.js';
import { graphDatabase } from '../../../../src/core/presentation/graphModel.js';
import { type LineEnd, relationRoute } from '../../../../src/core/presentation/graphRoute.js';
import { escapeXml, relationLine, tableHead, tableRows } from '../../../../src/core/presentation/graphSvg.js';
import { schemaDbml } from '../../../../src/core/presentation/schemaDbml.js';
import { schemaMermaid } from '../../../../src/core/presentation/schemaMermaid.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { buildFixture, makeTestFolder } from '../../../support/buildFixture.js';
import { graphRelation, graphTable } from '../../../support/graphDatabases.js';
import { type DatabaseSchema } from '../../../../src/core/schema/types.js';

const folder = makeTestFolder();
afterAll(() => folder.remove());

const schemas = new Map<string, Promise<DatabaseSchema>>();

function schemaOf(name: string): Promise<DatabaseSchema> {
  const known = schemas.get(name) ?? readSchema(name);
  schemas.set(name, known);
  return known;
}

async function readSchema(name: string): Promise<DatabaseSchema> {
  const database = await openDatabase(await buildFixture(folder, name));
  try {
    return await introspect(database, { name });
  } finally {
    await database.close();
  }
}

describe('a schema as text', () => {
  test.each(['library', 'company', 'features', 'odd_names'])('%s as DBML', async (name) => {
    const schema = await schemaOf(name);
    await expect(`${schemaDbml(schema, declaredRelations(schema))}\n`).toMatchFileSnapshot(`./dbml-${name}.golden.txt`);
  });

  test('odd names as Mermaid', async () => {
    const schema = await schemaOf('odd_names');
    await expect(`${schemaMermaid(schema, declaredRelations(schema))}\n`).toMatchFileSnapshot('./mermaid-odd_names.golden.txt');
  });

  test('an inferred relation says so, a declared one keeps its actions', async () => {
    const schema = await schemaOf('library');
    const text = schemaDbml(schema, [graphRelation('loans', 'copy_id', 'copies', 'inferred')]);
    expect(text).toContain('// inferred, 72 % sure\nRef: loans.copy_id > copies.id');
  });
});

describe('the model of the graph', () => {
  test('columns know their keys; relations without both ends are left out', async () => {
    const schema = await schemaOf('features');
    const ghost = graphRelation('nowhere', 'id', 'elsewhere');
    const { tables, relations } = graphDatabase('/f.db', 'f.db', schema, [...declaredRelations(schema), ghost]);
    expect(tables).toHaveLength(schema.tables.length);
    expect(relations).not.toContain(ghost);
    for (const { child, childColumns } of relations) {
      const columns = tables.find(({ name }) => name === child)?.columns.filter(({ name }) => childColumns.includes(name));
      expect(columns?.every(({ foreign }) => foreign)).toBe(true);
    }
  });
});

describe('boxes', () => {
  const wide = graphTable('wide', ['id*', ...Array.from({ length: 60 }, (_, at) => `c${at}`), 'owner_id']);

  test.each([
    ['columns', 23, 39],
    ['keys', 2, 0],
    ['names', 0, 0],
  ] as const)('%s of a wide table: %i rows, %i hidden', (detail, rows, hidden) => {
    const box = tableBox(wide, detail);
    expect([box.rows.length, box.hidden]).toEqual([rows, hidden]);
    if (detail !== 'names') expect(box.rows.map(({ column }) => column.name)).toEqual(expect.arrayContaining(['id', 'owner_id']));
  });

  test.each([
    [1, 'columns'],
    [60, 'columns'],
    [61, 'keys'],
  ] as const)('%i tables begin with %s', (tables, detail) => {
    // prettier-ignore
    expect(firstDetail(tables)).toBe(detail);
  });

  test.each([
    ['short', 'short'],
    ['a very long name that has no room', /^a very.*…$/],
    ['', ''],
  ])('"%s" is cut to fit', (text, expected) => {
    const cut = fitText(text, 12, 90);
    expect(cut).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(90);
  });

  test('a name that fits its own box is not cut', () => {
    for (const name of ['sales_by_month', 'product_search', 'WWWWWWWWWW', 'illicit', '销售订单']) {
      const table = graphTable(name, ['id*']);
      expect(tableHead(table, tableBox(table, 'columns'))).toContain(`>${name}</text>`);
    }
  });
});

describe('lines', () => {
  const end = (x: number, y: number, many = false): LineEnd => ({ box: { x, y, width: 100, height: 80 }, at: 40, many });

  test.each([
    ['child on the left', end(0, 0, true), end(300, 0), 'M100 40', 'H300'],
    ['child on the right', end(300, 0, true), end(0, 0), 'M300 40', 'H100'],
    ['one above the other', end(0, 0, true), end(0, 200), 'M100 40', 'H100'],
    ['to itself', end(0, 0, true), end(0, 0), 'M100 40', 'H100'],
  ])('%s: leaves and enters at the sides', (_name, child, parent, start, goal) => {
    const { path } = relationRoute(child, parent);
    expect(path.startsWith(start)).toBe(true);
    expect(path).toContain(goal);
    expect(path).not.toContain('NaN');
  });

  test('many rows have a crow’s foot, one row a bar', () => {
    const route = relationRoute(end(0, 0, true), end(300, 0));
    expect(route.path.split('M')).toHaveLength(5);
    expect(relationRoute(end(0, 0), end(300, 0)).path.split('M')).toHaveLength(4);
    expect(route.middle).toEqual([200, 40]);
  });

  test.each([
    ['declared', /^<path[^>]*\/>$/],
    ['inferred', />72 %</],
    ['confirmed', /class="tick"/],
  ] as const)('a %s relation is told apart without colour', (origin, expected) => {
    expect(relationLine(graphRelation('a', 'b_id', 'b', origin), { path: 'M0 0', middle: [1, 2] })).toMatch(expected);
  });
});

describe('markup', () => {
  test.each([
    ['<b>&"', '&lt;b&gt;&amp;&quot;'],
    ['a\u0000b\u001bc', 'a\ufffdb\ufffdc'],
    ['Größe 销售', 'Größe 销售'],
  ])('%j is escaped', (text, expected) => {
    expect(escapeXml(text)).toBe(expected);
  });

  test('names of a database never become markup', () => {
    const table = graphTable('<x>', ['<y>*', '"&:<z>']);
    const box = tableBox(table, 'columns');
    expect(tableHead(table, box) + tableRows(box, String)).not.toMatch(/<[xyz]>/);
  });
});
