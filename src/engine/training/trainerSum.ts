/** One sum over the sources of the trainer that the extension carries: another sum means that the environment holds another trainer. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Of `pyproject.toml`, the locked versions and all Python files, by their content; the same wherever the folder lies. */
export async function trainerSum(folder: string): Promise<string> {
  const names = (await readdir(path.join(folder, 'joinery_trainer'), { recursive: true })).filter((name) => name.endsWith('.py')).sort();
  const files = ['pyproject.toml', 'constraints.txt', ...names.map((name) => path.join('joinery_trainer', name))];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.split(path.sep).join('/')}\0`).update(await readFile(path.join(folder, file)));
  return hash.digest('hex');
}
