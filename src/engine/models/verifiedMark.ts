/**
 * Remembers beside a model file that its sum was checked, with the size and time it had then, so that a start does not read
 * a gigabyte. A changed file invalidates the mark.
 */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';

interface Mark {
  readonly sha256: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

function markFile(file: string): string {
  return `${file}.verified`;
}

/** The checked sum, or undefined when the file was never checked or has changed since. */
export async function readMark(file: string): Promise<string | undefined> {
  try {
    const mark = JSON.parse(await readFile(markFile(file), 'utf8')) as Mark;
    const facts = await stat(file);
    return mark.bytes === facts.size && mark.mtimeMs === facts.mtimeMs ? mark.sha256 : undefined;
  } catch {
    // No mark, no file or an unreadable mark all mean the same: check again.
    return undefined;
  }
}

export async function writeMark(file: string, sha256: string): Promise<void> {
  const facts = await stat(file);
  const mark: Mark = { sha256, bytes: facts.size, mtimeMs: facts.mtimeMs };
  // A folder that cannot be written only costs another check next time.
  await writeFile(markFile(file), JSON.stringify(mark)).catch(() => undefined);
}

export async function removeMark(file: string): Promise<void> {
  await rm(markFile(file), { force: true });
}
