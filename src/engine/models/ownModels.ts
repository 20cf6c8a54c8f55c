/** Models and adapters that the user brought by path: a small file in the model folder. The files themselves stay where they are. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { JoineryError } from '../../core/shared/errors.js';

export interface OwnModel {
  readonly kind: 'model' | 'adapter';
  readonly id: string;
  readonly path: string;
}

function registryFile(folder: string): string {
  return path.join(folder, 'own.json');
}

function isOwnModel(value: unknown): value is OwnModel {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('path' in value) || !('kind' in value)) return false;
  return typeof value.id === 'string' && typeof value.path === 'string' && (value.kind === 'model' || value.kind === 'adapter');
}

/** Empty without the file; `config.invalid` when it cannot be understood, so that nothing is overwritten. */
export async function readOwnModels(folder: string): Promise<readonly OwnModel[]> {
  const file = registryFile(folder);
  const text = await readFile(file, 'utf8').catch(() => '[]');
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every(isOwnModel)) return list;
  } catch (cause) {
    throw new JoineryError('config.invalid', { path: file, detail: 'not JSON' }, cause);
  }
  throw new JoineryError('config.invalid', { path: file, detail: 'not a list of models' });
}

export async function writeOwnModels(folder: string, models: readonly OwnModel[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = `${registryFile(folder)}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify(models, undefined, 2));
  await rename(draft, registryFile(folder));
}
