import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JoineryError, errorCodes, type ErrorCode } from '../../../src/core/shared/errors.js';
import { exitCodeOf } from '../../../src/cli/exitCodes.js';
import { answer, runFake, timings, type FakeOptions } from './fakeCli.js';

let folder: string;
let database: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-cli-'));
  database = path.join(folder, 'shop.db');
  writeFileSync(database, '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const refusal = { kind: 'refusal', code: 'ask.unanswerable', details: { words: ['weather'] }, timings } as const;

describe('what people read', () => {
  const goldens: readonly { name: string; args: readonly string[]; options?: FakeOptions; stream?: 'out' | 'err' }[] = [
    { name: 'answer', args: ['ask', 'how many orders?', 'DB'] },
    { name: 'answer-full', args: ['ask', 'how many orders?', 'DB', '--explain', '--all', '--rows', '2'] },
    { name: 'answer-json', args: ['ask', 'how many orders?', 'DB', '--json'] },
    { name: 'answer-colours', args: ['ask', 'how many orders?', 'DB'], options: { terminal: true } },
    { name: 'refusal', args: ['ask', 'what is the weather?', 'DB'], options: { outcome: refusal }, stream: 'err' },
    { name: 'refusal-json', args: ['ask', 'what is the weather?', 'DB', '--json'], options: { outcome: refusal } },
    { name: 'schema', args: ['schema', 'DB'] },
    { name: 'schema-mermaid', args: ['schema', 'DB', '--format', 'mermaid'] },
    { name: 'schema-dbml', args: ['schema', 'DB', '--format', 'dbml'] },
    { name: 'help', args: ['--help'] },
    { name: 'help-ask', args: ['ask', '--help'] },
  ];
  for (const { name, args, options = {}, stream = 'out' } of goldens) {
    it(name, async () => {
      const run = await runFake(args.map((text) => (text === 'DB' ? 'shop.db' : text)), { folder, ...options }); // prettier-ignore
      await expect(run[stream].replaceAll(folder, 'FOLDER')).toMatchFileSnapshot(`./${name}.golden.txt`);
    });
  }

  it('shows columns of an empty result', async () => {
    const empty = { ...answer, result: { ...answer.result, rows: [] } };
    expect((await runFake(['ask', 'q?', 'shop.db'], { folder, outcome: empty })).out).toMatch(/name {2}orders\n─+ {2}─+\n\(no rows\)/);
  });
});

describe('the default command', () => {
  it('takes a question as the first argument', async () => {
    const run = await runFake(['how many orders?', 'shop.db'], { folder });
    expect(run.requests[0]).toMatchObject({ question: 'how many orders?', database, priority: 'interactive' });
    expect(run.code).toBe(0);
    expect(run.disposed).toBe(1);
  });

  it('takes the only database of the folder', async () => {
    expect((await runFake(['how many?'], { folder, databases: [database] })).requests[0]?.database).toBe(database);
  });

  it('takes the database of the environment when none is named', async () => {
    const run = await runFake(['how many?'], { folder, environment: { JOINERY_DATABASE: 'shop.db' }, databases: ['/a.db', '/b.db'] });
    expect(run.requests[0]?.database).toBe(database);
  });

  it('refines the last answer on the same database', async () => {
    await runFake(['how many orders?', 'shop.db'], { folder });
    const run = await runFake(['only those from 2012', 'shop.db', '--follow'], { folder });
    expect(run.requests[0]?.previous).toEqual({ question: 'how many orders?', sql: answer.sql });
  });

  it('passes numbers and steps on', async () => {
    const run = await runFake(['q?', 'shop.db', '-n', '8', '--seed', '3', '--deadline', '900', '--steps=-repair'], { folder });
    expect(run.requests[0]).toMatchObject({ candidates: 8, seed: 3, deadlineMs: 900, steps: { repair: false, verify: true } });
  });
});

describe('exit codes', () => {
  const ask = ['ask', 'q?', 'shop.db'];
  const failing = (code: ErrorCode): FakeOptions => ({ askFails: new JoineryError(code) });
  const cases: readonly { name: string; args: readonly string[]; options?: FakeOptions; code: number; err?: RegExp }[] = [
    { name: 'no command at all', args: [], code: 0 },
    { name: 'version', args: ['--version'], code: 0 },
    { name: 'unknown option', args: ['ask', 'q?', '--nonsense'], code: 2, err: /unknown option/ },
    { name: 'count that is none', args: ['ask', 'q?', '-n', 'many'], code: 2, err: /whole number/ },
    { name: 'unknown step', args: [...ask, '--steps', 'magic'], code: 2, err: /--steps knows/ },
    { name: 'nothing to follow', args: ['ask', 'q?', 'fresh.db', '--follow'], code: 2 },
    { name: 'unknown format', args: ['schema', 'shop.db', '--format', 'xml'], code: 2, err: /Allowed choices/ },
    { name: 'no database', args: ['ask', 'q?'], code: 2, err: /no SQLite database/ },
    {
      name: 'several databases',
      args: ['ask', 'q?'],
      options: { databases: ['/a.db', '/b.db'] },
      code: 2,
      err: /several databases: .*a\.db.*b\.db/,
    },
    { name: 'missing file', args: ['ask', 'q?', 'none.db'], code: 4, err: /There is no file .*none\.db/ },
    { name: 'refusal', args: ask, options: { outcome: refusal }, code: 3, err: /weather/ },
    { name: 'not a database', args: ask, options: failing('file.notSqlite'), code: 4 },
    { name: 'model missing', args: ask, options: failing('model.missing'), code: 5, err: /joinery models fetch/ },
    { name: 'process died', args: ask, options: failing('process.died'), code: 5 },
    { name: 'cancelled', args: ask, options: failing('cancelled'), code: 130 },
    { name: 'bug', args: ask, options: { askFails: new TypeError('x is undefined') }, code: 1, err: /x is undefined/ },
    { name: 'unknown table', args: ['joins', 'orders', 'nope', '--db', 'shop.db'], code: 4, err: /nope/ },
    { name: 'tables that do not connect', args: ['joins', 'orders', 'products', '--db', 'shop.db'], code: 3, err: /No join connects/ },
    { name: 'unknown model', args: ['models', 'fetch', 'gpt'], code: 5, err: /No model is called gpt/ },
    { name: 'runtime that does not start', args: ['doctor'], options: { factsFail: new JoineryError('process.startFailed') }, code: 5 },
  ];
  for (const { name, args, options = {}, code, err } of cases) {
    it(`${code} for ${name}`, async () => {
      writeFileSync(path.join(folder, 'fresh.db'), '');
      const run = await runFake(args, { folder, ...options });
      expect(run.code).toBe(code);
      if (err) expect(run.err).toMatch(err);
    });
  }

  it('are defined for every error code', () => {
    for (const code of errorCodes) expect([1, 2, 3, 4, 5, 130]).toContain(exitCodeOf(code));
    expect(errorCodes.filter((code) => exitCodeOf(code) === 1)).toEqual(['internal']);
  });
});

describe('machines', () => {
  it('get errors as JSON on stdout', async () => {
    const run = await runFake(['ask', 'q?', 'none.db', '--json'], { folder });
    expect(JSON.parse(run.out)).toMatchObject({ kind: 'error', code: 'file.missing', next: 'Check the path.' });
    expect(run.err).toBe('');
  });

  for (const args of [
    ['schema', 'shop.db', '--json'],
    ['models', 'list', '--json'],
    ['doctor', '--json'],
    ['joins', 'orders', 'customers', '--db', 'shop.db', '--json'],
  ]) {
    it(`get JSON from ${args[0] ?? ''}`, async () => {
      expect(() => JSON.parse('x')).toThrow();
      expect(JSON.parse((await runFake(args, { folder })).out)).toBeTypeOf('object');
    });
  }

  it('get no colours and no drawing', async () => {
    const run = await runFake(['ask', 'q?', 'shop.db'], { folder });
    expect(run.out + run.err).not.toMatch(/\u001b/);
  });

  it('get exact integers, blobs and all rows', async () => {
    const { result } = JSON.parse((await runFake(['ask', 'q?', 'shop.db', '--json'], { folder })).out) as { result: { rows: unknown[][] } };
    expect(result.rows[1]?.[1]).toBe('9007199254740993');
    expect(result.rows[3]?.[1]).toEqual({ blob: '0102' });
  });
});

describe('people', () => {
  it('get no colours when they asked for none', async () => {
    const run = await runFake(['ask', 'q?', 'shop.db'], { folder, terminal: true, environment: { NO_COLOR: '1' } });
    expect(run.out).not.toMatch(/\u001b/);
  });

  it('see the first answer at once, and it is gone when the vote is over', async () => {
    const run = await runFake(['ask', 'q?', 'shop.db'], { folder, terminal: true, environment: { NO_COLOR: '1' } });
    expect(run.err).toContain('voting …');
    expect(run.err.endsWith('\u001b[J')).toBe(true);
  });

  it('never get escape sequences out of their data', async () => {
    expect((await runFake(['ask', 'q?', 'shop.db'], { folder })).out).toContain('evil  [31m');
  });
});
