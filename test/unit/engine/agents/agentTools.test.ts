/** The tools on real databases: what they give, what a permission keeps from them, and that failing is a sentence. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentTools } from '../../../../src/engine/agents/agentTools.js';
import { type ModelPermission } from '../../../../src/engine/agents/modelPermission.js';
import { toolDefinitions, toolNames } from '../../../../src/engine/agents/toolDefinitions.js';
import { type AskOutcome } from '../../../../src/engine/ask/types.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../../support/buildFixture.js';

const script = `
  CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, city TEXT);
  CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, total REAL);
  CREATE TABLE lines (order_id INTEGER REFERENCES orders, product_code TEXT);
  CREATE TABLE lonely (x TEXT);
  INSERT INTO customers VALUES (1, 'Secretia', 'Hiddenburg'), (2, 'Bo', NULL);
  INSERT INTO orders VALUES (1, 1, 9.5);`;

let folder: TestFolder;
let catalogue: ReturnType<typeof createCatalogue>;
let shop = '';
let other = '';
beforeAll(async () => {
  folder = makeTestFolder();
  shop = await buildDatabase(folder.file('shop.db'), script);
  other = await buildDatabase(folder.file('other.db'), 'CREATE TABLE hush (a)');
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
});
afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

const timings = { totalMs: 1, prepareMs: 0, promptMs: 0, decodeMs: 0, verifyMs: 0, promptTokens: 0, sampledTokens: 0, forcedTokens: 0 };
const answer = {
  kind: 'answer',
  sql: "SELECT name FROM customers WHERE city = 'Hiddenburg' AND name <> 'bo'",
  result: { columns: ['name'], rows: [['Secretia']], truncated: false, elapsedMs: 1 },
  evidence: {
    rows: 1,
    rowsTruncated: false,
    runMs: 1,
    votes: 2,
    candidates: 3,
    joins: [],
    substitutions: [{ mention: 'town', match: { table: 'customers', column: 'city', value: 'Hiddenburg', score: 1 } }],
    fanOut: [],
    repaired: false,
  },
  explanation: [],
  alternatives: [],
  timings,
} as unknown as AskOutcome;

function tools(permissions: Readonly<Record<string, ModelPermission>> = {}, outcome = answer, files = [shop]): AgentTools {
  return new AgentTools({
    catalogue: () => Promise.resolve(catalogue),
    ask: () => Promise.resolve(outcome),
    databases: () => Promise.resolve(files),
    folders: () => [folder.path],
    permissionOf: (file) => permissions[path.basename(file)],
    candidates: () => 3,
  });
}

describe('what the tools give', () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['list_databases', {}, ['1 database:', '- shop.db (schema and values)']],
    ['describe_schema', {}, ['4 tables.', 'CREATE TABLE customers (', 'FOREIGN KEY (customer_id) REFERENCES customers (customer_id)']],
    ['describe_schema', { tables: ['LONELY'], database: 'shop.db' }, ['1 table.\nCREATE TABLE lonely (\n  x TEXT\n);']],
    ['describe_schema', { tables: ['customers'], samples: true }, ["'Secretia'", "-- 'Hiddenburg'"]],
    [
      'find_join_path',
      { tables: ['customers', 'lines'] },
      [
        '1. customers → orders → lines (best)',
        'orders.customer_id = customers.customer_id (declared, 1:N, multiplies rows',
        'JOIN lines ON',
      ],
    ],
    ['find_join_path', { tables: ['customers', 'lonely'] }, ['No join connects customers and lonely']],
    ['run_readonly_query', { sql: 'SELECT * FROM customers' }, ['2 rows.', '[1, "Secretia", "Hiddenburg"]', '[2, "Bo", null]']],
    ['run_readonly_query', { sql: 'SELECT * FROM customers', max_rows: 1 }, ['1 or more rows.', '(there are more rows)']],
    ['run_readonly_query', { sql: 'SELECT 1', max_rows: 1e9, database: '' }, ['1 rows.']],
    [
      'explain_query',
      { sql: 'SELECT * FROM customers WHERE customer_id = 1' },
      ['It compiles. Reads customers.', '- SEARCH customers USING'],
    ],
    ['explain_query', { sql: 'SELECT * FROM orders' }, ['- SCAN orders (reads every row)']],
    ['ask_database', { question: 'who lives in town' }, ['2 of 3 candidates agree', "city = 'Hiddenburg'", '["Secretia"]']],
  ];
  for (const [name, input, wanted] of cases)
    it(`${name} ${JSON.stringify(input)}`, async () => {
      const outcome = await tools().call(name, input);
      for (const text of wanted) expect(outcome.text).toContain(text);
      expect(outcome.isError).toBe(false);
    });
});

describe('failing is a sentence with a next step', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['run_readonly_query', { sql: 'DELETE FROM customers' }, 'only reads'],
    ['run_readonly_query', { sql: 'SELECT 1; SELECT 2' }, 'one statement'],
    ['run_readonly_query', { sql: "ATTACH 'x.db' AS x" }, 'only reads'],
    ['run_readonly_query', { sql: "SELECT writefile('/tmp/x', 'y')" }, 'only reads'],
    ['run_readonly_query', {}, 'sql'],
    ['run_readonly_query', { sql: 7 }, 'must be a text'],
    ['run_readonly_query', { sql: 'SELECT 1', max_rows: 'many' }, 'must be a number'],
    ['run_readonly_query', { sql: 'x'.repeat(30_000) }, 'more than'],
    ['run_readonly_query', { sql: 'SELECT 1', database: '../../etc/passwd' }, 'list_databases'],
    ['run_readonly_query', { sql: 'SELECT 1', database: '/etc/passwd' }, 'list_databases'],
    ['explain_query', { sql: 'SELECT nope FROM customers' }, 'describe_schema'],
    ['describe_schema', { tables: ['nope'] }, 'describe_schema'],
    ['describe_schema', { tables: 'customers' }, 'list of names'],
    ['find_join_path', { tables: ['customers'] }, 'at least two'],
    ['ask_database', [], 'must be an object'],
    ['drop_everything', {}, 'list_databases, describe_schema'],
  ];
  for (const [name, input, wanted] of cases)
    it(`${name} ${JSON.stringify(input).slice(0, 60)}`, async () => {
      const { text, isError } = await tools().call(name, input);
      expect(text).toContain(wanted);
      expect(isError).toBe(true);
    });

  it('says which databases there are', async () => {
    expect((await tools({}, answer, [shop, other]).call('describe_schema', {})).text).toMatch(/several databases: shop\.db, other\.db/);
  });
});

describe('permission', () => {
  /** Everything that a model could ask for. */
  const calls: readonly (readonly [string, object])[] = [
    ['list_databases', {}],
    ['describe_schema', { database: 'shop.db', samples: true }],
    ['find_join_path', { database: 'shop.db', tables: ['customers', 'orders'] }],
    ['ask_database', { database: 'shop.db', question: 'who is not Bo' }],
    ['run_readonly_query', { database: 'shop.db', sql: 'SELECT * FROM customers' }],
    ['explain_query', { database: 'shop.db', sql: 'SELECT * FROM customers' }],
  ];

  it.each(calls)('schema: %s gives no value', async (name, input) => {
    const { text } = await tools({ 'shop.db': 'schema' }).call(name, input);
    expect(text).not.toMatch(/Secretia|Hiddenburg/);
    expect(text.length).toBeGreaterThan(20);
  });

  it.each(calls)('nothing: %s gives not even a name', async (name, input) => {
    const { text } = await tools({ 'shop.db': 'nothing' }, answer, [shop, other]).call(name, input);
    expect(text.replace('"shop.db"', '').replace('No database is called shop.db', '')).not.toMatch(/shop|customers|Secretia/);
  });

  it('nothing: the call fails as for a database that is not there', async () => {
    const { text, isError } = await tools({ 'shop.db': 'nothing' }, answer, [shop, other]).call('describe_schema', { database: shop });
    expect(isError).toBe(true);
    expect(text).toContain('there are other.db');
  });

  it('schema: what the user said themselves stays in the SQL', async () => {
    const { text } = await tools({ 'shop.db': 'schema' }).call('ask_database', { question: 'customers that are not called bo' });
    expect(text).toContain("city = '…' AND name <> 'bo'");
  });
});

describe('definitions', () => {
  const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../../package.json'), 'utf8')) as {
    contributes: { languageModelTools: readonly { name: string; modelDescription: string; inputSchema: object }[] };
  };

  it('are the ones that package.json contributes', () => {
    const contributed = manifest.contributes.languageModelTools.map(({ name, modelDescription, inputSchema }) => ({
      name,
      modelDescription,
      inputSchema,
    }));
    const wanted = toolDefinitions.map(({ name, description, inputSchema }) => ({
      name: `joinery_${name}`,
      modelDescription: description,
      inputSchema,
    }));
    expect(contributed).toEqual(wanted);
    expect(toolDefinitions.map(({ name }) => name)).toEqual(toolNames);
  });
});
