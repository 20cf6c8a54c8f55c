/** Makes the guide of a request: its grammar, if it has one that allows what is already written, and what the prompt gives back for it. */
import { type PromptPart } from '../core/nl2sql/promptPart.js';
import { type GenerateParams } from '../protocol/modelProcess.js';
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
