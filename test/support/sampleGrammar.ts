/**
 * Random sentences of a compiled grammar, by walking the matcher only: whatever it lets through is what a model could
 * write. A walk that gets stuck is a fault of the matcher and throws.
 */
import { type GrammarMatcher, type GrammarState } from '../../src/core/grammar/types.js';
import { type Random } from './seededRandom.js';

/** Characters that free text may be made of, and all that names and SQL need. */
const alphabet = Array.from(
  ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"\'.,()*+-/<>=!%|;:&?#@$é漢😀',
);

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
    const followers = characters.filter((character) => matcher.advance(state, character) !== undefined);
    if (followers.length === 0) throw new Error(`stuck after: ${text}`);
    const closing = hurried ? followers.filter((character) => character === ')' || character === "'") : [];
    const choices = closing.length > 0 ? closing : followers;
    const character = choices[Math.floor(random() * choices.length)] ?? '';
    state = matcher.advance(state, character) ?? state;
    text += character;
  }
  throw new Error(`no end after: ${text.slice(0, 500)}`);
}
