/** Short names for the databases that agents may use, and back: the path below its folder, or the whole path where two would be equal. */
import { basename, isAbsolute, relative } from 'node:path';
import { JoineryError } from '../../core/shared/errors.js';

export interface NamedDatabase {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Names shown in an error at most. */
const shownNames = 20;

export function nameDatabases(paths: readonly string[], folders: readonly string[]): readonly NamedDatabase[] {
  const short = paths.map((path) => shortName(path, folders));
  return paths.map((path, at) => ({
    path,
    name: short.indexOf(short[at] ?? '') === short.lastIndexOf(short[at] ?? '') ? (short[at] ?? path) : path,
  }));
}

/** `given` is a name, a path or a file name that only one has; absent takes the only database. Throws `agent.unknownDatabase` and `ask.*`. */
export function chooseNamed(databases: readonly NamedDatabase[], given: string | undefined): NamedDatabase {
  const [only] = databases;
  if (!only) throw new JoineryError('ask.noDatabase');
  const known = databases.slice(0, shownNames).map(({ name }) => name);
  if (given === undefined) {
    if (databases.length > 1) throw new JoineryError('ask.ambiguousDatabase', { databases: known });
    return only;
  }
  const exact = databases.find(({ name, path }) => name === given || path === given);
  if (exact) return exact;
  const alike = databases.filter(({ path }) => basename(path).toLowerCase() === basename(given).toLowerCase());
  const [match] = alike;
  if (alike.length !== 1 || !match || given.includes('..')) throw new JoineryError('agent.unknownDatabase', { database: given, known });
  return match;
}

function shortName(path: string, folders: readonly string[]): string {
  const below = folders
    .map((folder) => relative(folder, path))
    .filter((name) => name !== '' && !name.startsWith('..') && !isAbsolute(name));
  return below.sort((a, b) => a.length - b.length)[0] ?? basename(path);
}
