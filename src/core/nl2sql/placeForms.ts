/**
 * What belongs to a place and the place itself: a question about *Vietnamese suppliers* means the stored `Vietnam`, one about players from
 * *France* the stored `French`. English words, from WordNet (scripts/placeForms.mjs).
 */
import formFile from './placeForms.json';

/** In lower case they are other words. */
const needCapital = new Set(['attic', 'continental', 'mercurial', 'polish', 'scotch', 'tai']);

let forms: ReadonlyMap<string, readonly string[]> | undefined;

/** Other words for a place or for what belongs to it, as texts spell them; none for words of another kind. */
export function placeForms(mention: string): readonly string[] {
  const key = mention.toLowerCase();
  if (mention === key && needCapital.has(key)) return [];
  return (forms ??= readForms()).get(key) ?? [];
}

/** Read with the first word that no stored value answers. */
function readForms(): ReadonlyMap<string, readonly string[]> {
  const read = new Map<string, string[]>();
  const add = (word: string, form: string): void => {
    const key = word.toLowerCase();
    const known = read.get(key);
    if (known) known.push(form);
    else read.set(key, [form]);
  };
  for (const entry of formFile.places.split(',')) {
    const [adjective = '', ...names] = entry.split('|');
    for (const name of names) {
      add(adjective, name);
      add(name, adjective);
    }
  }
  return read;
}
