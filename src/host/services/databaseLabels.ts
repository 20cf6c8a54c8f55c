/** Names of databases for lists: the file name, and the folder that tells it from others. */
import path from 'node:path';
import { type NamedFolder } from '../platform/workspaceFolders.js';

export interface DatabasePlace {
  readonly label: string;
  /** Folder inside the workspace; in a workspace of several folders it begins with the folder's name. Empty at the top. */
  readonly place: string;
}

/** By path; a file outside the workspace has its whole folder. `folderOf` finds the folder of the workspace that a file is in. */
export function placesOf(
  databases: readonly string[],
  hasSeveralFolders: boolean,
  folderOf: (database: string) => NamedFolder | undefined,
): ReadonlyMap<string, DatabasePlace> {
  return new Map(
    databases.map((database) => {
      const folder = folderOf(database);
      const inside = folder ? path.relative(folder.path, path.dirname(database)) : path.dirname(database);
      const place = [...(hasSeveralFolders && folder ? [folder.name] : []), inside].filter((part) => part !== '').join('/');
      return [database, { label: path.basename(database), place }];
    }),
  );
}

/** In one line: the path inside the workspace, behind the folder's name where there are several; a file outside has its name. */
export function labelIn(database: string, hasSeveralFolders: boolean, folder: NamedFolder | undefined): string {
  if (!folder) return path.basename(database);
  return path.join(hasSeveralFolders ? folder.name : '', path.relative(folder.path, database));
}

/** What `-- @db` says in a document that is in no folder: from several folders a short path would mean another's database. */
export function nameInDocument(database: string, hasSeveralFolders: boolean, folder: NamedFolder | undefined): string {
  return folder && !hasSeveralFolders ? path.relative(folder.path, database) : database;
}
