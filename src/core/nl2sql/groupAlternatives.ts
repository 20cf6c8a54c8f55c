/**
 * Parentheses around alternatives for one column beside AND: `country = 'FR' OR country = 'ES' AND paid > 9` means, said by a person or written
 * by a model, customers of both countries who paid so much; AND binds closer, and SQLite would let every French one through.
 */
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { significantTokens, type Token } from '../sql/tokenize.js';

const comparisons = /^(?:=|==|!=|<>|<|<=|>|>=|LIKE)$/i;
/** Before a whole comparison, and behind one; elsewhere it is a part of something larger, as `a = 1` is of `2 * a = 1 + 1`. */
const openings: ReadonlySet<string> = new Set(['AND', 'WHERE', 'HAVING', 'ON', 'WHEN', '(']);
const endings: ReadonlySet<string> = new Set([
  'AND',
  '',
  ')',
  ';',
  'GROUP',
  'ORDER',
  'LIMIT',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'THEN',
  'JOIN',
  'HAVING',
]);

interface Comparison {
  /** The left side, to compare. */
  readonly column: string;
  /** Tokens: from the first to behind the last. */
  readonly start: number;
  readonly end: number;
}

/** @param fixed characters at the beginning that the user wrote and that stay as they are. */
export function groupAlternatives(sql: string, fixed = 0): string {
  const tokens = significantTokens(sql);
  const edits: TextEdit[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const first = readComparison(tokens, at);
    if (!first) continue;
    const end = endOfAlternatives(tokens, first);
    const [before, after] = [wordAt(tokens, at - 1), wordAt(tokens, end)];
    // With AND on both sides each alternative may as well belong to its own side.
    const isTorn = end > first.end && openings.has(before) && endings.has(after) && (before === 'AND') !== (after === 'AND');
    if (isTorn) {
      const last = tokens[end - 1]?.end ?? 0;
      edits.push({ start: tokens[at]?.start ?? 0, end: tokens[at]?.start ?? 0, text: '(' }, { start: last, end: last, text: ')' });
    }
    at = end - 1;
  }
  return edits.some(({ start }) => start < fixed) ? sql : applyEdits(sql, edits);
}

/** Behind the last of the comparisons that OR joins to the first and that are about its column. */
function endOfAlternatives(tokens: readonly Token[], first: Comparison): number {
  let end = first.end;
  while (wordAt(tokens, end) === 'OR') {
    const next = readComparison(tokens, end + 1);
    if (next?.column !== first.column) break;
    end = next.end;
  }
  return end;
}

/** `column = literal` or `table.column = literal` that begins here. */
function readComparison(tokens: readonly Token[], start: number): Comparison | undefined {
  if (tokens[start]?.kind !== 'identifier') return undefined;
  const length = tokens[start + 1]?.text === '.' ? 3 : 1;
  const operator = tokens[start + length];
  const literal = tokens[start + length + 1];
  if (!comparisons.test(operator?.text ?? '') || (literal?.kind !== 'string' && literal?.kind !== 'number')) return undefined;
  const column = tokens
    .slice(start, start + length)
    .map(({ text }) => text.toLowerCase())
    .join('');
  return { column, start, end: start + length + 2 };
}

function wordAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text.toUpperCase() ?? '';
}
