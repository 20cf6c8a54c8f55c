/**
 * What the flow of fine-tuning is tried with. As a rule a trainer that only pretends and a minute model; where JOINERY_FLOW_PYTHON names an interpreter
 * with the trainer's packages and JOINERY_MODEL_DIR a folder with the 0.5B, all of it is real and takes most of an hour.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeTinyAdapter, writeTinyModel } from '../../support/tinyGguf.mjs';

const fakeTrainer = path.join(import.meta.dirname, '..', '..', 'support', 'fakeTrainer.mjs');

/**
 * @typedef {object} Trial
 * @property {Record<string, unknown>} settings of the editor
 * @property {string} database file name of the one that is chosen
 * @property {string} [minutes] the budget's label; the one that is offered first when absent
 * @property {string | RegExp} step what the page shows before the window is reloaded
 * @property {{timeout: number}} patience until the run is at its end
 * @property {() => void} goOn lets the run go on after the reload
 * @property {() => void} end lets everything that waits end
 * @property {string} [file] where a question is typed with the new adapter
 */

/** @returns {Trial} */
export function trainingTrial(folder) {
  const { JOINERY_FLOW_PYTHON: python, JOINERY_MODEL_DIR: models } = process.env;
  return python && models ? realTrial(python, models) : pretendedTrial(folder);
}

function realTrial(python, models) {
  return {
    settings: {
      'joinery.model': 'qwen2.5-coder-0.5b',
      'joinery.modelFolder': models,
      'joinery.trainerPython': python,
      'joinery.threads': 1,
      'joinery.candidates': 4,
    },
    database: 'library.db',
    minutes: '10 minutes',
    step: /step \d+ of \d+/,
    patience: { timeout: 5_400_000 },
    goOn: () => undefined,
    end: () => undefined,
    file: 'queries/library.sql',
  };
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Model, adapter and a script in the place of Python. */
function pretendedTrial(folder) {
  const models = path.join(folder, 'models');
  mkdirSync(models, { recursive: true });
  writeTinyModel(path.join(models, 'tiny.gguf'));
  writeTinyAdapter(path.join(folder, 'adapter.gguf'));
  writeFileSync(path.join(models, 'own.json'), JSON.stringify([{ kind: 'model', id: 'tiny', path: path.join(models, 'tiny.gguf') }]));
  const runs = path.join(folder, 'runs');
  const environment = { FAKE_TRAINER: 'slow', FAKE_TRAINER_ADAPTER: path.join(folder, 'adapter.gguf'), FAKE_TRAINER_FOLDERS: runs };
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const interpreter = path.join(folder, 'python');
  writeFileSync(interpreter, ['#!/bin/sh', ...exports, `exec ${quoted(process.execPath)} ${quoted(fakeTrainer)} "$@"`, ''].join('\n'));
  chmodSync(interpreter, 0o755);
  const started = () => (existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n') : []);
  const goOn = () => {
    for (const run of started()) if (existsSync(run)) writeFileSync(path.join(run, 'go'), '');
  };
  return {
    settings: { 'joinery.model': 'tiny', 'joinery.modelFolder': models, 'joinery.trainerPython': interpreter },
    database: 'shop.db',
    step: 'step 4 of 8',
    patience: { timeout: 120_000 },
    goOn,
    end: goOn,
  };
}
