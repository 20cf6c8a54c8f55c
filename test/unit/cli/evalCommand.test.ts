import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliContext } from '../../../src/cli/context.js';
import { registerEval } from '../../../src/cli/evalCommand.js';
import { runCli } from '../../../src/cli/runCli.js';
import { neverCancelled } from '../../../src/core/shared/cancellation.js';
import { type CandidateFeatures, featureNames } from '../../../src/core/nl2sql/candidateFeatures.js';
import { type AskListener, type AskOutcome, type AskRequest } from '../../../src/engine/ask/types.js';
import { type Engine } from '../../../src/engine/createEngine.js';
import { makeDatabase } from '../engine/eval/makeDatabase.js';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-evalcli-'));
const timings = { totalMs: 5, prepareMs: 1, promptMs: 1, decodeMs: 1, verifyMs: 1, promptTokens: 11, sampledTokens: 7, forcedTokens: 3 };
const requests: AskRequest[] = [];

beforeAll(async () => {
  await makeDatabase(
    path.join(folder, 'tiny.db'),
    "CREATE TABLE p (name TEXT, age INTEGER); INSERT INTO p VALUES ('Ann', 20), ('Bob', 31)",
  );
  const lines = [
    { id: '1', question: 'names', sql: 'SELECT name FROM p', level: 'easy' },
    { id: '2', question: 'oldest', sql: 'SELECT name FROM p ORDER BY age DESC LIMIT 1', level: 'medium' },
    { id: '3', question: 'refuse', sql: 'SELECT age FROM p', level: 'easy' },
    { id: '4', question: 'refuse too', sql: null, reason: 'opinion' },
  ];
  writeFileSync(path.join(folder, 'set.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noFeatures = Object.fromEntries(featureNames.map((name) => [name, 0])) as unknown as CandidateFeatures;

/** Knows two answers and refuses the rest; the second is wrong, and a right one was among its candidates. */
function ask(request: AskRequest, listener: AskListener): Promise<AskOutcome> {
  requests.push(request);
  const result = { columns: ['name'], rows: [['Ann']], truncated: false, elapsedMs: 1 };
  if (request.question === 'oldest')
    listener.onJudged?.([
      { sql: 'SELECT name FROM p ORDER BY age LIMIT 1', count: 3, result, features: { ...noFeatures, voteShare: 0.75, wrongEnd: 1 } },
      { sql: 'SELECT name FROM p ORDER BY age DESC LIMIT 1', count: 1, result, features: { ...noFeatures, voteShare: 0.25 } },
    ]);
  const sql = { names: 'SELECT name FROM p', oldest: 'SELECT name FROM p ORDER BY age LIMIT 1' }[request.question];
  if (sql === undefined) return Promise.resolve({ kind: 'refusal', code: 'ask.unanswerable', details: {}, timings });
  const evidence = {
    rows: 1,
    rowsTruncated: false,
    runMs: 1,
    votes: 3,
    candidates: 4,
    joins: [],
    substitutions: [],
    fanOut: [],
    repaired: false,
  };
  return Promise.resolve({
    kind: 'answer',
    sql,
    result: { columns: ['name'], rows: [['Ann']], truncated: false, elapsedMs: 1 },
    evidence,
    explanation: [],
    alternatives: [],
    timings,
  });
}

interface Run {
  out: string;
  err: string;
  code: number;
}

async function run(...args: string[]): Promise<Run> {
  const state: Run = { out: '', err: '', code: 0 };
  const engine = {
    ask: { ask },
    catalogue: { open: () => Promise.resolve({ whenIndexed: () => Promise.resolve() }) },
    models: { resolve: () => Promise.resolve({ id: 'fake-model', path: '/fake.gguf', promptVersion: 'x' }) },
    findRanker: () => Promise.resolve(undefined),
    dispose: () => Promise.resolve(),
  } as unknown as Engine;
  const context: CliContext = {
    io: {
      out: (text) => void (state.out += `${text}\n`),
      err: (text) => void (state.err += `${text}\n`),
      errRaw: (text) => void (state.err += text),
      outIsTerminal: false,
      errIsTerminal: false,
      width: 0,
      environment: {},
      folder,
      token: neverCancelled,
      setExitCode: (code) => void (state.code = code),
    },
    modelFolder: folder,
    adapterFolder: folder,
    stateFolder: folder,
    inferencePath: '/nowhere',
    version: '1',
    createEngine: () => Promise.resolve(engine),
    findDatabases: () => Promise.resolve([]),
  };
  await runCli(['eval', ...args], context, (program) => registerEval(program, context));
  return state;
}

const set = ['--set', path.join(folder, 'set.jsonl'), '--db', 'tiny.db'];

describe('joinery eval', () => {
  it('asks, keeps predictions, scores and reports', async () => {
    const made = await run(
      ...set,
      '--out',
      'p.jsonl.gz',
      '--candidates',
      '4',
      '--comparator',
      'spider_ex,strict',
      '--report',
      'r.md',
      '--steps=-repair',
    );
    expect(made.code).toBe(0);
    expect(made.out).toContain('| spider_ex | 33.3 |');
    expect(made.out).toContain('- Unanswerable and refused: 100.0 %');
    expect(made.out).toContain('steps off: repair');
    expect(requests[0]).toMatchObject({ candidates: 4, priority: 'batch', deadlineMs: 0, seed: 1, steps: { repair: false, links: true } });
    expect(readFileSync(path.join(folder, 'r.md'), 'utf8')).toContain('- **2** oldest');
    expect(made.err).toContain('→ r.md');
  });

  it('asks nothing that was asked before', async () => {
    const asked = requests.length;
    const again = await run(...set, '--out', 'p.jsonl.gz', '--candidates', '4', '--steps=-repair', '--json');
    expect(requests.length).toBe(asked);
    expect(JSON.parse(again.out)).toMatchObject({
      header: { model: 'fake-model', mode: 'ask' },
      figures: { answerable: 3, tokens: { prompt: 11, sampled: 7, forced: 3 } },
    });
  });

  it('computes every figure again from predictions alone', async () => {
    const asked = requests.length;
    const rescored = await run(
      ...set,
      '--rescore',
      'p.jsonl.gz',
      '--comparator',
      'spider_ex,bird_ex,strict,spider_ts',
      '--variants',
      '1',
      '--report',
      'r.json',
    );
    expect(requests.length).toBe(asked);
    for (const name of ['spider_ex', 'bird_ex', 'strict', 'spider_ts']) expect(rescored.out).toContain(`| ${name} | 33.3 |`);
    const report = JSON.parse(readFileSync(path.join(folder, 'r.json'), 'utf8')) as { verdicts: { id: string; correct: object }[] };
    expect(report.verdicts.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it('writes candidates with their features and whether they are right', async () => {
    const made = await run(...set, '--rescore', 'p.jsonl.gz', '--features', 'f.jsonl');
    const [header, ...lines] = readFileSync(path.join(folder, 'f.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(header).toMatchObject({ kind: 'header', format: 1, features: featureNames, comparator: 'spider_ex', run: { candidates: 4 } });
    expect(lines.map((line) => [line['id'], line['db'], line['candidate'], line['right']])).toEqual([
      ['2', 'tiny', 0, false],
      ['2', 'tiny', 1, true],
    ]);
    expect((lines[0]?.['features'] as number[])[featureNames.indexOf('wrongEnd')]).toBe(1);
    expect(made.err).toContain('2 candidates, 1 of them right → f.jsonl');
  });

  it('measures a ranker on candidates that were kept', async () => {
    const ranker = { format: 1, features: ['wrongEnd'], mean: [0], scale: [1], weights: [-1], fingerprint: 'f' };
    writeFileSync(path.join(folder, 'ranker.json'), JSON.stringify(ranker));
    const asked = requests.length;
    const chosen = await run(...set, '--rescore', 'p.jsonl.gz', '--ranker', 'ranker.json', '--against', 'p.jsonl.gz', '--json');
    expect(requests.length).toBe(asked);
    expect(JSON.parse(chosen.out)).toMatchObject({ header: { ranker: 'f' }, paired: { onlyFirst: ['2'], onlySecond: [] } });
    const told = await run(...set, '--rescore', 'p.jsonl.gz', '--ranker', 'ranker.json');
    expect(told.out).toContain('- Chosen among candidates by the ranker f');
  });

  it('compares with other predictions', async () => {
    const paired = await run(...set, '--rescore', 'p.jsonl.gz', '--against', 'p.jsonl.gz');
    expect(paired.out).toContain('3 questions in both; right in both 1, only here 0, only there 0; difference +0.0 points, p = 1.000');
  });

  it.each([
    ['no set', ['--out', 'x.jsonl'], 2],
    ['no file for the predictions', [...set], 2],
    ['an unknown comparator', [...set, '--out', 'x.jsonl', '--comparator', 'best'], 2],
    ['an unknown step', [...set, '--out', 'x.jsonl', '--steps=magic'], 2],
    ['a split that is none', ['--spider', '.', '--split', 'test', '--out', 'x.jsonl'], 2],
    ['a count that is none', [...set, '--out', 'x.jsonl', '--limit', 'many'], 2],
    ['predictions of other settings', [...set, '--out', 'p.jsonl.gz', '--candidates', '8'], 2],
    ['a set that is missing', ['--set', 'no.jsonl', '--db', 'tiny.db', '--out', 'x.jsonl'], 4],
    ['a folder without Spider', ['--spider', 'nowhere', '--out', 'x.jsonl'], 4],
    ['a ranker that is none', [...set, '--rescore', 'p.jsonl.gz', '--ranker', 'set.jsonl'], 5],
    ['a ranker that is missing', [...set, '--rescore', 'p.jsonl.gz', '--ranker', 'no.json'], 4],
    ['predictions that are missing', [...set, '--rescore', 'no.jsonl'], 4],
  ])('refuses %s', async (_, args, code) => {
    const refused = await run(...args);
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).not.toBe('');
  });
});
