/**
 * Fine-tuning inside VS Code with a trainer that only pretends: started with choices, paused, resumed, accepted, asked, gone back from, ended.
 * The model is minute and the interpreter a script, so that the flow is tried, not the training.
 */
import * as assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeTinyAdapter, writeTinyModel } from '../../support/tinyGguf.mjs';
import { closeAll, joinery, openWith, settled, until, workspacePath } from './editor.js';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-training-'));
const models = path.join(folder, 'models');
const folders = path.join(folder, 'folders');
const interpreter = path.join(folder, 'python');

interface OwnModel {
  readonly kind: string;
  readonly id: string;
  readonly path: string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A script in the place of Python: whatever it is asked to run, the pretended trainer answers. */
function writeInterpreter(): void {
  const root = vscode.extensions.getExtension('joinery.joinery')?.extensionPath ?? '';
  const trainer = path.join(root, 'test', 'support', 'fakeTrainer.mjs');
  const environment = { FAKE_TRAINER: 'slow', FAKE_TRAINER_ADAPTER: path.join(folder, 'adapter.gguf'), FAKE_TRAINER_FOLDERS: folders, ELECTRON_RUN_AS_NODE: '1' }; // prettier-ignore
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  writeFileSync(interpreter, ['#!/bin/sh', ...exports, `exec ${quoted(process.execPath)} ${quoted(trainer)} "$@"`, ''].join('\n'));
  chmodSync(interpreter, 0o755);
}

const lines = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []); // prettier-ignore

const runFolders = (): string[] => lines(folders);

function events(run: string): { readonly kind: string; readonly stage: string; readonly step?: number }[] {
  return lines(path.join(run, 'events.jsonl')).map((line) => JSON.parse(line) as { kind: string; stage: string; step?: number });
}

const tuned = (): OwnModel[] =>
  (JSON.parse(readFileSync(path.join(models, 'own.json'), 'utf8')) as OwnModel[]).filter(({ kind }) => kind === 'adapter');

function openPages(): readonly string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.flatMap(({ input }) => (input instanceof vscode.TabInputWebview ? [input.viewType] : []));
}

/** `T` for a suspended process, as Linux says it; '' when it is gone. */
function stateOf(run: string): string {
  const pid = runPids.get(run);
  const file = `/proc/${pid ?? 0}/stat`;
  return existsSync(file) ? (/\) (\S)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '') : '';
}

const runPids = new Map<string, number>();

async function start(): Promise<string> {
  const before = runFolders().length;
  const choices = { databases: [workspacePath('data', 'shop.db')], base: 'tiny', minutes: 1, useSynthesis: true };
  await vscode.commands.executeCommand('joinery.fineTune', choices);
  const run = await until('the run', () => runFolders()[before]);
  await until('its steps', () => events(run).some(({ step }) => step === 4));
  const started = lines(path.join(run, 'trainer.log')).find((line) => line.startsWith('started')) ?? '{}';
  runPids.set(run, (JSON.parse(started.slice('started '.length)) as { pid: number }).pid);
  return run;
}

suite('training', () => {
  suiteSetup(async () => {
    mkdirSync(models, { recursive: true });
    writeTinyModel(path.join(models, 'tiny.gguf'));
    writeTinyAdapter(path.join(folder, 'adapter.gguf'));
    writeFileSync(path.join(models, 'own.json'), JSON.stringify([{ kind: 'model', id: 'tiny', path: path.join(models, 'tiny.gguf') }]));
    writeInterpreter();
    const settings = vscode.workspace.getConfiguration('joinery');
    await settings.update('modelFolder', models, vscode.ConfigurationTarget.Global);
    await settings.update('trainerPython', interpreter, vscode.ConfigurationTarget.Global);
    await joinery();
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('joinery.cancelTraining');
    const settings = vscode.workspace.getConfiguration('joinery');
    for (const name of ['modelFolder', 'trainerPython']) await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  let run = '';

  test('the command starts a run with a recipe of its own, and opens the page', async () => {
    run = await start();
    assert.ok(openPages().some((page) => page.includes('joinery.training')));
    const recipe = readFileSync(path.join(run, 'recipe.toml'), 'utf8');
    assert.match(recipe, /^\[pipeline\]$/m);
    assert.ok(recipe.includes(JSON.stringify(workspacePath('data', 'shop.db'))));
    assert.match(recipe, /^values = true$/m);
  });

  test('a second run has to wait', async () => {
    const before = runFolders().length;
    await vscode.commands.executeCommand('joinery.fineTune', { databases: ['/x.db'], base: 'tiny', minutes: 1 });
    assert.equal(runFolders().length, before);
  });

  test('it stands still while it is paused, and goes on to its end', async () => {
    await vscode.commands.executeCommand('joinery.pauseTraining');
    if (process.platform === 'linux') await until('a suspended trainer', () => stateOf(run) === 'T');
    writeFileSync(path.join(run, 'go'), '');
    await vscode.commands.executeCommand('joinery.resumeTraining');
    await until('the end', () => events(run).some(({ kind, stage }) => kind === 'done' && stage === 'pipeline'));
    assert.deepEqual(tuned(), []);
  });

  test('what is better is put to use without a reload, from a copy in the storage of the workspace', async () => {
    const [adapter] = await until('the adapter', async () => {
      await vscode.commands.executeCommand('joinery.acceptAdapter');
      return tuned().length > 0 && tuned();
    });
    assert.match(adapter?.id ?? '', /^tuned-/);
    assert.ok(adapter && existsSync(adapter.path) && !adapter.path.startsWith(run));
    assert.deepEqual(readFileSync(adapter.path), readFileSync(path.join(folder, 'adapter.gguf')));
  });

  test('questions are answered with it, and after going back without it', async () => {
    const api = await joinery();
    for (const again of ['with', 'without']) {
      await openWith(`${again}.sql`, '-- @db data/shop.db\n\n-- how many customers are there\n');
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      const { kind, code } = await settled(api);
      // A minute model writes noise; what counts is that it could be loaded and spoke.
      assert.ok(kind === 'verified' || String(code).startsWith('ask.'), `${kind} ${String(code)}`);
      await vscode.commands.executeCommand('joinery.rollBackAdapter');
    }
    assert.equal(tuned().length, 1);
  });

  test('a cancelled run ends its process and leaves the adapters alone', async () => {
    const second = await start();
    await vscode.commands.executeCommand('joinery.cancelTraining');
    await until('the end of the process', () => stateOf(second) === '');
    assert.equal(tuned().length, 1);
  });
});
