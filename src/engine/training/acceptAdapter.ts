/** Takes an adapter into the storage of a workspace, when it is proven better. Which one answers is the shelf's business. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { JoineryError } from '../../core/shared/errors.js';
import { type HeldOutScore } from '../../protocol/trainingEvents.js';
import { type AdapterShelf, isBetter, useAdapter, type WorkspaceAdapter } from './workspaceAdapters.js';

/**
 * Copies the run's adapter into `folder` and puts it on the shelf, in use. Throws `training.notBetter` when the gain is not proven and
 * `training.noAdapter` when the file is missing; then nothing has changed.
 */
export async function acceptAdapter(
  shelf: AdapterShelf,
  folder: string,
  found: Omit<WorkspaceAdapter, 'path' | 'score'> & { readonly file: string; readonly score: HeldOutScore | undefined },
): Promise<AdapterShelf> {
  const { file, score, ...rest } = found;
  if (score === undefined || !isBetter(score))
    throw new JoineryError('training.notBetter', score ? { low: score.low.toFixed(1), high: score.high.toFixed(1) } : {});
  if (!existsSync(file)) throw new JoineryError('training.noAdapter', { path: file });
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `${rest.id}.gguf`);
  const draft = `${target}.part`;
  try {
    await copyFile(file, draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw new JoineryError('training.diskFull', { folder }, error);
    throw error;
  }
  const others = shelf.adapters.filter((adapter) => adapter.id !== rest.id);
  return useAdapter({ ...shelf, adapters: [...others, { ...rest, score, path: target }] }, rest.id);
}
