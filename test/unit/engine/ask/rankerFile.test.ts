import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Logger } from '../../../../src/core/shared/logger.js';
import { findRanker, readRanker } from '../../../../src/engine/ask/rankerFile.js';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-ranker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const good = write('good.json', JSON.stringify({ format: 1, features: ['cues'], mean: [0], scale: [1], weights: [1] }));

describe('rankers on disk', () => {
  it.each([
    ['a missing file', path.join(folder, 'no.json'), 'file.missing', {}],
    ['no JSON', write('text.json', 'text'), 'model.badRanker', { detail: 'not JSON' }],
    [
      'a feature of another version',
      write('new.json', '{"format":1,"features":["mood"]}'),
      'model.badRanker',
      { detail: 'unknown feature mood' },
    ],
  ])('%s is an error when it was named, and none when it was not', async (_, file, code, details) => {
    await expect(readRanker(file)).rejects.toMatchObject({ code, details: { ...details, path: file } });
    const lines: string[] = [];
    const log: Logger = { log: (level, _tag, message) => lines.push(`${level} ${message}`) };
    expect(await findRanker(file, log)).toBeUndefined();
    expect(lines).toEqual(code === 'file.missing' ? [] : [`warn the ranker ${file} was left out`]);
  });

  it('reads one that fits', async () => {
    expect(await readRanker(good)).toMatchObject({ features: ['cues'], rowsFirst: true });
  });
});
