/**
 * A tolerant tokenizer for SQLite's dialect: every text becomes tokens, and their texts put together are the text again. Unfinished strings
 * and comments run to the end. It judges nothing, SQLite does.
 */
export type TokenKind = 'whitespace' | 'comment' | 'keyword' | 'identifier' | 'string' | 'blob' | 'number' | 'parameter' | 'operator';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offsets in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['whitespace', /[ \t\n\r\f\ufeff]+/y],
  ['comment', /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['blob', /[xX]'[^']*(?:'|$)/y],
  ['string', /'(?:[^']|'')*(?:'|$)/y],
  ['identifier', /"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)/y],
  ['number', /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['parameter', /\?\d*|[:@#][A-Za-z0-9_$\u0080-\uffff]+|\$(?:[A-Za-z0-9_$\u0080-\uffff]|::)+(?:\([^\s)]*\))?/y],
  ['identifier', /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y],
  ['operator', /->>|->|<<|>>|<=|>=|<>|==|!=|\|\||[\s\S]/y],
];

/** Words that open, join or end clauses; function names and types are identifiers. */
export const keywords: ReadonlySet<string> = new Set(
  `ADD ALL ALTER ANALYZE AND AS ASC ATTACH BEGIN BETWEEN BY CASE CAST CHECK COLLATE COMMIT CONSTRAINT CREATE CROSS CURRENT_DATE CURRENT_TIME
  CURRENT_TIMESTAMP DEFAULT DELETE DESC DETACH DISTINCT DROP ELSE END ESCAPE EXCEPT EXISTS EXPLAIN FOREIGN FROM FULL GLOB GROUP HAVING IN INDEX
  INDEXED INNER INSERT INTERSECT INTO IS ISNULL JOIN LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NOT NOTNULL NULL NULLS OFFSET ON OR ORDER OUTER OVER
  PARTITION PRAGMA PRIMARY RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RETURNING RIGHT ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE
  THEN TO TRANSACTION TRIGGER UNION UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT`.split(/\s+/),
);

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const token = readToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(sql: string, start: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text === undefined || text === '') continue;
    const isKeyword = kind === 'identifier' && /^[A-Za-z]/.test(text) && keywords.has(text.toUpperCase());
    return { kind: isKeyword ? 'keyword' : kind, text, start, end: start + text.length };
  }
  return { kind: 'operator', text: sql.charAt(start), start, end: start + 1 };
}

/** The tokens without whitespace and comments. */
export function significantTokens(sql: string): Token[] {
  return tokenize(sql).filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment');
}
