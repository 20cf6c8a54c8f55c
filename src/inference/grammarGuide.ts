/**
 * Answers under a scoped grammar (core/grammar). A token is allowed when the grammar allows its text; what the grammar
 * leaves no choice about is handed out as forced tokens; whatever the model wants to say after a complete sentence that is
 * no continuation of it (an end of turn, a fence, a semicolon, a line break) ends the answer.
 */
import { type GrammarMatcher, type GrammarState } from '../core/grammar/types.js';
import { joinBytes } from './freeGuide.js';
import { type ForcedTokens, type Guide, type GuideState, nothingPending, type TokenVerdict } from './guide.js';
import { stableLength } from './stableText.js';
import { characterLength, splitWholeText, type TokenTexts } from './tokenTexts.js';
import { type VocabularyIndex } from './vocabularyIndex.js';

export interface GrammarGuideInput {
  readonly matcher: GrammarMatcher;
  readonly start: GrammarState;
  readonly texts: TokenTexts;
  readonly vocabulary: VocabularyIndex;
  readonly stop: readonly string[];
  /** Tokens of plain text as it stands in the middle of a line. */
  readonly tokenize: (text: string) => readonly number[];
}

/** Above this the whole vocabulary is looked at instead. */
const mostAllowed = 256;

const wordEnd = /[\p{L}\p{M}\p{N}]$/u;

interface ForcedText {
  readonly tokens: readonly number[];
  readonly text: string;
  readonly place: GrammarState;
}

/** The text of a token up to the end of the answer. */
interface Ending {
  readonly text: string;
  readonly place: GrammarState;
}

type Cached = GrammarState | Ending | 'end' | 'no';

export function grammarGuide(input: GrammarGuideInput): Guide {
  return new GrammarGuide(input);
}

class GrammarGuide implements Guide {
  readonly start: GuideState;
  readonly #verdicts = new Map<number, Map<number, Cached>>();
  readonly #forced = new Map<number, ForcedText>();

  constructor(private readonly input: GrammarGuideInput) {
    this.start = { text: '', pending: nothingPending, place: input.start };
  }

  step(state: GuideState, token: number): TokenVerdict {
    if (state.pending.length > 0) return this.#stepBytes(state, token);
    const text = this.input.texts.text(token);
    if (text === undefined) return this.#stepBytes(state, token);
    const place = placeOf(state);
    const verdict = this.#verdict(place, token, text);
    if (verdict === 'no') return undefined;
    if (verdict === 'end') return 'end';
    if ('text' in verdict) return { text: state.text + verdict.text, pending: nothingPending, place: verdict.place, ended: true };
    return { text: state.text + text, pending: nothingPending, place: verdict };
  }

  #verdict(place: GrammarState, token: number, text: string): Cached {
    let known = this.#verdicts.get(place.id);
    if (!known) this.#verdicts.set(place.id, (known = new Map()));
    let verdict = known.get(token);
    if (verdict === undefined) known.set(token, (verdict = this.#judge(place, token, text)));
    return verdict;
  }

  #judge(place: GrammarState, token: number, text: string): Cached {
    const { matcher, texts, stop } = this.input;
    if (texts.isEnd(token) || texts.isControl(token)) return texts.isEnd(token) && matcher.isComplete(place) ? 'end' : 'no';
    if (text === '') return 'no';
    const complete = matcher.isComplete(place);
    // A stop text is no part of the answer, even where the grammar would read it.
    if (complete && stop.some((end) => end !== '' && text.startsWith(end))) return 'end';
    const next = matcher.advance(place, text);
    if (next) return next;
    if (complete && endsAnswer(text, stop)) return 'end';
    return this.#endingWithin(place, text) ?? 'no';
  }

