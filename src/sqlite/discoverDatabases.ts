/** Finds SQLite files below a folder by their header, whatever their name. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const skipped = new Set(['node_modules', '.git', '.hg', '.svn']);
const magic = 'SQLite format 3\u0000';

export async function discoverDatabases(folder: string): Promise<readonly { readonly path: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: { path: string }[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.split(/[\\/]/).some((part) => skipped.has(part)) || /-(?:wal|shm|journal)$/.test(entry.name)) continue;
    if (await hasHeader(path)) found.push({ path });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function hasHeader(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return bytesRead === 16 && buffer.toString('latin1') === magic;
  } finally {
    await file.close();
  }
}
