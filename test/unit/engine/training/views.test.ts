/** One database in every view, written to a file that the trainer's tests read: what it decodes must be what stands here. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schemaViews } from '../../../../src/core/nl2sql/schemaText.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import { exportPrompts } from '../../../../src/engine/training/exportPrompts.js';
import { makeDatabase, makeFolder } from '../eval/makeDatabase.js';

let folder: ReturnType<typeof makeFolder>;
let catalogue: Catalogue;

beforeAll(() => {
  folder = makeFolder();
  catalogue = createCatalogue({ stateFolder: join(folder.path, 'state') });
});

afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

it('a schema in every view, in two orders, with questions about it', async () => {
  const database = await makeDatabase(
    join(folder.path, 'library.sqlite'),
    `CREATE TABLE author (author_id INTEGER PRIMARY KEY, name VARCHAR(40), "birth year" INTEGER);
     CREATE TABLE book (isbn TEXT PRIMARY KEY, title TEXT, price NUMERIC(10, 2));
     CREATE TABLE written (author_id INTEGER REFERENCES author, isbn TEXT REFERENCES book, place, PRIMARY KEY (author_id, isbn));
     CREATE TABLE "order" (id INTEGER PRIMARY KEY, isbn TEXT REFERENCES book, note TEXT);
     INSERT INTO author VALUES (1, 'O''Hara, (John)', 1905); INSERT INTO book VALUES ('1-2', 'A; B', 9.5);
     INSERT INTO written VALUES (1, '1-2', 1); INSERT INTO "order" VALUES (1, '1-2', 'CREATE TABLE x (y');`,
  );
  const item = { id: 'q', db: 'library', database, question: 'What does each book cost?', gold: 'SELECT title, price FROM book' };
  const items = [0, 1, 2, 3].map((at) => ({ ...item, id: `q${at}` }));
  const augmentation = { seed: 1, orders: 2, droppedKeys: 0, viewsEach: schemaViews.length, graphTasks: 12 };
  const options = { template: 'chatml', views: schemaViews, style: 'bare', showValues: true, schemaBudget: 2_600, augmentation } as const;
  const lines: string[] = [];
  for await (const line of exportPrompts(catalogue, items, options, neverCancelled)) lines.push(JSON.stringify(line));
  const text = `${lines.join('\n').replaceAll(JSON.stringify(database).slice(1, -1), 'library.sqlite')}\n`;
  await expect(text).toMatchFileSnapshot('../../../fixtures/prompts/views.jsonl');
});
