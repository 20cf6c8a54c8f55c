/** German and Simplified Chinese are complete: every text of the product has its translation, with the same arguments and links. */
import { existsSync, readFileSync } from 'node:fs';
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

it('texts of the walkthrough exist in each language', () => {
  for (const language of ['de', 'zh-cn'])
    for (const [key, file] of Object.entries(read(`package.nls.${language}.json`)))
      if (key.endsWith('.media')) expect(existsSync(file), file).toBe(true);
});
