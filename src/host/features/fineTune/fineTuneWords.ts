/** What fine-tuning says in the reader's language: words of the page, phases, why a run ended, what an adapter learnt from. */
import * as vscode from 'vscode';
import { type EnvironmentProgress } from '../../../engine/training/pythonEnvironment.js';
import { type RunRecord } from '../../../engine/training/trainingRun.js';
import { type WorkspaceAdapter } from '../../../engine/training/workspaceAdapters.js';
import { type RunStatus, type TrainingProgress } from '../../../protocol/trainingPage.js';
import { type TrainingWords } from '../../../protocol/trainingWords.js';
import { describeCode } from '../../platform/words.js';

export async function pageWords(): Promise<TrainingWords> {
  const { trainingSentences } = await import('../../../engine/words/trainingSentences.js');
  const translated = Object.entries(trainingSentences).map(([key, text]) => [key, vscode.l10n.t(text)]);
  return Object.fromEntries(translated) as TrainingWords;
}

export function describePhase({ phase, detail }: EnvironmentProgress): string {
  const text = phaseText(phase);
  return detail === undefined ? text : `${text}: ${detail.slice(0, 120)}`;
}

function phaseText(phase: EnvironmentProgress['phase']): string {
  switch (phase) {
    case 'waiting':
      return vscode.l10n.t('another window prepares the trainer');
    case 'looking':
      return vscode.l10n.t('looking for Python');
    case 'making':
      return vscode.l10n.t('making a Python environment');
    case 'torch':
      return vscode.l10n.t('fetching PyTorch');
    case 'packages':
      return vscode.l10n.t('fetching the other packages');
    case 'checking':
      return vscode.l10n.t('trying the Python environment');
  }
}

/** Exit statuses of the trainer that have a next step of their own, see `trainer/joinery_trainer/stages/errors.py`; the others say a sentence. */
const failures = { 6: 'training.diskFull', 7: 'training.noMemory' } as const;

/** Why the run is where it is; empty when its stages say enough. */
export function describeRun(status: RunStatus, { reason, folder }: RunRecord, { end, scores }: TrainingProgress): string {
  switch (status) {
    case 'finished':
      return end?.kind === 'done' && scores.length > 0 ? '' : vscode.l10n.t('The run has finished without a comparison.');
    case 'failed': {
      const [code, detail] = end?.kind === 'failed' ? [end.code, end.text] : [1, ''];
      const known = Object.hasOwn(failures, code) ? failures[code as keyof typeof failures] : 'training.failed';
      const { sentence, next } = describeCode(known, { detail, folder });
      return `${sentence} ${next}`;
    }
    case 'stopped': {
      const { sentence, next } = describeCode(reason === 'memory' ? 'training.noMemory' : 'training.diskFull', { folder });
      return `${sentence} ${next}`;
    }
    case 'interrupted':
      return vscode.l10n.t('The trainer ended before it was done, for instance because the machine was switched off. It can go on from its last checkpoint.'); // prettier-ignore
    case 'paused':
      return vscode.l10n.t('Nothing is lost; the run waits.');
    case 'stopping':
      return vscode.l10n.t('The trainer is asked to end.');
    case 'preparing':
    case 'running':
    case 'cancelled':
      return '';
  }
}

export function learntFrom({ accepted, synthesis }: Pick<WorkspaceAdapter, 'accepted' | 'synthesis'>): string {
  return [
    ...(accepted > 0 ? [vscode.l10n.t('{0} kept answers', accepted)] : []),
    ...(synthesis ? [vscode.l10n.t('questions made from the schema')] : []),
  ].join(', ');
}

/** Such as "+12.3 points (95 % interval 4.1 to 20.2)". */
export function gainText({ before, after, low, high }: WorkspaceAdapter['score']): string {
  const gain = after - before;
  return vscode.l10n.t(
    '{0} points (95 % interval {1} to {2})',
    `${gain > 0 ? '+' : ''}${gain.toFixed(1)}`,
    low.toFixed(1),
    high.toFixed(1),
  );
}
