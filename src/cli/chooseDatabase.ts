/** Which database a command means: the one that was named, else JOINERY_DATABASE, else the only one below the folder. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { JoineryError } from '../core/shared/errors.js';
import { type CliContext } from './context.js';

/** Databases named in the message at most. */
const shownDatabases = 8;

/** Absolute path. Throws `file.missing`, `ask.noDatabase` or `ask.ambiguousDatabase`. */
export async function chooseDatabase(context: CliContext, given: string | undefined): Promise<string> {
  const { folder, environment } = context.io;
  const named = given ?? environment['JOINERY_DATABASE'];
  if (named !== undefined) {
    const full = path.resolve(folder, named);
    await stat(full).catch((cause: unknown) => {
      throw new JoineryError('file.missing', { path: full }, cause);
    });
    return full;
  }
  const found = await context.findDatabases(folder);
  const only = found[0];
  if (only === undefined) throw new JoineryError('ask.noDatabase', { folder });
  if (found.length > 1)
    throw new JoineryError('ask.ambiguousDatabase', {
      databases: found.slice(0, shownDatabases).map((file) => path.relative(folder, file)),
    });
  return only;
}
