/** The last answered question of each database, so that `--follow` can refine it. One small file per database in the state folder. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface LastAnswer {
  readonly question: string;
  readonly sql: string;
}

function fileOf(stateFolder: string, database: string): string {
  return path.join(stateFolder, 'last', `${createHash('sha256').update(database).digest('hex').slice(0, 32)}.json`);
}

export async function readLastAnswer(stateFolder: string, database: string): Promise<LastAnswer | undefined> {
  try {
    const last: unknown = JSON.parse(await readFile(fileOf(stateFolder, database), 'utf8'));
    if (typeof last !== 'object' || last === null || !('question' in last) || !('sql' in last)) return undefined;
    return { question: String(last.question), sql: String(last.sql) };
  } catch {
    // Nothing was asked yet, or the file is damaged: there is nothing to follow.
    return undefined;
  }
}

export async function writeLastAnswer(stateFolder: string, database: string, last: LastAnswer): Promise<void> {
  const file = fileOf(stateFolder, database);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(last));
}
