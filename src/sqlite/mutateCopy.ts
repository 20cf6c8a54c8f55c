/**
 * Copies a database file and changes the copy. It refuses a target that exists, so it can never touch the original. For evaluation only:
 * nothing that answers a question comes here.
 */
import { copyDatabase } from './copyDatabase.js';
import { WriteConnection } from './writeConnection.js';

/** Runs the statements one by one on a copy at `target`, foreign keys and triggers off; one that fails is left out and counted. */
export async function mutateCopy(source: string, target: string, statements: readonly string[]): Promise<{ readonly failed: number }> {
  await copyDatabase(source, target);
  const database = await WriteConnection.open(target, { foreignKeys: false, busyMs: 0 });
  let failed = 0;
  try {
    const triggers = await database.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
    await database.exec('PRAGMA synchronous = OFF; BEGIN');
    for (const { name } of triggers) await database.exec(`DROP TRIGGER "${String(name).replaceAll('"', '""')}"`);
    for (const statement of statements) await database.exec(statement).catch(() => failed++);
    await database.exec('COMMIT');
  } finally {
    await database.close();
  }
  return { failed };
}
