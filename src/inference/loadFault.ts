/** Which known fault a failed load has: from what llama.cpp said while it failed, and from the file's own header. */
import { readGgufFileInfo } from 'node-llama-cpp';
import { JoineryError } from '../core/shared/errors.js';
import { type LoadModelParams } from '../protocol/modelProcess.js';

const shortFile = /not within the file bounds|corrupted or incomplete|exceeds remaining file size|failed to read|end of file/i;
const noMemory = /failed to allocate|unable to allocate|cannot allocate|out of memory|not enough memory|insufficient ?memory/i;
const otherModel =
  /unknown model architecture: '([^']*)'|error loading model hyperparameters|key not found in model|wrong number of tensors|missing tensor|unknown pre-tokenizer/i;
const otherAdapter = /lora|adapter/i;

/** `lines` are the runtime's messages since the load began; `error` is what it threw. */
export async function loadFault(error: unknown, lines: readonly string[], params: LoadModelParams): Promise<JoineryError> {
  const said = [...lines, error instanceof Error ? error.message : String(error)].join('\n');
  return (
    saidFault(said, params, error) ??
    (await headerFault(params, error)) ??
    new JoineryError('internal', { reason: said.slice(-500) }, error)
  );
}

/** True when the words say that memory could not be had. */
export function saysNoMemory(lines: readonly string[]): boolean {
  return lines.some((line) => noMemory.test(line));
}

/** What the words mean; undefined when they say nothing known. */
export function saidFault(
  said: string,
  params: Pick<LoadModelParams, 'modelId' | 'adapterPath' | 'adapterId'>,
  cause?: unknown,
): JoineryError | undefined {
  if (params.adapterPath !== undefined && otherAdapter.test(said))
    return new JoineryError('model.adapterMismatch', { id: params.adapterId ?? params.adapterPath, base: params.modelId }, cause);
  if (noMemory.test(said)) return new JoineryError('process.outOfMemory', { id: params.modelId }, cause);
  const unknown = otherModel.exec(said);
  if (unknown)
    return new JoineryError(
      'model.badArchitecture',
      { id: params.modelId, ...(unknown[1] === undefined ? {} : { architecture: unknown[1] }) },
      cause,
    );
  return shortFile.test(said) ? new JoineryError('model.truncated', { id: params.modelId }, cause) : undefined;
}

async function headerFault(params: LoadModelParams, cause: unknown): Promise<JoineryError | undefined> {
  const id = params.modelId;
  try {
    const { metadata } = await readGgufFileInfo(params.modelPath, { sourceType: 'filesystem', logWarnings: false });
    // The type says that these are there; a file need not know.
    const general: { readonly architecture?: string; readonly type?: string } | undefined = metadata.general;
    if (general?.type === 'adapter') return new JoineryError('model.badArchitecture', { id, architecture: 'adapter' }, cause);
    return general?.architecture === undefined ? new JoineryError('model.badArchitecture', { id }, cause) : undefined;
  } catch (error) {
    // A file with the right magic whose header cannot be read is not whole.
    return new JoineryError('model.truncated', { id }, error);
  }
}
