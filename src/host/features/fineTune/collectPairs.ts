/** Questions with known SQL of this workspace, for the databases and sources that were chosen. Reads files; runs nothing. */
import * as vscode from 'vscode';
import { type TrainingPair } from '../../../engine/training/trainingPairs.js';
import { type TrainingChoices } from '../../../engine/training/trainingRecipe.js';
import { type Services } from '../../services/services.js';

export interface CollectedPairs {
  /** To learn from. */
  readonly accepted: readonly TrainingPair[];
  /** To measure with. */
  readonly tests: readonly TrainingPair[];
  /** Question tests without a statement. */
  readonly unusable: number;
}

const mostFiles = 1_000;

export async function collectPairs(
  { pairs: kept, databases, log }: Pick<Services, 'pairs' | 'databases' | 'log'>,
  { databases: chosen, useAccepted, useTests }: Pick<TrainingChoices, 'databases' | 'useAccepted' | 'useTests'>,
): Promise<CollectedPairs> {
  const { acceptedTrainingPairs, testTrainingPairs } = await import('../../../engine/training/trainingPairs.js');
  const accepted = useAccepted ? acceptedTrainingPairs(await kept.list(), chosen) : [];
  const files = useTests ? await vscode.workspace.findFiles('**/*.joinery.yaml', undefined, mostFiles) : [];
  const found = await databases.list();
  const only = found.length === 1 ? found[0] : undefined;
  const tests = await testTrainingPairs(files.map(({ fsPath }) => fsPath), chosen, () => only); // prettier-ignore
  if (tests.unusable > 0) log.log('info', 'training', `${tests.unusable} question tests have no statement to compare with`);
  return { accepted, tests: tests.pairs, unusable: tests.unusable };
}
