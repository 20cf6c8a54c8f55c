/** The nearest line of code above a comment: it tells whether a statement or an expression belongs there. */
import { type CommentMarker, type LineSource } from '../../core/presentation/commentQuestion.js';

/** Empty at the beginning of a file. */
export function codeAbove(lines: LineSource, line: number, marker: CommentMarker): string {
  for (let at = line - 1; at >= 0; at--) {
    const text = lines.lineAt(at).trim();
    if (text !== '' && !text.startsWith(marker)) return text;
  }
  return '';
}
