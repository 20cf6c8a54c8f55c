/** Where the sample lies: in the workspace, or in the extension's own storage while no folder is open. Touches no file but its mark. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const folderName = 'joinery-sample';
/** Says over the restart of the window that somebody waits for the questions; the editor's own memory may not survive it. */
const markName = 'open-sample-questions';

export interface SamplePlace {
  readonly folder: string;
  readonly database: string;
  readonly questions: string;
}

/** `storage` is the extension's own folder. A workspace that is the sample holds no second one. */
export function samplePlace(workspaceFolders: readonly string[], storage: string): SamplePlace {
  const itself = workspaceFolders.find((folder) => path.basename(folder) === folderName && existsSync(path.join(folder, 'shop.db')));
  const folder = itself ?? path.join(workspaceFolders[0] ?? storage, folderName);
  return { folder, database: path.join(folder, 'shop.db'), questions: path.join(folder, 'questions.sql') };
}

/** Called before the window starts anew with the sample as its folder. */
export async function markForOpening(storage: string): Promise<void> {
  await mkdir(storage, { recursive: true });
  await writeFile(path.join(storage, markName), '');
}

/** The sample that the window was started anew for, once. */
export async function sampleToOpen(workspaceFolders: readonly string[], storage: string): Promise<SamplePlace | undefined> {
  const place = samplePlace(workspaceFolders, storage);
  const mark = path.join(storage, markName);
  if (!workspaceFolders.includes(place.folder) || !existsSync(mark)) return undefined;
  await rm(mark, { force: true });
  return existsSync(place.questions) ? place : undefined;
}
