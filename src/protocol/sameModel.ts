/** Whether two requests for a model mean the same loaded model: both ends of the pipe must agree on that. */
import { type LoadModelParams } from './modelProcess.js';

export function sameModel(left: LoadModelParams, right: LoadModelParams): boolean {
  return (
    left.modelPath === right.modelPath &&
    left.modelId === right.modelId &&
    left.adapterPath === right.adapterPath &&
    left.adapterId === right.adapterId &&
    left.promptVersion === right.promptVersion &&
    left.contextSize === right.contextSize &&
    left.sequences === right.sequences
  );
}
