/** An empty database in memory with the tables of a schema, to see whether SQLite compiles a statement. */
import sqlite3 from '@vscode/sqlite3';
import { type DatabaseSchema } from '../../src/core/schema/types.js';

export interface MemoryDatabase {
  /** SQLite's complaint, undefined when the statement compiles. */
  complaint(sql: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function memoryDatabase(schema: DatabaseSchema): Promise<MemoryDatabase> {
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const ddl = schema.tables.map(
    ({ name, columns }) => `CREATE TABLE ${quote(name)}(${columns.map((column) => `${quote(column.name)} ${column.type}`).join(', ')});`,
  );
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(':memory:', (error) => {
      if (error === null) resolve(opened);
      else reject(error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    database.exec(ddl.join('\n'), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return {
    complaint: (sql) =>
      new Promise((resolve) => {
        const statement = database.prepare(sql, (error: Error | null) => {
          if (error === null)
            statement.finalize(() => {
              resolve(undefined);
            });
          else resolve(error.message);
        });
      }),
    close: () =>
      new Promise((resolve, reject) => {
        database.close((error) => {
          if (error === null) resolve();
          else reject(error);
        });
      }),
  };
}
