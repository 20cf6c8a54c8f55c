/** Makes the guide of a request: its grammar, if it has one that allows what is already written, and what the prompt gives back for it. */
import { compileGrammar } from '../core/grammar/compileGrammar.js';
import { type GrammarMatcher } from '../core/grammar/types.js';
import { type GenerateParams, type PromptPart } from '../protocol/modelProcess.js';
import { freeGuide } from './freeGuide.js';
import { grammarGuide } from './grammarGuide.js';
import { type Guide } from './guide.js';
import { healedGuide } from './healedGuide.js';
import { type LoadedModel } from './loadModel.js';
import { stableLength } from './stableText.js';

export interface ChosenGuide {
  readonly guide: Guide;
  /** The end of the prompt without the text that the guide writes again. */
  readonly rest: readonly PromptPart[];
}

/** Throws `internal` when the grammar is malformed. */
export function chooseGuide(params: GenerateParams, loaded: LoadedModel): ChosenGuide {
  const begun = params.begun ?? '';
  const owed = begun.slice(stableLength(begun));
  const rest = withoutEnd(params.rest, owed);
  // A prompt that does not end as announced is left alone: the answer goes on behind it.
  const written = rest ? begun.slice(0, begun.length - owed.length) : begun;
  const inner = grammarOf(params, loaded, written, rest ? owed : '') ?? freeGuide(loaded.texts, params.stop);
  return { guide: healedGuide(inner, rest ? owed : ''), rest: rest ?? params.rest };
}

function grammarOf(params: GenerateParams, loaded: LoadedModel, written: string, owed: string): Guide | undefined {
  if (params.grammar === undefined) return undefined;
  const matcher = loaded.grammars.get(params.grammar);
  const start = matcher.advance(matcher.start, written);
  // What the user has begun may be outside the grammar; it is completed freely then.
  if (!start || !matcher.advance(start, owed)) return undefined;
  return grammarGuide({
    matcher,
    start,
    texts: loaded.texts,
    vocabulary: loaded.vocabulary,
    stop: params.stop,
    tokenize: (text) => loaded.model.tokenize(text, false, 'trimLeadingSpace'),
  });
}

function withoutEnd(parts: readonly PromptPart[], end: string): readonly PromptPart[] | undefined {
  const last = parts.at(-1);
  if (end === '') return parts;
  if (!last || last.special === true || !last.text.endsWith(end)) return undefined;
  const text = last.text.slice(0, last.text.length - end.length);
  return text === '' ? parts.slice(0, -1) : [...parts.slice(0, -1), { ...last, text }];
}

/** The last few grammars as matchers: repairs and samples of one question use the same, with everything it has learned. */
export class GrammarCache {
  readonly #matchers = new Map<string, GrammarMatcher>();

  constructor(private readonly most = 8) {}

  get(grammar: string): GrammarMatcher {
    const known = this.#matchers.get(grammar) ?? compileGrammar(grammar);
    this.#matchers.delete(grammar);
    this.#matchers.set(grammar, known);
    for (const oldest of this.#matchers.keys()) {
      if (this.#matchers.size <= this.most) break;
      this.#matchers.delete(oldest);
    }
    return known;
  }
}
