/** Databases below a folder, as the faces need them: paths only. What counts as a database is decided in `sqlite`. */
import { discoverDatabases } from '../../sqlite/discoverDatabases.js';

/** Absolute paths in a stable order. */
export async function findDatabases(folder: string): Promise<readonly string[]> {
  return (await discoverDatabases(folder)).map(({ path }) => path);
}
