/** Database files made from SQL text, in folders that the test removes again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'databases');

export interface TestFolder {
  readonly path: string;
  file(name: string): string;
  remove(): void;
}

export function makeTestFolder(): TestFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-test-'));
  return {
    path: folder,
    file: (name) => path.join(folder, name),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A second connection to a database, which may write. */
export class Writer {
  private constructor(private readonly database: sqlite3.Database) {}

  static async open(file: string): Promise<Writer> {
    return new Writer(
      await new Promise<sqlite3.Database>((resolve, reject) => {
        const opened: sqlite3.Database = new sqlite3.Database(file, (error) => {
          if (error) reject(error);
          else resolve(opened);
        });
      }),
    );
  }

  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

/** Writes a database file with what the statements make, and returns its path. */
export async function buildDatabase(file: string, sql: string): Promise<string> {
  const writer = await Writer.open(file);
  try {
    await writer.exec(sql);
  } finally {
    await writer.close();
  }
  return file;
}

/** Builds `test/fixtures/databases/<name>.sql` into the folder. */
export function buildFixture(folder: TestFolder, name: string): Promise<string> {
  return buildDatabase(folder.file(`${name}.db`), readFileSync(path.join(fixtures, `${name}.sql`), 'utf8'));
}
