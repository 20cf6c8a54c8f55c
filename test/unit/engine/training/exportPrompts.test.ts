import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EvalItem } from '../../../../src/core/eval/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import { readSpider } from '../../../../src/engine/eval/readSets.js';
import { exportPrompts, type ExportLine, type ExportOptions, type PairLine } from '../../../../src/engine/training/exportPrompts.js';
import { makeDatabase, makeFolder } from '../eval/makeDatabase.js';

const options: ExportOptions = { template: 'chatml', views: ['ddl'], style: 'worked', showValues: true, schemaBudget: 2_600 };
let catalogue: Catalogue;
let folder: ReturnType<typeof makeFolder>;

beforeAll(() => {
  folder = makeFolder();
  catalogue = createCatalogue({ stateFolder: join(folder.path, 'state') });
});

afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

async function linesOf(items: readonly EvalItem[], changes: Partial<ExportOptions> = {}): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  for await (const line of exportPrompts(catalogue, items, { ...options, ...changes }, neverCancelled)) lines.push(line);
  return lines;
}

const isPair = (line: ExportLine): line is PairLine => line.kind === 'pair';

describe('exported prompts', () => {
  let database: string;
  const item = (id: string, question: string, gold?: string): EvalItem => ({
    id,
    db: 'pets',
    database,
    question,
    ...(gold === undefined ? {} : { gold }),
  });

  beforeAll(async () => {
    database = await makeDatabase(
      join(folder.path, 'pets.sqlite'),
      `CREATE TABLE student (stuid INTEGER PRIMARY KEY, name TEXT, age INTEGER);
       CREATE TABLE pet (petid INTEGER PRIMARY KEY, stuid INTEGER REFERENCES student(stuid), kind TEXT);
       INSERT INTO student VALUES (1, 'Linda', 18), (2, 'Tracy', 19);
       INSERT INTO pet VALUES (1, 1, 'cat'), (2, 1, 'dog');`,
    );
  });

  it('a trained model is spared the worked examples, and its prompts are of another version', async () => {
    const one = [item('a', 'How many students are there?', 'SELECT COUNT(*) FROM student')];
    const [worked, bare] = [await linesOf(one), await linesOf(one, { style: 'bare' })];
    const text = (lines: readonly ExportLine[]): string =>
      lines.flatMap((line) => (line.kind === 'prefix' ? line.parts.map((part) => part.text) : [])).join('');
    const version = (lines: readonly ExportLine[]): string =>
      lines.flatMap((line) => (line.kind === 'header' ? line.promptVersion : []))[0] ?? '';
    expect(version(bare)).not.toBe(version(worked));
    expect(text(bare).length).toBeLessThan(text(worked).length / 2);
    expect(text(bare)).toContain('CREATE TABLE student');
    expect(bare.find(isPair)?.rest).toEqual(worked.find(isPair)?.rest);
  });

  it('one prefix serves all pairs of a database, and nothing is dropped in silence', async () => {
    const lines = await linesOf([
      item('a', 'How many students are there?', 'select count(*) from student;'),
      item('b', 'Who has a cat?', "select s.name from student as s join pet as p on p.stuid = s.stuid where p.kind = 'cat'"),
      item('c', 'What is the meaning of life?'),
      { ...item('d', 'How many?', 'SELECT 1'), database: join(folder.path, 'absent.sqlite') },
    ]);
    expect(lines.map((line) => line.kind)).toEqual(['header', 'prefix', 'pair', 'pair', 'skipped', 'skipped']);
    const [first, second] = lines.filter(isPair);
    expect([first?.sql, second?.sql]).toEqual([
      'SELECT COUNT(*) FROM student',
      "SELECT student.name FROM student JOIN pet ON pet.stuid = student.stuid WHERE pet.kind = 'cat'",
    ]);
    expect([first?.inGrammar, second?.inGrammar, first?.prefixKey === second?.prefixKey]).toEqual([true, true, true]);
    expect(lines.filter((line) => line.kind === 'skipped').map((line) => line.reason)).toEqual(['no SQL', 'file.missing']);
  });

  it('the question stands in the second part only, and stored values can be kept out of both', async () => {
    const [withValues, without] = await Promise.all(
      [true, false].map(async (showValues) =>
        JSON.stringify(await linesOf([item('a', 'Who is Tracy?', 'SELECT 1 FROM student')], { showValues })),
      ),
    );
    expect([withValues?.includes('Linda'), without?.includes('Linda')]).toEqual([true, false]);
    const [, prefix] = await linesOf([item('a', 'Who is Tracy?', 'SELECT 1 FROM student')]);
    expect(JSON.stringify(prefix)).not.toContain('Who is Tracy?');
  });

  it.each(['ddl', 'compact', 'mSchema', 'edges', 'sentences'] as const)('the schema as %s names every table and column', async (view) => {
    const prefix = (await linesOf([item('a', 'Who?', 'SELECT name FROM student')], { views: [view] })).find(
      (line) => line.kind === 'prefix',
    );
    for (const name of ['student', 'pet', 'stuid', 'petid', 'kind', 'age']) expect(JSON.stringify(prefix)).toContain(name);
  });

  it('says when the grammar of a question would not let its SQL be written', async () => {
    const [line] = (await linesOf([item('a', 'How many students?', "SELECT COUNT(*) FROM student WHERE name = 'Bob'")])).filter(isPair);
    expect(line?.inGrammar).toBe(false);
  });
});

