/**
 * Copies the evaluated state of one sequence to another of the same context. The runtime has this under an internal name;
 * where it is missing or fails, the state travels through a file in the temporary folder.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LlamaContextSequence } from 'node-llama-cpp';

interface CopyingSequence {
  _copyStateFromOtherSequence(other: LlamaContextSequence, upToTokenIndex: number): Promise<boolean>;
}

function copies(sequence: object): sequence is CopyingSequence {
  return '_copyStateFromOtherSequence' in sequence && typeof sequence._copyStateFromOtherSequence === 'function';
}

/** False when neither way worked: the target's state is then unknown and must be cleared. */
export async function copySequenceState(source: LlamaContextSequence, target: LlamaContextSequence, length: number): Promise<boolean> {
  // A full copy is asked for and cut here: the runtime reports failure for a cut copy although it worked.
  if (copies(target) && (await target._copyStateFromOtherSequence(source, source.nextTokenIndex))) return cutTo(target, length);
  return copyThroughFile(source, target, length);
}

/** The other way, exported for its test: works with the public interface alone. */
export async function copyThroughFile(source: LlamaContextSequence, target: LlamaContextSequence, length: number): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'joinery-state-'));
  try {
    const file = join(folder, 'sequence.state');
    await source.saveStateToFile(file);
    await target.loadStateFromFile(file, { acceptRisk: true });
    return await cutTo(target, length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function cutTo(target: LlamaContextSequence, length: number): Promise<boolean> {
  const end = target.nextTokenIndex;
  if (end > length) await target.eraseContextTokenRanges([{ start: length, end }]);
  return target.nextTokenIndex === length;
}
