import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../../src/core/shared/errors.js';
import { describeError, errorSentences, fillSentence } from '../../../../src/engine/words/errorSentences.js';

describe('errorSentences', () => {
  for (const code of errorCodes) {
    it(`has a sentence and a next step for ${code}, also without arguments`, () => {
      const { sentence, next } = describeError(code, {});
      for (const text of [sentence, next]) {
        expect(text).toMatch(/^[A-Z"[].*[.!]$/);
        expect(text).not.toMatch(/[{}[\]]|undefined| \.(?!\w)| {2}/);
      }
      expect(errorSentences[code].sentence).not.toBe(errorSentences[code].next);
    });
  }

  it('uses only arguments that some place gives', () => {
    const source = sourceText(path.resolve(import.meta.dirname, '../../../../src'));
    const named = Object.values(errorSentences).flatMap(({ sentence, next }) =>
      [...`${sentence}${next}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    );
    expect([...new Set(named)].filter((name) => !new RegExp(`\\b${name}\\b\\s*[:,}]`).test(source))).toEqual([]);
  });
});

function sourceText(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'errorSentences.ts')
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe('fillSentence', () => {
  const cases: readonly { template: string; details: Record<string, string | number | readonly string[]>; expected: string }[] = [
    { template: 'There is no file[ {path}].', details: { path: '/a b' }, expected: 'There is no file /a b.' },
    { template: 'There is no file[ {path}].', details: {}, expected: 'There is no file.' },
    { template: 'There is no file[ {path}].', details: { path: '' }, expected: 'There is no file.' },
    { template: '[{a} of {b}] x', details: { a: 1 }, expected: 'X' },
    { template: 'has {known}.', details: { known: ['a', 'b'] }, expected: 'Has a, b.' },
    { template: 'x[: {detail}].', details: { detail: 'near "[{y}]": $& error' }, expected: 'X: near "[{y}]": $& error.' },
    { template: 'took {ms} ms', details: { ms: 0 }, expected: 'Took 0 ms' },
  ];
  for (const { template, details, expected } of cases) {
    it(JSON.stringify([template, details]), () => expect(fillSentence(template, details)).toBe(expected));
  }
});
