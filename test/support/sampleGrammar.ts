/**
 * Random sentences of a compiled grammar, by walking the matcher only: whatever it lets through is what a model could
 * write. A walk that gets stuck is a fault of the matcher and throws.
 */
import { type GrammarMatcher, type GrammarState } from '../../src/core/grammar/types.js';
import { type Random } from './seededRandom.js';

/** Characters that free text may be made of, and all that names and SQL need. */
const alphabet = Array.from(' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"\'.,()*+-/<>=!%|;:&?#@$é漢😀');

/** What ends parentheses, strings, names, result lists and CASE soonest. */
const wayOut = [')', "'", ';', ' ', 'F', 'E', 'T', '0'];

export interface SampleOptions {
  /** Characters after which the walk ends the sentence as soon as it can. */
  readonly patience: number;
  /** More characters that names may hold. */
  readonly extra?: string;
}

/** One sentence. Throws with the text so far when nothing can follow or no end comes within 20,000 characters. */
export function sampleSentence(matcher: GrammarMatcher, random: Random, options: SampleOptions): string {
  const characters = [...alphabet, ...(options.extra ?? '')];
  let state: GrammarState = matcher.start;
  let text = '';
  while (text.length < 20_000) {
    if (matcher.isFinal(state)) return text;
    const hurried = text.length > options.patience;
    if (matcher.isComplete(state) && (hurried || random() < 0.3)) return text;
    const first = hurried ? wayOut : [];
    const character = [...first, ...shuffled(characters, random)].find((choice) => matcher.advance(state, choice) !== undefined);
    if (character === undefined) throw new Error(`stuck after: ${text}`);
    state = matcher.advance(state, character) ?? state;
    text += character;
  }
  throw new Error(`no end after: ${text.slice(0, 500)}`);
}

function shuffled(items: readonly string[], random: Random): readonly string[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other] ?? '', result[index] ?? ''];
  }
  return result;
}
