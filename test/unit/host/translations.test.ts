/** German and Simplified Chinese are complete: every text of the product has its translation, with the same arguments and links. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Words = Readonly<Record<string, string>>;

const read = (file: string): Words => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Words) : {});

/** Everything in a text that is not words: arguments, links to commands, code. */
function marks(text: string): readonly string[] {
  return [...text.matchAll(/\{\w+\}|\(command:[^)]*\)|`[^`]*`|\[[^\]]*\{\w+\}/g)]
    .map(([mark]) => (mark.startsWith('[') ? '[…]' : mark))
    .sort();
}

const files = [
  { base: 'l10n/bundle.l10n.json', of: (language: string) => `l10n/bundle.l10n.${language}.json` },
  { base: 'package.nls.json', of: (language: string) => `package.nls.${language}.json` },
];

for (const language of ['de', 'zh-cn'])
  for (const { base, of } of files)
    describe(of(language), () => {
      const wanted = read(base);
      const found = read(of(language));
      it('has every key', () => expect(Object.keys(wanted).filter((key) => !found[key])).toEqual([]));
      it('has no key that is not used', () => expect(Object.keys(found).filter((key) => !(key in wanted))).toEqual([]));
      it('keeps arguments, links and code', () => {
        const changed = Object.entries(found).filter(
          ([key, text]) => key in wanted && marks(text).join() !== marks(wanted[key] ?? '').join(),
        );
        expect(changed.map(([key]) => key)).toEqual([]);
      });
    });

describe('manners', () => {
  const texts = (language: string): readonly string[] => files.flatMap(({ of }) => Object.values(read(of(language))));
  it('German speaks formally', () => {
    expect(texts('de').filter((text) => /\b(?:du|dich|dir|dein\w*|trainiere|nimm|gib|wähle|prüfe|versuche)\b(?! Sie)/i.test(text))).toEqual(
      [],
    );
  });
  it('Chinese uses its own marks', () => {
    expect(texts('zh-cn').filter((text) => /[\u4e00-\u9fff][,;:!?(]|[)][\u4e00-\u9fff]/.test(text))).toEqual([]);
  });
});

it('texts of the walkthrough exist in each language', () => {
  for (const language of ['de', 'zh-cn'])
    for (const [key, file] of Object.entries(read(`package.nls.${language}.json`)))
      if (key.endsWith('.media')) expect(existsSync(file), file).toBe(true);
});

/** Texts that come from a table of words are translated by value: everything else that people read is written where it is said. */
const fromTables: Readonly<Record<string, number>> = {
  'features/fineTune/fineTuneWords.ts': 1,
  'features/graphPanel/pageWords.ts': 1,
  'features/resultsPanel/pageWords.ts': 1,
  'platform/reportError.ts': 1,
  'platform/words.ts': 1,
};

describe('texts in the sources', () => {
  const known = read('l10n/bundle.l10n.json');
  const files = readdirSync('src/host', { recursive: true }).map(String).filter((name) => name.endsWith('.ts')); // prettier-ignore
  it('are for translators, whatever quotes they stand in', () => {
    const unknown: string[] = [];
    const computed: Record<string, number> = {};
    for (const file of files) {
      const source = readFileSync(`src/host/${file}`, 'utf8');
      for (const [, rest = ''] of source.matchAll(/l10n\.t\(\s*([^\n]*)/g)) {
        const text = /^(['"])((?:(?!\1)[^\\]|\\.)*)\1/.exec(rest)?.[2];
        if (text === undefined) computed[file] = (computed[file] ?? 0) + 1;
        else if (!(text.replace(/\\(.)/g, '$1') in known)) unknown.push(text);
      }
    }
    expect(unknown).toEqual([]);
    expect(computed).toEqual(fromTables);
  });
});

describe('counts', () => {
  /** A noun behind a number is wrong for 1, unless the text for 1 is another, or the number is never, or hardly ever, 1. */
  const hardlyOne = [
    'More than {count} rows', 'more than {0} rows', 'first {0} rows', 'The first {0} rows.', 'In a sample of {count} rows', '{0} minutes',
    'The workspace has {0} databases. Click to choose one for this folder.', 'Run {0} statements, each with a result of its own?',
    '{count} distinct values ({share})', '{count} more columns', '{0} of {1} candidates agree', '{n} questions',
  ]; // prettier-ignore
  const noun = '(?:rows|columns|tables|questions|statements|databases|relations|joins|minutes|values|candidates|answers|files|pairs)\\b';
  const counted = Object.keys(read('l10n/bundle.l10n.json')).filter((text) => new RegExp(`\\{\\w+\\} (?:\\w+ )?${noun}`).test(text));
  it('have words for one', () => {
    const known = Object.keys(read('l10n/bundle.l10n.json'));
    const singular = (text: string): string =>
      text
        .replace(/\{\w+\} (\w+)s\b/, '1 $1')
        .replace(' are still', ' is still')
        .replace('{1}', '{0}');
    expect(counted.filter((text) => !hardlyOne.includes(text) && !known.includes(singular(text)))).toEqual([]);
    expect(hardlyOne.filter((text) => !counted.includes(text))).toEqual([]);
  });
});
