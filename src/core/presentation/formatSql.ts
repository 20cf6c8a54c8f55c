/** SQL laid out for people. A statement that the formatter does not know comes back as it was. */
import { formatDialect, sqlite } from 'sql-formatter';

/** Characters up to which a statement stays on one line. */
const shortStatement = 64;

export function formatSql(sql: string): string {
  if (sql.length <= shortStatement && !/\s\s|\n|--/.test(sql)) return sql;
  try {
    return formatDialect(sql, { dialect: sqlite, keywordCase: 'upper', tabWidth: 2 });
  } catch {
    // The formatter is stricter than SQLite; the statement itself is right, it has run.
    return sql;
  }
}
