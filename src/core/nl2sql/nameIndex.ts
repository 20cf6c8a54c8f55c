/** Names of a schema by their words, built once per schema: what `linkQuestion` looks n-grams up in. */
import { type DatabaseSchema } from '../schema/types.js';
import { nounSenses } from './nounRelations.js';
import { nameWords } from './words.js';

export interface NamedThing {
  readonly table: string;
  /** Absent for the table itself. */
  readonly column?: string;
  readonly words: readonly string[];
}

export interface NameIndex {
  /** Things whose whole name is this phrase of stemmed words, joined by blanks. */
  exact(phrase: string): readonly NamedThing[];
  /** Things whose name has this stemmed word among others. */
  containing(word: string): readonly NamedThing[];
  /** Things whose name has a noun among its words that means the same as this stemmed word. */
  meaning(word: string): readonly NamedThing[];
}

export function buildNameIndex(schema: DatabaseSchema): NameIndex {
  const byPhrase = new Map<string, NamedThing[]>();
  const byWord = new Map<string, NamedThing[]>();
  const add = (map: Map<string, NamedThing[]>, key: string, thing: NamedThing): void => {
    const list = map.get(key);
    if (list) list.push(thing);
    else map.set(key, [thing]);
  };
  const addThing = (thing: NamedThing): void => {
    for (const phrase of phrasesOf(thing)) add(byPhrase, phrase, thing);
    for (const word of new Set(thing.words)) add(byWord, word, thing);
  };
  for (const table of schema.tables) {
    addThing({ table: table.name, words: nameWords(table.name) });
    for (const column of table.columns) {
      addThing({ table: table.name, column: column.name, words: nameWords(column.name) });
    }
  }
  let bySense: ReadonlyMap<string, readonly string[]> | undefined;
  const meaning = (word: string): readonly NamedThing[] => {
    bySense ??= wordsBySense(byWord.keys());
    const names = new Set(nounSenses(word).flatMap((sense) => bySense?.get(sense) ?? []));
    names.delete(word);
    return [...new Set([...names].flatMap((name) => byWord.get(name) ?? []))];
  };
  return { exact: (phrase) => byPhrase.get(phrase) ?? [], containing: (word) => byWord.get(word) ?? [], meaning };
}

function wordsBySense(words: Iterable<string>): Map<string, string[]> {
  const bySense = new Map<string, string[]>();
  for (const word of words) for (const sense of nounSenses(word)) bySense.set(sense, [...(bySense.get(sense) ?? []), word]);
  return bySense;
}

/** A name is met as written, glued (`firstname`) and, for a column, behind its table's word (`singer name` for `singer.name`). */
function phrasesOf(thing: NamedThing): Set<string> {
  const phrases = new Set([thing.words.join(' '), thing.words.join('')]);
  if (thing.column !== undefined) phrases.add([...nameWords(thing.table), ...thing.words].join(' '));
  phrases.delete('');
  return phrases;
}
