/** The schema tree as text, its filter and orders, stable ids, and the tables of the open file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldName } from '../../../../src/core/graph/tableKeys.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import {
  childNodes,
  databaseNode,
  parentNode,
  tableNodes,
  type TreeDatabase,
  type TreeNode,
  type TreeSort,
} from '../../../../src/core/presentation/schemaTree.js';
import { treeNodeText } from '../../../../src/core/presentation/treeNodeText.js';
import { workingTables } from '../../../../src/core/presentation/workingTables.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { buildFixture, makeTestFolder } from '../../../support/buildFixture.js';
import { makeRelation, makeSchema, makeTable, shopRelations, shopSchema } from '../../../support/shopSchema.js';

const shop: TreeDatabase = { path: '/w/shop.db', schema: shopSchema, relations: shopRelations };

function children(node: TreeNode, database: TreeDatabase): readonly TreeNode[] {
  return node.kind === 'database' ? tableNodes(database, { filter: '', sort: 'schema' }) : childNodes(node, database);
}

/** Every node below one, indented. */
function draw(node: TreeNode, database: TreeDatabase, depth = 0): string[] {
  const text = (): string => {
    if (node.kind === 'group') return `${node.group} ${node.count}`;
    if (node.kind === 'note') return node.note;
    if (node.kind === 'problem') return `! ${node.problem.table ?? ''} ${node.problem.code}`;
    if (node.kind === 'database' || node.kind === 'failure') return node.kind;
    const { label, description } = treeNodeText(node);
    return `${label}  ${description}`.trim();
  };
  return [`${'  '.repeat(depth)}${text()}`, ...children(node, database).flatMap((child) => draw(child, database, depth + 1))];
}

describe('databases as people see them', () => {
  const folder = makeTestFolder();
  const catalogue = createCatalogue({ stateFolder: folder.file('state') });
  const databases = new Map<string, TreeDatabase>();
  const names = ['features', 'odd_names', 'undeclared', 'company'];
  beforeAll(async () => {
    for (const name of names) {
      const path = await buildFixture(folder, name);
      const opened = await catalogue.open(path);
      await opened.whenIndexed(20_000);
      databases.set(name, { path, schema: opened.knowledge.schema, relations: opened.knowledge.relations });
    }
  });
  afterAll(async () => {
    await catalogue.close();
    folder.remove();
  });

  for (const name of names) {
    it(name, async () => {
      const database = databases.get(name);
      if (!database) throw new Error('not built');
      const lines = draw(databaseNode(database.path), database);
      await expect(lines.join('\n')).toMatchFileSnapshot(`tree-${name}.golden.txt`);
    });

    it(`${name}: ids are unique and every node knows its parent`, () => {
      const database = databases.get(name);
      if (!database) throw new Error('not built');
      const seen = new Map<string, string | undefined>();
      const walk = (node: TreeNode, parent: TreeNode | undefined): void => {
        expect(seen.has(node.id), node.id).toBe(false);
        seen.set(node.id, parent?.id);
        expect(parentNode(node, database)?.id, node.id).toBe(parent?.id);
        for (const child of children(node, database)) walk(child, node);
      };
      walk(databaseNode(database.path), undefined);
      expect(seen.size).toBeGreaterThan(5);
    });
  }
});

describe('filter and order', () => {
  const show = (filter: string, sort: TreeSort, database = shop): string =>
    tableNodes(database, { filter, sort })
      .map((node) =>
        node.kind === 'table'
          ? `${node.table.name}${node.matching.length > 0 ? `(${node.matching.join()})` : ''}`
          : node.kind === 'note'
            ? node.note
            : node.kind,
      ) // prettier-ignore
      .join(' ');
  const numbered = {
    ...shop,
    schema: makeSchema([makeTable('t10', ['a']), makeTable('T9', ['a']), { ...makeTable('a', ['a']), kind: 'view' }]),
  };
  const cases: readonly (readonly [string, TreeSort, string, TreeDatabase?])[] = [
    ['', 'schema', 'customers orders order_lines products categories ReviewScores'],
    ['', 'name', 'categories customers order_lines orders products ReviewScores'],
    ['', 'relations', 'categories order_lines orders products customers ReviewScores'],
    ['', 'name', 'T9 t10 a', numbered],
    ['ORDER', 'name', 'order_lines orders'],
    ['stars', 'name', 'ReviewScores(stars)'],
    ['order qua', 'name', 'order_lines(quantity)'],
    ['id', 'name', 'categories(category_id,parent_id) customers(customer_id) order_lines(order_id,product_id) orders(order_id,customer_id) products(product_id,category_id) ReviewScores(reviewId,productId)'], // prettier-ignore
    ['order nothing', 'name', 'filtered'],
    ['  ', 'name', 'categories customers order_lines orders products ReviewScores'],
    ['', 'name', 'empty', { ...shop, schema: makeSchema([]) }],
  ];
  for (const [filter, sort, wanted, database] of cases) {
    it(`"${filter}" ${sort}: ${wanted}`, () => expect(show(filter, sort, database)).toBe(wanted));
  }
});

