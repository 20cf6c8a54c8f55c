/**
 * How much of a text has token boundaries that no continuation can move. Tokenisers split text into words, digits and
 * runs of signs before they merge, so the last such run, and the blank or sign that may stick to it, is not stable.
 */

const letter = /[\p{L}\p{M}]/u;
const digit = /\p{N}/u;
const blank = /\s/u;

/** Length in UTF-16 units of the stable beginning; 0 when all of it may still change. */
export function stableLength(text: string): number {
  const characters = Array.from(text);
  let at = characters.length;
  const last = characters[at - 1];
  if (last === undefined) return 0;
  const kind = kindOf(last);
  while (at > 0 && kindOf(characters[at - 1] ?? '') === kind) at--;
  const before = characters[at - 1];
  if (before !== undefined && kind !== 'blank' && sticksTo(before, kind)) at--;
  return characters.slice(0, at).join('').length;
}

type Kind = 'letter' | 'digit' | 'blank' | 'sign';

function kindOf(character: string): Kind {
  if (letter.test(character)) return 'letter';
  if (digit.test(character)) return 'digit';
  return blank.test(character) ? 'blank' : 'sign';
}

/** A blank sticks to any run, a single sign to the letters behind it. */
function sticksTo(before: string, kind: Kind): boolean {
  const other = kindOf(before);
  return (other === 'blank' && before !== '\n' && before !== '\r') || (kind === 'letter' && other === 'sign');
}
