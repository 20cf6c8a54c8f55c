/**
 * Finds SQLite files below a folder: by their header, whatever their name. It follows links once, never opens a pipe or a device, and
 * leaves out what it may not read. Whether a file can be used is seen when it is opened.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ErrorCode, JoineryError } from '../core/shared/errors.js';
import { globPattern } from './globPattern.js';
import { fileIdentity, isOpenHere, readFileStart } from './openFiles.js';

export interface DiscoverOptions {
  /** Globs relative to the folder, such as `data/**`; when there are any, a file must match one. */
  readonly includes?: readonly string[];
  /** Globs of files and folders that are left out, besides those that hold tools and packages. */
  readonly excludes?: readonly string[];
}

interface Entry {
  readonly path: string;
  readonly link: boolean;
}

const skippedFolders = new Set(['node_modules', '.git', '.hg', '.svn']);
const databaseName = /\.(?:db|db3|sqlite|sqlite3|s3db)$/i;
const sideFile = /-(?:wal|shm|journal)$/;
const magic = 'SQLite format 3\u0000';
/** Every page size is a multiple of it, so a file of another size is no whole database. */
const smallestPage = 512;
/** Folders that are looked into at most: a link may lead to a whole disk. */
const mostFolders = 50_000;
/** Files that are looked at side by side. */
const together = 32;

/** Absolute paths in order. Throws `file.missing`, `file.noPermission` or `file.notRegular` for the folder itself. */
export async function discoverDatabases(folder: string, options: DiscoverOptions = {}): Promise<readonly { readonly path: string }[]> {
  const root = path.resolve(folder);
  await readdir(root).catch((error: unknown) => Promise.reject(folderError(root, error)));
  const files = await listFiles(root, options);
  const found = new Map<string, Entry>();
  for (let at = 0; at < files.length; at += together) {
    const batch = files.slice(at, at + together);
    const identities = await Promise.all(batch.map((entry) => identifyDatabase(entry.path)));
    batch.forEach((entry, index) => {
      const identity = identities[index];
      const known = identity === undefined ? undefined : found.get(identity);
      // One file under several names is one database; its own name is better than a link's.
      if (identity !== undefined && (!known || (known.link && !entry.link))) found.set(identity, entry);
    });
  }
  return [...found.values()].map((entry) => ({ path: entry.path })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listFiles(root: string, options: DiscoverOptions): Promise<Entry[]> {
  const includes = (options.includes ?? []).map(globPattern);
  const excludes = (options.excludes ?? []).map(globPattern);
  const relative = (file: string): string => path.relative(root, file).split(path.sep).join('/');
  const files: Entry[] = [];
  const folders: Entry[] = [{ path: root, link: true }];
  const seen = new Set<string>();
  for (let at = 0; at < folders.length && at < mostFolders; at++) {
    const folder = folders[at];
    if (!folder || !(await isNew(folder.path, seen))) continue;
    // A folder that cannot be read holds nothing for us.
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const full = path.join(folder.path, entry.name);
      const name = relative(full);
      const facts = entry.isSymbolicLink() ? await stat(full).catch(() => undefined) : entry;
      if (facts?.isDirectory()) {
        const excluded = skippedFolders.has(entry.name) || excludes.some((pattern) => pattern.test(name) || pattern.test(`${name}/`));
        if (!excluded) folders.push({ path: full, link: entry.isSymbolicLink() });
      } else if (facts?.isFile() && !sideFile.test(name) && !excludes.some((pattern) => pattern.test(name))) {
        const included = includes.length === 0 || includes.some((pattern) => pattern.test(name));
        if (included) files.push({ path: full, link: folder.link || entry.isSymbolicLink() });
      }
    }
  }
  return files;
}

async function isNew(folder: string, seen: Set<string>): Promise<boolean> {
  const facts = await stat(folder).catch(() => undefined);
  if (!facts) return false;
  const identity = `${facts.dev}-${facts.ino}`;
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}

/** Device and number of a SQLite file; undefined for everything else, also for what cannot be read. */
async function identifyDatabase(file: string): Promise<string | undefined> {
  try {
    const facts = await stat(file, { bigint: true });
    const plausible = facts.size > 0n && (databaseName.test(file) || facts.size % BigInt(smallestPage) === 0n);
    const identity = fileIdentity(facts);
    if (!facts.isFile() || !plausible) return undefined;
    return isOpenHere(identity) || (await hasHeader(file)) ? identity : undefined;
  } catch {
    // Gone since it was listed, or not for us to read: no database of ours either way.
    return undefined;
  }
}

async function hasHeader(file: string): Promise<boolean> {
  const { bytes } = await readFileStart(file, magic.length);
  return bytes.toString('latin1') === magic;
}

function folderError(folder: string, error: unknown): JoineryError {
  const codes: Readonly<Record<string, ErrorCode>> = {
    EACCES: 'file.noPermission',
    EPERM: 'file.noPermission',
    ENOTDIR: 'file.notRegular',
  };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new JoineryError(codes[code] ?? 'file.missing', { path: folder }, error);
}
