/** SQL laid out for people. A statement that the formatter does not know comes back as it was. */
import { formatDialect, sqlite } from 'sql-formatter';

export function formatSql(sql: string): string {
  try {
    return formatDialect(sql, { dialect: sqlite, keywordCase: 'upper', tabWidth: 2 });
  } catch {
    // The formatter is stricter than SQLite; the statement itself is right, it has run.
    return sql;
  }
}
