/** Signs that a script was written for another database than SQLite. One is enough: SQLite knows none of these words. */
import { type Script } from './script.js';

const first: ReadonlySet<string> = new Set('USE GRANT REVOKE DELIMITER DECLARE MERGE TRUNCATE CALL EXEC SHOW DESCRIBE LOCK'.split(' '));
const objects: ReadonlySet<string> = new Set(
  'EXTENSION FUNCTION PROCEDURE SEQUENCE TYPE SCHEMA DATABASE USER ROLE DOMAIN POLICY'.split(' '),
);
const anywhere: ReadonlySet<string> = new Set('SERIAL BIGSERIAL AUTO_INCREMENT ILIKE VARCHAR2 NVARCHAR PLPGSQL SEARCH_PATH JSONB TIMESTAMPTZ BYTEA UNSIGNED'.split(' ')); // prettier-ignore

/** `$1` and `::` of PostgreSQL, `GO` of SQL Server and the like. */
export function looksForeign({ text, statements }: Script): boolean {
  if (/^\s*GO\s*$/im.test(text) || /\$\$/.test(text)) return true;
  return statements.some(({ tokens }) => {
    const [verb = '', second = '', third = ''] = tokens.slice(0, 3).map((token) => token.text.toUpperCase());
    if (first.has(verb) || (verb === 'SET' && second !== '')) return true;
    if (verb === 'CREATE' && (objects.has(second) || (second === 'OR' && third === 'REPLACE'))) return true;
    return tokens.some((token, at) => {
      if (token.kind === 'identifier') return anywhere.has(token.text.toUpperCase());
      const next = tokens[at + 1];
      return token.text === ':' && next?.kind === 'parameter' && next.start === token.end;
    });
  });
}