  /**
   * Vocabularies have tokens such as `';⏎`: the last sign of a statement and what follows it. A model that learned them rarely
   * ends a statement in any other way; without them it would go on where it wanted to stop.
   */
  #endingWithin(place: GrammarState, text: string): Ending | undefined {
    const { matcher, stop } = this.input;
    for (let cut = text.length - 1; cut > 0; cut--) {
      if (!endsAnswer(text.slice(cut), stop)) return undefined;
      const head = text.slice(0, cut);
      const behind = matcher.advance(place, head);
      if (behind && matcher.isComplete(behind)) return { text: head, place: behind };
    }
    return undefined;
  }

  /** A token with part of a character: allowed when some character with these bytes is. */
  #stepBytes(state: GuideState, token: number): TokenVerdict {
    const { matcher, texts } = this.input;
    const bytes = texts.bytes(token);
    const split = bytes.length === 0 ? undefined : splitWholeText(joinBytes(state.pending, bytes));
    if (!split) return undefined;
    const place = matcher.advance(placeOf(state), split.text);
    if (!place || (split.rest.length > 0 && !this.#canFinish(place, split.rest))) return undefined;
    return { text: state.text + split.text, pending: split.rest, place };
  }

  #canFinish(place: GrammarState, begun: Uint8Array): boolean {
    const missing = characterLength(begun[0] ?? 0) - begun.length;
    // One byte of four leaves too many characters to try; such tokens are rare and have whole-character neighbours.
    if (missing > 2) return false;
    const bytes = new Uint8Array(begun.length + missing);
    bytes.set(begun);
    for (let tail = 0; tail < 64 ** missing; tail++) {
      for (let index = 0; index < missing; index++) bytes[begun.length + index] = 0x80 | ((tail >> (6 * index)) & 0x3f);
      const character = splitWholeText(bytes);
      if (character?.rest.length === 0 && this.input.matcher.advance(place, character.text)) return true;
    }
    return false;
  }

  forced(state: GuideState): ForcedTokens {
    if (state.ended === true || state.pending.length > 0) return { tokens: [], state };
    const place = placeOf(state);
    let forced = this.#forced.get(place.id);
    if (!forced) this.#forced.set(place.id, (forced = this.#force(place)));
    if (forced.tokens.length === 0) return { tokens: [], state };
    return { tokens: forced.tokens, state: { text: state.text + forced.text, pending: nothingPending, place: forced.place } };
  }

  /** The forced text up to where its token boundaries are certain; all of it when the answer ends with it. */
  #force(place: GrammarState): ForcedText {
    const { matcher, texts } = this.input;
    const nothing: ForcedText = { tokens: [], text: '', place };
    const text = matcher.forcedText(place);
    if (text === '') return nothing;
    const end = matcher.advance(place, text);
    // The matcher ends at whole words; only signs at the end may still become one token with what follows.
    const limit = wordEnd.test(text) || (end && matcher.isFinal(end)) ? text.length : stableLength(text);
    const tokens: number[] = [];
    let covered = '';
    for (const token of this.input.tokenize(text)) {
      const piece = texts.text(token);
      // Part of a character at the edge: what stands before it is enough.
      if (piece === undefined || covered.length + piece.length > limit || !text.startsWith(covered + piece)) break;
      tokens.push(token);
      covered += piece;
    }
    const behind = matcher.advance(place, covered);
    return behind && tokens.length > 0 ? { tokens, text: covered, place: behind } : nothing;
  }

  isFinal(state: GuideState): boolean {
    return state.ended === true || (state.pending.length === 0 && this.input.matcher.isFinal(placeOf(state)));
  }

  allowedTokens(state: GuideState): readonly number[] | undefined {
    if (state.pending.length > 0) return undefined;
    const { matcher, vocabulary, texts } = this.input;
    const place = placeOf(state);
    const allowed: number[] = [];
    for (const [character, tokens] of vocabulary.byCharacter) {
      if (!matcher.advance(place, character)) continue;
      for (const token of tokens) {
        if (this.#verdict(place, token, texts.text(token) ?? '') === 'no') continue;
        allowed.push(token);
        if (allowed.length > mostAllowed) return undefined;
      }
    }
    return allowed;
  }

  answer(state: GuideState): string {
    return state.text;
  }
}

/** After a complete sentence: blank text, a stop text, or the beginning of one. */
function endsAnswer(text: string, stop: readonly string[]): boolean {
  const trimmed = text.trimStart();
  return trimmed === '' || stop.some((end) => end !== '' && (trimmed.startsWith(end) || end.startsWith(trimmed)));
}

function placeOf(state: GuideState): GrammarState {
  if (!state.place) throw new TypeError('a state without a place in the grammar');
  return state.place;
}
