/** What the training page shows, from what the controller knows: in the reader's language, with the buttons that can be pressed now. */
import * as vscode from 'vscode';
import {
  type AdapterView,
  type RunView,
  type TrainingAction,
  type TrainingProgress,
  type TrainingState,
} from '../../../protocol/trainingPage.js';
import { describeRun, learntFrom } from './fineTuneWords.js';
import { type TrainingController } from './trainingController.js';

/** Path to a name that people know a database by. */
type LabelOf = (database: string) => string;

const nothingYet: TrainingProgress = { stages: [], curves: [], samples: [], warnings: [], scores: [], lastAt: 0 };

export function trainingState(controller: TrainingController, labelOf: LabelOf): TrainingState {
  const run = runView(controller, labelOf);
  return { ...(run ? { run } : {}), adapters: adapterViews(controller, labelOf), actions: actionsOf(controller) };
}

function runView({ preparing, run, kept, status }: TrainingController, labelOf: LabelOf): RunView | undefined {
  const choices = preparing?.choices ?? kept?.record.choices;
  if (!choices || !status) return undefined;
  const progress = preparing || !run ? nothingYet : run.progress;
  const message = preparing ? preparing.message : run ? describeRun(status, run.record, progress) : '';
  return {
    status,
    databases: choices.databases.map((database) => labelOf(database)),
    base: choices.base,
    minutes: choices.minutes,
    message,
    progress,
  };
}

function adapterViews({ adapters }: TrainingController, labelOf: LabelOf): readonly AdapterView[] {
  const current = adapters.current?.id;
  return adapters.shelf.adapters.map((adapter) => ({
    id: adapter.id,
    base: adapter.base,
    made: new Date(adapter.madeAt).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' }),
    databases: adapter.databases.map((database) => labelOf(database)),
    learntFrom: learntFrom(adapter),
    score: adapter.score,
    isCurrent: adapter.id === current,
  }));
}

function actionsOf({ status, canAccept, run, adapters }: TrainingController): readonly TrainingAction[] {
  const isOver = status === undefined || ['finished', 'cancelled'].includes(status);
  return [
    ...(status === 'running' ? (['pause'] as const) : []),
    ...(status !== undefined && ['paused', 'interrupted', 'stopped', 'failed'].includes(status) ? (['resume'] as const) : []),
    ...(isOver || status === 'failed' ? [] : (['cancel'] as const)),
    ...(canAccept ? (['accept'] as const) : []),
    ...(adapters.canRollBack ? (['rollBack'] as const) : []),
    ...(run ? (['showLog'] as const) : []),
  ];
}