it('ids survive other tables, other relations and another filter', () => {
  const ids = (database: TreeDatabase): string[] => {
    const table = tableNodes(database, { filter: '', sort: 'name' }).find((node) => node.kind === 'table' && node.table.name === 'orders');
    return table ? [table.id, ...childNodes(table, database).map(({ id }) => id)] : [];
  };
  const more: TreeDatabase = {
    ...shop,
    schema: makeSchema([makeTable('aaa', ['x']), ...shopSchema.tables]),
    relations: [...shopRelations, makeRelation('aaa', 'x', 'orders', 'order_id')],
  };
  expect(ids(more)).toEqual(ids(shop));
});

it('a node of a table that has gone has no children, a changed one those of now', () => {
  const orders = tableNodes(shop, { filter: 'orders', sort: 'name' })[0];
  if (!orders) throw new Error('no node');
  const without = { ...shop, schema: makeSchema(shopSchema.tables.filter(({ name }) => name !== 'orders')) };
  const other = { ...shop, schema: makeSchema([makeTable('orders', ['only'])]), relations: [] };
  expect(childNodes(orders, without)).toEqual([]);
  expect(childNodes(orders, other).map((node) => (node.kind === 'column' ? node.column.name : node.kind))).toEqual(['only']);
});

it('names never imitate others in ids', () => {
  const odd = makeSchema([makeTable('a|b', ['c']), makeTable('a', ['b|c']), makeTable('a%7cb', ['c'])]);
  const database = { ...shop, schema: odd, relations: [] };
  const tables = tableNodes(database, { filter: '', sort: 'schema' });
  const all = [...tables, ...tables.flatMap((node) => childNodes(node, database))].map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
});

describe('working tables', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['SELECT * FROM orders| JOIN customers', 'orders customers'],
    ['SELECT * FROM orders; SELECT * FROM products|; SELECT 1', 'products orders'],
    ['SELECT * FROM "Order_Lines"|', 'order_lines'],
    ["SELECT 'orders' -- customers\n|", ''],
    ['|', ''],
    ['SELECT * FROM nothing|', ''],
    ['SELECT * FROM customers;\n|\n\nSELECT * FROM orders', 'customers orders'],
  ];
  for (const [marked, wanted] of cases) {
    it(marked, () => expect(workingTables(marked.replace('|', ''), marked.indexOf('|'), shopSchema).join(' ')).toBe(wanted));
  }

  it('is bounded', () => {
    const sql = shopSchema.tables.map(({ name }) => `SELECT * FROM ${name};`).join('\n');
    expect(workingTables(sql, 0, shopSchema, 2).map(foldName)).toEqual(['customers', 'orders']);
  });
});

it('a relation says which way it goes and how sure it is', () => {
  const inferred: Relation = { ...makeRelation('orders', 'agent_id', 'agents', 'id'), origin: 'inferred', confidence: 0.6 };
  const text = (relation: Relation, direction: 'out' | 'in'): string =>
    Object.values(treeNodeText({ kind: 'relation', id: '', database: '', table: makeTable('t', []), relation, direction })).join(' | ');
  expect(text(inferred, 'out')).toBe('(agent_id) → agents(id) | N:1 ? 60 %');
  expect(text(inferred, 'in')).toBe('← orders(agent_id) → (id) | 1:N ? 60 %');
  expect(text({ ...inferred, origin: 'confirmed', cardinality: '1:1' }, 'in')).toBe('← orders(agent_id) → (id) | 1:1 ✓');
});
