/** Whether the user keeps the stored values of a database away from the model. */
import path from 'node:path';

/** `hidden` holds paths, absolute or relative to one of the folders, or `*` for all. */
export function isHidden(database: string, hidden: readonly string[], folders: readonly string[]): boolean {
  const full = path.resolve(database);
  return hidden.some(
    (entry) => entry === '*' || (entry !== '' && [...folders, path.dirname(full)].some((folder) => path.resolve(folder, entry) === full)),
  );
}
