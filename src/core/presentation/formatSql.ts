/** SQL laid out for people. A statement that the formatter does not know comes back as it was. */
import { format } from 'sql-formatter';

export function formatSql(sql: string): string {
  try {
    return format(sql, { language: 'sqlite', keywordCase: 'upper', tabWidth: 2 });
  } catch {
    // The formatter is stricter than SQLite; the statement itself is right, it has run.
    return sql;
  }
}
