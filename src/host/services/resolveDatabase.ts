/** Which database a file means: named in the file, else chosen for its folder, else the folder's setting, else the only one. */
import path from 'node:path';

export interface DatabaseClues {
  /** Folder of the file that asks. */
  readonly folder: string;
  /** Workspace folder around it; paths of the setting are relative to it. */
  readonly workspaceFolder: string;
  /** Path after `-- @db`, as written. */
  readonly named?: string;
  /** The user's choices among files that are there, folder → database, absolute paths. */
  readonly choices: ReadonlyMap<string, string>;
  /** The setting's value; empty when unset. */
  readonly setting: string;
  /** Databases of the workspace, absolute paths. */
  readonly found: readonly string[];
}

export type DatabaseResolution =
  | { readonly kind: 'one'; readonly path: string; readonly from: 'comment' | 'choice' | 'setting' | 'only' }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly paths: readonly string[] };

export function resolveDatabase(clues: DatabaseClues): DatabaseResolution {
  const { folder, workspaceFolder, named, setting, found } = clues;
  if (named !== undefined && named !== '') return { kind: 'one', path: namedPath(named, folder, workspaceFolder, found), from: 'comment' };
  const choice = nearestChoice(clues);
  if (choice !== undefined) return { kind: 'one', path: choice, from: 'choice' };
  if (setting !== '') return { kind: 'one', path: path.resolve(workspaceFolder, setting), from: 'setting' };
  const only = found[0];
  if (only === undefined) return { kind: 'none' };
  return found.length === 1 ? { kind: 'one', path: only, from: 'only' } : { kind: 'several', paths: found };
}

/** Relative to the file first, then to the workspace folder; one that exists nowhere is reported by its place beside the file. */
function namedPath(named: string, folder: string, workspaceFolder: string, found: readonly string[]): string {
  const beside = path.resolve(folder, named);
  const below = path.resolve(workspaceFolder, named);
  return !found.includes(beside) && found.includes(below) ? below : beside;
}

/** The choice of the folder itself or of the nearest one around it. */
function nearestChoice({ folder, choices }: DatabaseClues): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const choice = choices.get(at);
    if (choice !== undefined) return choice;
    if (at === path.dirname(at)) return undefined;
  }
}
