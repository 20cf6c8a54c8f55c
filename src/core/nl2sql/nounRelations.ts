/**
 * How near two English nouns stand in WordNet: a question that says `client` means the table `customer`. Nouns that most texts never use are not
 * known, nor are verbs and adjectives; inflected forms are the caller's business.
 */
import senseFile from './nounSenses.json';

/** `same`: they have a sense in common; `kind`: one is a kind of the other; `sibling`: both are kinds of the same, narrow, thing. */
export type NounRelation = 'same' | 'kind' | 'sibling';

interface Senses {
  readonly own: ReadonlySet<string>;
  /** What those are kinds of. */
  readonly kinds: ReadonlySet<string>;
  /** Those of the kinds that have few members. */
  readonly narrow: ReadonlySet<string>;
}

interface Table {
  readonly sensesByNoun: ReadonlyMap<string, readonly string[]>;
  /** By the number of a sense; a kind with many members ends in a star. */
  readonly kinds: readonly string[];
}

let table: Table | undefined;

/** Compares words with a fixed set of names, both in lower case and singular. */
export class NounRelations {
  readonly #names: Senses;

  constructor(names: Iterable<string>) {
    this.#names = sensesOf(names);
  }

  /** The nearest relation that `word` has to any of the names; undefined when it has none, or is not known. */
  find(word: string): NounRelation | undefined {
    const names = this.#names;
    const { own, kinds, narrow } = sensesOf([word]);
    if (meet(own, names.own)) return 'same';
    if (meet(own, names.kinds) || meet(kinds, names.own)) return 'kind';
    return meet(narrow, names.narrow) ? 'sibling' : undefined;
  }
}

/** Keys of the senses of a noun in lower case and singular, most frequent first; none for other words. Nouns with a key in common mean the same. */
export function nounSenses(word: string): readonly string[] {
  return (table ??= readTable()).sensesByNoun.get(word) ?? [];
}

/** True for a noun that texts use, in lower case and singular. */
export function isNoun(word: string): boolean {
  return nounSenses(word).length > 0;
}

function sensesOf(words: Iterable<string>): Senses {
  const { sensesByNoun, kinds: kindsOfSense } = (table ??= readTable());
  const own = new Set([...words].flatMap((word) => sensesByNoun.get(word) ?? []));
  const marked = [...own].flatMap((sense) => kindsOfSense[Number.parseInt(sense, 36)]?.split(' ') ?? []).filter((kind) => kind !== '');
  return {
    own,
    kinds: new Set(marked.map((kind) => kind.replace('*', ''))),
    narrow: new Set(marked.filter((kind) => !kind.endsWith('*'))),
  };
}

function meet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  for (const entry of small) if (large.has(entry)) return true;
  return false;
}

/** Read when the first word is looked up: most questions have none. */
function readTable(): Table {
  const entries = senseFile.nouns.split(',').map((line): [string, string[]] => {
    const [noun = '', ...senses] = line.split(' ');
    return [noun, senses];
  });
  return { sensesByNoun: new Map(entries), kinds: senseFile.kinds.split(',') };
}
