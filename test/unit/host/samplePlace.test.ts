/** Where the walkthrough puts its sample, and that its questions are opened in the window that starts anew with it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markForOpening, samplePlace, sampleToOpen } from '../../../src/host/features/walkthrough/samplePlace.js';
import { makeTestFolder, type TestFolder } from '../../support/buildFixture.js';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

/** A folder of the sample as it was made; without some of its files. */
function makeSample(place: string, files: readonly string[] = ['shop.db', 'questions.sql']): string {
  const made = path.join(place, 'joinery-sample');
  mkdirSync(made, { recursive: true });
  for (const file of files) writeFileSync(path.join(made, file), '');
  return made;
}

describe('the place of the sample', () => {
  it.each<[string, () => readonly string[], string]>([
    ['without a folder, in the storage', () => [], 'storage/joinery-sample'],
    ['in the first folder', () => [folder.file('a'), folder.file('b')], 'a/joinery-sample'],
    ['where the workspace is the sample, there and not inside it', () => [makeSample(folder.file('storage'))], 'storage/joinery-sample'],
    ['where the sample is one of several folders, there', () => [folder.file('a'), makeSample(folder.file('b'))], 'b/joinery-sample'],
    ['a folder of that name without the database is like any other', () => [makeSample(folder.path, [])], 'joinery-sample/joinery-sample'],
  ])('%s', (_name, folders, expected) => {
    const place = samplePlace(folders(), folder.file('storage'));
    expect(place).toEqual({
      folder: folder.file(expected),
      database: folder.file(`${expected}/shop.db`),
      questions: folder.file(`${expected}/questions.sql`),
    });
  });
});

describe('after the window has started anew with the sample', () => {
  it('its questions are opened, once', async () => {
    const storage = folder.file('storage');
    const sample = makeSample(storage);
    expect(await sampleToOpen([sample], storage)).toBeUndefined();
    await markForOpening(storage);
    expect(await sampleToOpen([folder.file('other')], storage)).toBeUndefined();
    expect((await sampleToOpen([sample], storage))?.questions).toBe(path.join(sample, 'questions.sql'));
    expect(await sampleToOpen([sample], storage)).toBeUndefined();
  });

  it('questions that are gone are not missed', async () => {
    const storage = folder.file('storage');
    const sample = makeSample(storage, ['shop.db']);
    await markForOpening(storage);
    expect(await sampleToOpen([sample], storage)).toBeUndefined();
  });
});
