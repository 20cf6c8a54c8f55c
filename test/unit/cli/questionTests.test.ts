/** `joinery eval --tests`: lines for people, JUnit XML for CI, and an exit code that fails the build. Answers are given instead of a model's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerEval } from '../../../src/cli/evalCommand.js';
import { JoineryError } from '../../../src/core/shared/errors.js';
import { type FakeOptions, type FakeRun, runFake } from './fakeCli.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-cli-tests-'));
  writeFileSync(path.join(folder, 'good.joinery.yaml'), 'questions:\n  - question: orders per customer\n    assert:\n      - columns: [name, orders]\n      - rowCount: 4\n'); // prettier-ignore
  writeFileSync(path.join(folder, 'mixed.joinery.yaml'), 'database: shop.db\nquestions:\n  - question: all of them\n    assert: [{ rowCount: 4 }]\n  - question: <none> of them\n    rows: []\n'); // prettier-ignore
  writeFileSync(path.join(folder, 'broken.joinery.yaml'), 'questions:\n  - quesion: what\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], options: FakeOptions = {}): Promise<FakeRun> => runFake(['eval', '--tests', ...args], { folder, extend: registerEval, ...options }); // prettier-ignore

/** Times are what the clock says. */
const steady = (text: string): string => text.replace(/time="[\d.]+"/g, 'time="T"').replace(/"ms": [\d.]+/g, '"ms": 0');

describe('joinery eval --tests', () => {
  it('passes with a line for each question, on the database that the command line names', async () => {
    const { out, code, requests } = await run(['good.joinery.yaml', '--db', 'shop.db', '-n', '3']);
    expect([out, code]).toEqual(['✓ orders per customer\n1 passed, 0 failed\n', 0]);
    expect(requests.map(({ question, database, candidates }) => [question, database, candidates])).toEqual([['orders per customer', path.join(folder, 'shop.db'), 3]]); // prettier-ignore
  });

  it('fails the command when a question fails, and says what was expected', async () => {
    const { out, code } = await run(['good.joinery.yaml', 'mixed.joinery.yaml', '--db', 'shop.db']);
    expect(code).toBe(6);
    await expect(out).toMatchFileSnapshot('question-tests.golden.txt');
  });

  it('writes JUnit XML, one suite for each file', async () => {
    const { code } = await run(['good.joinery.yaml', 'mixed.joinery.yaml', '--db', 'shop.db', '--junit', 'out.xml']);
    expect(code).toBe(6);
    await expect(steady(readFileSync(path.join(folder, 'out.xml'), 'utf8'))).toMatchFileSnapshot('question-tests.golden.xml');
  });

  it('gives the same as JSON', async () => {
    const { out, code } = await run(['mixed.joinery.yaml', '--json']);
    const [file] = JSON.parse(out) as readonly { file: string; tests: readonly { name: string; outcome: string }[] }[];
    expect([file?.file, file?.tests.map(({ name, outcome }) => `${name}: ${outcome}`), code]).toEqual([
      'mixed.joinery.yaml',
      ['all of them: passed', '<none> of them: failed'],
      6,
    ]);
  });

  it('a fault is told as one, in JUnit, too', async () => {
    const { out, code } = await run(['good.joinery.yaml', '--db', 'shop.db', '--junit', 'fault.xml'], { askFails: new JoineryError('model.missing') }); // prettier-ignore
    expect([code, out.includes('✗ orders per customer'), out.includes('0 passed, 1 failed')]).toEqual([6, true, true]);
    expect(readFileSync(path.join(folder, 'fault.xml'), 'utf8')).toMatch(/errors="1"[^]*<error message="[^"]+"/);
  });

  it.each([
    ['a file that is not there', ['no.joinery.yaml'], 4],
    ['a file that is not understood, with its line', ['broken.joinery.yaml'], 2],
  ])('refuses %s before anything is asked', async (_, args, code) => {
    const refused = await run(args);
    expect([refused.code, refused.requests, refused.out]).toEqual([code, [], '']);
    expect(refused.err).toMatch(/\.joinery\.yaml/);
  });
});
