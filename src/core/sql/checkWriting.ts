/**
 * What of a script may be run as a change: everything that stays inside one transaction of one database. The transaction is ours, so BEGIN
 * and COMMIT of the script are left out; whether the statements make sense is SQLite's business.
 */
import { isJoineryError, JoineryError } from '../shared/errors.js';
import { checkReadOnly, findOutside } from './checkReadOnly.js';
import { scriptStatements } from './scriptStatements.js';
import { significantTokens, type Token } from './tokenize.js';

export interface WritingScript {
  /** Those that change something, in order, without semicolons. */
  readonly statements: readonly string[];
  /** Whether foreign keys are enforced while it runs: yes, unless the script switches that off itself. */
  readonly foreignKeys: boolean;
}

/** Belong to a transaction that the script wanted to have for itself. */
const around: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'END']);
/** Reach outside the file, cannot be taken back, or end the transaction. */
const refused: ReadonlySet<string> = new Set(['ATTACH', 'DETACH', 'VACUUM', 'PRAGMA', 'ROLLBACK', 'SAVEPOINT', 'RELEASE']);

/** Throws `sql.empty` when nothing in the script writes, and `sql.notPreviewable` for what cannot be tried first. */
export function checkWriting(script: string): WritingScript {
  const statements: string[] = [];
  let foreignKeys = true;
  for (const { text } of scriptStatements(script)) {
    const tokens = significantTokens(text);
    const verb = tokens[0]?.text.toUpperCase() ?? '';
    const pragma = foreignKeysPragma(tokens);
    if (pragma !== undefined) foreignKeys = pragma;
    else if (refused.has(verb)) throw new JoineryError('sql.notPreviewable', { statement: verb });
    else if (!around.has(verb) && couldWrite(text)) statements.push(checked(text, tokens));
  }
  if (statements.length === 0) throw new JoineryError('sql.empty');
  return { statements, foreignKeys };
}

/** Whether the guard of reading statements refuses a statement because it could change something. */
export function couldWrite(statement: string): boolean {
  try {
    checkReadOnly(statement);
    return false;
  } catch (error) {
    if (!isJoineryError(error)) throw error;
    return error.code === 'sql.notReadOnly';
  }
}

const verbs: ReadonlySet<string> = new Set(
  `ALTER ANALYZE ATTACH BEGIN COMMIT CREATE DELETE DETACH DROP END EXPLAIN INSERT PRAGMA REINDEX RELEASE REPLACE ROLLBACK SAVEPOINT SELECT
  UPDATE VACUUM VALUES WITH`.split(/\s+/),
);

/** The first word of a text that is no statement at all, such as a misspelt SELECT. */
export function unknownVerb(statement: string): string | undefined {
  const [first] = significantTokens(statement);
  return first === undefined || verbs.has(first.text.toUpperCase()) ? undefined : first.text;
}

function checked(text: string, tokens: readonly Token[]): string {
  // SQLite would take a parameter without a value for NULL.
  const bad = findOutside(tokens) ?? tokens.find(({ kind }) => kind === 'parameter');
  if (bad) throw new JoineryError('sql.notPreviewable', { statement: bad.text });
  return text;
}

/** `PRAGMA foreign_keys = OFF` and its other forms; undefined for every other statement. */
function foreignKeysPragma(tokens: readonly Token[]): boolean | undefined {
  const [pragma, name, sign, value] = tokens.map(({ text }) => text.toUpperCase());
  if (pragma !== 'PRAGMA' || name !== 'FOREIGN_KEYS' || (sign !== '=' && sign !== '(')) return undefined;
  return /^'?(?:ON|TRUE|YES|1)'?$/.test(value ?? '');
}
