/** Cuts a script at its semicolons. It judges nothing: what stands between two of them counts as a statement. */
import { type Token, tokenize } from './tokenize.js';

export interface StatementText {
  /** From the first to the last token that is no comment, without the semicolon. */
  readonly text: string;
  /** Offsets of `text` in the script, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Without white space and comments; their offsets are those in the script. */
  readonly tokens: readonly Token[];
}

/** The statements in order; empty ones and comments alone are left out. The body of a trigger belongs to its CREATE. */
export function splitStatements(sql: string): StatementText[] {
  const statements: StatementText[] = [];
  let tokens: Token[] = [];
  const finish = (): void => {
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first && last) statements.push({ text: sql.slice(first.start, last.end), start: first.start, end: last.end, tokens });
    tokens = [];
  };
  for (const token of tokenize(sql)) {
    if (token.kind === 'whitespace' || token.kind === 'comment') continue;
    if (token.text === ';' && !isInTriggerBody(tokens)) finish();
    else tokens.push(token);
  }
  finish();
  return statements;
}

/** `CREATE TRIGGER … BEGIN …; …; END` is the only statement with semicolons inside. */
function isInTriggerBody(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 3).map((token) => token.text.toUpperCase());
  if (words[0] !== 'CREATE' || !words.slice(1).includes('TRIGGER')) return false;
  return tokens.at(-1)?.text.toUpperCase() !== 'END' || tokens.at(-2)?.text !== ';';
}
