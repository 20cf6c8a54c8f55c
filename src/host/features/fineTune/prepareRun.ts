/** What comes before a run: the base model, the Python environment, the collected questions, room on the disk, the recipe. Starts nothing. */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type CancellationToken, throwIfCancelled } from '../../../core/shared/cancellation.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { type ModelStore } from '../../../engine/models/modelStore.js';
import { type RunRecord } from '../../../engine/training/trainingRun.js';
import { type TrainingChoices } from '../../../engine/training/trainingRecipe.js';
import { readSetting } from '../../platform/settings.js';
import { permissionOf } from '../../services/permission.js';
import { type Services } from '../../services/services.js';
import { collectPairs } from './collectPairs.js';
import { describePhase } from './fineTuneWords.js';
import { runFolder, trainerPlaces, weightsFolder } from './trainingPlaces.js';

export interface PreparedRun {
  readonly record: RunRecord;
  readonly recipe: string;
  readonly accepted: number;
  readonly tests: number;
}

/** Throws the errors of the environment, of the model store, `training.noData` and `training.diskFull`. */
export async function prepareRun(
  services: Services,
  choices: TrainingChoices,
  token: CancellationToken,
  say: (message: string) => void,
): Promise<PreparedRun> {
  const { context, engines, log } = services;
  const hidden = choices.databases.find((database) => permissionOf(database) === 'nothing');
  if (hidden !== undefined) throw new JoineryError('ask.notAllowed', { database: services.databases.labelOf(hidden) });
  const id = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const folder = runFolder(context, id);
  const basePath = await requireBase(services, choices.base, token, say);
  const { prepareTrainer, requireDisk } = await import('../../../engine/training/trainerSetup.js');
  const program = await prepareTrainer(trainerPlaces(context), log, token, (progress) => say(describePhase(progress)));
  throwIfCancelled(token);
  const { accepted, tests } = await collectPairs(services, choices);
  if (accepted.length === 0 && !choices.useSynthesis) throw new JoineryError('training.noData', {});
  await mkdir(folder, { recursive: true });
  const { models } = await engines.get();
  await requireDisk(folder, await diskBytesOf(choices, models));
  const { writePairs } = await import('../../../engine/training/trainingPairs.js');
  const [acceptedFile, questions] = [await writePairs(folder, 'accepted', accepted), await writePairs(folder, 'questions', tests)];
  const { trainingRecipe } = await import('../../../engine/training/trainingRecipe.js');
  const { trainingThreads } = await import('../../../engine/training/trainingCost.js');
  const threads = trainingThreads(readSetting('threads'), availableParallelism());
  const start = await startOf(services, choices.base, models);
  const recipe = trainingRecipe(choices, {
    out: folder,
    basePath,
    ...(start === undefined ? {} : { start }),
    ...(acceptedFile === undefined ? {} : { accepted: acceptedFile }),
    ...(questions === undefined ? {} : { questions }),
    showValues: choices.databases.every((database) => (permissionOf(database) ?? 'schemaAndSamples') === 'schemaAndSamples'),
    cache: weightsFolder(context),
    joinery: [process.execPath, path.join(context.extensionPath, 'dist', 'cli.mjs')],
    threads,
  });
  const env = {
    ...program.env,
    // The editor's own program runs the command line: as Node, not as a second editor.
    ELECTRON_RUN_AS_NODE: '1',
    JOINERY_MODEL_DIR: models.folder,
  };
  const record: RunRecord = { id, folder, choices, program: { ...program, env }, threads, startedAt: Date.now(), intent: 'run' };
  return { record, recipe, accepted: accepted.length, tests: tests.length };
}

/** The adapter that answers here: the setting speaks for the model in use only. */
async function startOf({ adapters }: Services, base: string, models: ModelStore): Promise<string | undefined> {
  const { presentAdapter } = await import('../../../engine/training/presentAdapter.js');
  const named = (readSetting('model') || models.catalog.default) === base ? readSetting('adapter') : '';
  return presentAdapter(models, base, named === '' ? adapters.pathFor(base) : named);
}

/** What the run itself takes; the environment is there by then. */
async function diskBytesOf(choices: TrainingChoices, models: ModelStore): Promise<number> {
  const { trainingDiskBytes } = await import('../../../engine/training/trainingCost.js');
  const modelBytes = (await models.list()).find(({ id }) => id === choices.base)?.bytes ?? 0;
  return trainingDiskBytes({ modelBytes, hasEnvironment: true, device: 'cpu' });
}

/** Path of the base model; it is fetched first when it is not there. */
async function requireBase({ engines }: Services, id: string, token: CancellationToken, say: (message: string) => void): Promise<string> {
  const { models } = await engines.get();
  const listing = (await models.list()).find((candidate) => candidate.id === id && candidate.kind === 'model');
  if (!listing) throw new JoineryError('model.unknown', { id });
  if (listing.state === 'ready') return listing.path;
  return models.fetch(id, token, ({ receivedBytes, totalBytes }) => {
    const percent = totalBytes === 0 ? 0 : Math.floor((100 * receivedBytes) / totalBytes);
    say(vscode.l10n.t('fetching the model {0}: {1} %', id, percent));
  });
}
