/** Lines that can be folded: statements, groups in parentheses, comments, and regions between `-- #region` and `-- #endregion`. */
import { type Token, tokenize } from '../sql/tokenize.js';
import { type Script } from './script.js';

export interface Fold {
  /** First and last line, counted from 0; the last one stays visible where a bracket closes it. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'code' | 'comment' | 'region';
}

export function foldingSql(script: Script): readonly Fold[] {
  const lineOf = lineFinder(script.text);
  const folds: Fold[] = [];
  const add = (from: number, to: number, kind: Fold['kind'] = 'code'): void => {
    const [start, end] = [lineOf(from), lineOf(to)];
    if (end > start) folds.push({ start, end, kind });
  };
  for (const { start, end } of script.statements) add(start, end);
  const open: Token[] = [];
  const regions: Token[] = [];
  let comments: Token[] = [];
  const endComments = (): void => {
    const [first, last] = [comments[0], comments.at(-1)];
    if (first && last) add(first.start, last.end, 'comment');
    comments = [];
  };
  for (const token of tokenize(script.text)) {
    if (token.kind === 'whitespace') {
      if (/\n[^\n]*\n/.test(token.text)) endComments();
      continue;
    }
    if (token.kind !== 'comment') endComments();
    if (token.text === '(') open.push(token);
    const begin = token.text === ')' ? open.pop() : undefined;
    if (begin && lineOf(token.start) > lineOf(begin.start) + 1)
      folds.push({ start: lineOf(begin.start), end: lineOf(token.start) - 1, kind: 'code' });
    if (token.kind !== 'comment') continue;
    if (/^--\s*#region\b/i.test(token.text)) regions.push(token);
    else if (/^--\s*#endregion\b/i.test(token.text)) {
      const region = regions.pop();
      if (region) add(region.start, token.start, 'region');
    } else comments.push(token);
  }
  endComments();
  return folds;
}

/** Line of an offset, by halving. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
}
