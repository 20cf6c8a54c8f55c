/** The tokens of a vocabulary by their first character, for the rare step at which none of the likeliest tokens is allowed. Built on first use. */
import { type TokenTexts } from './tokenTexts.js';

export class VocabularyIndex {
  #byCharacter: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(private readonly texts: TokenTexts) {}

  /** Tokens that are whole UTF-8 and not empty. */
  get byCharacter(): ReadonlyMap<string, readonly number[]> {
    this.#byCharacter ??= this.#build();
    return this.#byCharacter;
  }

  #build(): ReadonlyMap<string, readonly number[]> {
    const groups = new Map<string, number[]>();
    for (let token = 0; token < this.texts.vocabularySize; token++) {
      const text = this.texts.text(token);
      if (text === undefined || text === '') continue;
      const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
      const group = groups.get(character);
      if (group) group.push(token);
      else groups.set(character, [token]);
    }
    return groups;
  }
}
