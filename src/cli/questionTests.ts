/** `joinery eval --tests`: question files as tests, one line each, with JUnit XML for CI. Fails the command when a test fails. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type JunitCase, type JunitSuite, junitXml } from '../core/questionTests/junitXml.js';
import { type QuestionFile, type QuestionTest } from '../core/questionTests/types.js';
import { JoineryError } from '../core/shared/errors.js';
import { type Engine } from '../engine/createEngine.js';
import { type QuestionTestResult, readTests, runQuestionTest } from '../engine/questionTests/questionTests.js';
import { describeError } from '../engine/words/errorSentences.js';
import { describeFailure } from '../engine/words/testSentences.js';
import { type CliContext, type EngineChoice, withEngine } from './context.js';
import { exitCodes } from './exitCodes.js';
import { type Style, styleFor } from './io.js';
import { jsonText } from './jsonText.js';
import { printable } from './printable.js';

export interface QuestionTestRun {
  readonly files: readonly string[];
  readonly database?: string;
  readonly junit?: string;
  readonly candidates: number;
  readonly json: boolean;
}

interface Done {
  readonly test: QuestionTest;
  readonly result: QuestionTestResult;
}

export async function runQuestionFiles(context: CliContext, choice: EngineChoice, run: QuestionTestRun): Promise<void> {
  const { io } = context;
  const files = await Promise.all(run.files.map((name) => readFileOf(resolve(io.folder, name), name)));
  const style = styleFor(io.outIsTerminal, io.environment);
  const suites: { readonly name: string; readonly done: readonly Done[] }[] = [];
  await withEngine(context, choice, async (engine) => {
    for (const { name, path, file } of files) suites.push({ name, done: await runFile(context, engine, path, file, run, style) });
  });
  const all = suites.flatMap(({ done }) => done);
  const failed = all.filter(({ result }) => result.outcome !== 'passed').length;
  if (run.junit !== undefined) await writeFile(resolve(io.folder, run.junit), junitXml(suites.map(suiteOf)));
  if (run.json)
    io.out(
      jsonText(suites.map(({ name, done }) => ({ file: name, tests: done.map(({ test, result }) => ({ name: test.name, ...result })) }))),
    );
  else io.out(`${all.length - failed} passed, ${failed} failed`);
  if (failed > 0) io.setExitCode(exitCodes.testsFailed);
}

/** A file that is not understood fails before a model is loaded. */
async function readFileOf(
  path: string,
  name: string,
): Promise<{ readonly name: string; readonly path: string; readonly file: QuestionFile }> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new JoineryError('file.missing', { path }, cause);
  });
  const file = readTests(text);
  const [problem] = file.problems;
  if (problem) throw new JoineryError('config.invalid', { path: name, detail: `line ${problem.line + 1}: ${problem.detail}` });
  return { name, path, file };
}

async function runFile(
  { io }: CliContext,
  engine: Engine,
  path: string,
  file: QuestionFile,
  run: QuestionTestRun,
  style: Style,
): Promise<readonly Done[]> {
  const options = {
    catalogue: engine.catalogue,
    ask: (request: Parameters<Engine['ask']['ask']>[0], token: typeof io.token) => engine.ask.ask(request, {}, token),
    candidates: run.candidates,
    now: () => performance.now(),
  };
  const fallback = run.database === undefined ? undefined : resolve(io.folder, run.database);
  const done: Done[] = [];
  for (const test of file.tests) {
    const result = await runQuestionTest(test, dirname(path), fallback, options, io.token);
    done.push({ test, result });
    if (!run.json) io.out(lineOf({ test, result }, style));
  }
  return done;
}

function lineOf({ test, result }: Done, style: Style): string {
  const name = printable(test.name);
  if (result.outcome === 'passed') return `${style.green('✓')} ${name}`;
  return [`${style.red('✗')} ${name}`, ...detailsOf(result).map((line) => `    ${printable(line)}`)].join('\n');
}

function detailsOf({ failures, error, answer }: QuestionTestResult): string[] {
  const sql = answer?.kind === 'answer' ? [`SQL: ${answer.sql.replace(/\s+/g, ' ')}`] : [];
  if (error) return [messageOf(error)];
  const texts = failures.flatMap((failure) => [
    describeFailure(failure),
    ...(failure.expected === undefined
      ? []
      : [`expected: ${failure.expected.replace(/\n/g, ' / ')}`, `actual:   ${(failure.actual ?? '').replace(/\n/g, ' / ')}`]),
  ]);
  return [...texts, ...sql];
}

function messageOf(error: JoineryError): string {
  const { sentence, next } = describeError(error.code, error.details);
  return `${sentence} ${next}`;
}

function suiteOf({ name, done }: { readonly name: string; readonly done: readonly Done[] }): JunitSuite {
  return { name, cases: done.map(caseOf) };
}

function caseOf({ test, result }: Done): JunitCase {
  const [message = '', ...rest] = detailsOf(result);
  return { name: test.name, seconds: result.ms / 1000, outcome: result.outcome, message, details: [message, ...rest].join('\n') };
}
