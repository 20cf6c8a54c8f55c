/** A text of SQL cut into statements, each read when somebody asks; which of them a cursor is in. It knows no schema. */
import { scriptStatements, type ScriptStatement } from '../sql/scriptStatements.js';
import { type Token, tokenize } from '../sql/tokenize.js';
import { readStatement } from './readStatement.js';
import { type Scope, type Statement } from './syntax.js';

export interface Script {
  readonly text: string;
  readonly statements: readonly ScriptStatement[];
  /** The statement read; the same object for the same statement. */
  read(statement: ScriptStatement): Statement;
}

export function readScript(text: string): Script {
  const statements = scriptStatements(text);
  const known = new Map<ScriptStatement, Statement>();
  return {
    text,
    statements,
    read(statement) {
      const found = known.get(statement) ?? readStatement(statement.tokens);
      known.set(statement, found);
      return found;
    },
  };
}

/** The statement that an offset lies in or could continue, up to its semicolon; undefined where a new one begins. */
export function statementAt(script: Script, offset: number): ScriptStatement | undefined {
  const at = lastStartingBefore(script.statements, offset);
  const statement = script.statements[at];
  if (!statement || offset <= statement.end) return statement;
  const isOver = tokenize(script.text.slice(statement.end, offset)).some(({ text }) => text === ';');
  return isOver ? undefined : statement;
}

function lastStartingBefore(statements: readonly ScriptStatement[], offset: number): number {
  let [low, high] = [0, statements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.start ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The innermost scope around an offset. */
export function scopeAt(statement: Statement, offset: number): Scope | undefined {
  let found: Scope | undefined;
  for (const scope of statement.scopes) {
    if (scope.start > offset || offset > scope.end) continue;
    // A cursor right at the word that begins an inner scope is still outside of it.
    if (!found || scope.start < offset) found = scope;
  }
  return found;
}

/** The token that an offset touches: the one it is inside or behind of, names before signs. */
export function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  const touching = tokens.filter((token) => token.start <= offset && offset <= token.end);
  return touching.find(({ kind }) => kind === 'identifier') ?? touching.find(({ kind }) => kind === 'keyword') ?? touching[0];
}
