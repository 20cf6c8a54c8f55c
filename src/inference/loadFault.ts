/** Which known fault a failed load has, read from what llama.cpp said while it failed. */
import { JoineryError } from '../core/shared/errors.js';
import { type LoadModelParams } from '../protocol/modelProcess.js';

const shortFile = /not within the file bounds|corrupted or incomplete|exceeds remaining file size|failed to read|end of file/i;
const noMemory = /failed to allocate|unable to allocate|cannot allocate|out of memory|not enough memory|InsufficientMemory/i;
const otherModel = /unknown model architecture: '([^']*)'|error loading model hyperparameters|key not found in model|wrong number of tensors|missing tensor|unknown pre-tokenizer/i;
const otherAdapter = /lora|adapter/i;

/** `lines` are the runtime's messages since the load began; `error` is what it threw. */
export function loadFault(error: unknown, lines: readonly string[], params: LoadModelParams): JoineryError {
  const said = [...lines, error instanceof Error ? error.message : String(error)].join('\n');
  if (params.adapterPath !== undefined && otherAdapter.test(said))
    return new JoineryError('model.adapterMismatch', { id: params.adapterId ?? params.adapterPath, base: params.modelId }, error);
  if (noMemory.test(said)) return new JoineryError('process.outOfMemory', { id: params.modelId }, error);
  const unknown = otherModel.exec(said);
  if (unknown) return new JoineryError('model.badArchitecture', { id: params.modelId, ...(unknown[1] === undefined ? {} : { architecture: unknown[1] }) }, error);
  if (shortFile.test(said)) return new JoineryError('model.truncated', { id: params.modelId }, error);
  return new JoineryError('internal', { reason: error instanceof Error ? error.message : String(error) }, error);
}