describe('targets', () => {
  let database: string;
  beforeAll(async () => {
    database = await makeDatabase(
      join(folder.path, 'targets.sqlite'),
      `CREATE TABLE student (stuid INTEGER PRIMARY KEY, name TEXT);
       CREATE TABLE pet (petid INTEGER PRIMARY KEY, stuid INTEGER REFERENCES student(stuid));
       INSERT INTO student VALUES (1, 'Linda'); INSERT INTO pet VALUES (1, 1);`,
    );
  });
  const golds = [
    'SELECT DISTINCT T1.name FROM student AS T1 JOIN pet AS T2 ON T1.stuid = T2.stuid',
    'SELECT COUNT(*) FROM student',
    'SELECT COUNT(*) FROM (SELECT name FROM student)',
  ];
  const items = (): EvalItem[] =>
    golds.map((gold, at) => ({ id: String(at), db: 'targets', database, question: 'How many students have a pet?', gold }));
  const headerOf = (lines: readonly ExportLine[]): unknown => lines.find((line) => line.kind === 'header');

  it('without FROM and JOIN, and a reason for what cannot be said so', async () => {
    const lines = await linesOf(items(), { style: 'bare', target: 'ir' });
    expect(headerOf(lines)).toMatchObject({ target: 'ir', promptVersion: 'joinery-1-bare-ir' });
    expect(lines.filter(isPair).map(({ sql, inGrammar }) => [sql, inGrammar])).toEqual([
      ['SELECT DISTINCT student.name USING pet', true],
      ['SELECT COUNT(student.*)', true],
    ]);
    expect(lines.filter(isPair).map(({ gold }) => gold)).toEqual(golds.slice(0, 2));
    expect(lines.at(-1)).toEqual({ kind: 'skipped', id: '2', db: 'targets', reason: 'outside.derivedTable' });
  });

  it('a prompt that ends where the plan begins', async () => {
    const lines = await linesOf(items(), { style: 'bare', target: 'think' });
    expect(headerOf(lines)).toMatchObject({ target: 'think', promptVersion: 'joinery-1-bare-think' });
    expect(lines.filter(isPair).map(({ inGrammar }) => inGrammar)).toEqual([true, true, true]);
    for (const { rest } of lines.filter(isPair)) expect(rest.at(-1)?.text.endsWith('\n### Plan\n')).toBe(true);
  });

  it('SQL when nothing is said, and questions about the schema are answered in text whatever the target', async () => {
    expect(headerOf(await linesOf(items()))).toMatchObject({ target: 'sql' });
    const augmentation = { seed: 1, orders: 0, droppedKeys: 0, viewsEach: 1, graphTasks: 2 };
    for (const target of ['sql', 'think', 'ir'] as const) {
      const tasks = (await linesOf(items(), { style: 'bare', target, augmentation })).filter((line) => line.kind === 'task');
      expect(tasks.length).toBeGreaterThan(0);
      for (const { rest } of tasks) expect(rest.at(-1)?.text.endsWith('assistant\n```text\n')).toBe(true);
    }
  });
});

const spider = join(process.env['JOINERY_DATA'] ?? '../shared/data', 'spider');
const databases = ['farm', 'csu_1', 'music_1', 'voter_2', 'climbing', 'small_bank_1', 'election', 'film_rank', 'company_office', 'game_1'];

describe.skipIf(!existsSync(spider))('gold of Spider train (skipped without the data set in JOINERY_DATA)', () => {
  it('the grammar lets 90 of 100 gold statements be written', async () => {
    const items = (await readSpider(spider, 'train')).filter((entry) => databases.includes(entry.db)).filter((_, at) => at % 6 === 0);
    // Gold quotes text like names; the trainer's importer rewrites it, here a stand-in suffices.
    const rewritten = items.map((entry) => ({ ...entry, gold: (entry.gold ?? '').replace(/"([^"]*)"/g, "'$1'") }));
    const pairs = (await linesOf(rewritten)).filter(isPair);
    expect(pairs.length).toBe(items.length);
    expect(pairs.filter((pair) => pair.inGrammar).length / pairs.length).toBeGreaterThan(0.9);
  });
});
