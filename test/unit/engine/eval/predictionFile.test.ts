import { appendFileSync, readFileSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type PredictionHeader, type PredictionRow } from '../../../../src/core/eval/types.js';
import { PredictionFile, readPredictions } from '../../../../src/engine/eval/predictionFile.js';
import { makeFolder } from './makeDatabase.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const header: PredictionHeader = {
  kind: 'header',
  format: 1,
  set: 's',
  mode: 'ask',
  model: 'm',
  candidates: 1,
  temperature: 0.8,
  seed: 1,
  steps: { links: true },
  promptVersion: 'p',
  threads: 1,
  sample: { total: 9, chosen: 3, step: 3, offset: 0 },
  date: '2026-01-01T00:00:00.000Z',
};
const row = (id: string): PredictionRow => ({
  kind: 'prediction',
  id,
  db: 'd',
  question: 'q',
  sql: `SELECT '${id}'`,
  candidates: [],
  ms: 1,
  promptTokens: 1,
  sampledTokens: 1,
  forcedTokens: 0,
});
const ids = async (file: string): Promise<readonly string[]> => (await readPredictions(file)).rows.map(({ id }) => id);

describe.each(['plain.jsonl', 'packed.jsonl.gz'])('a prediction file %s', (name) => {
  it('keeps every row as it comes and continues after a stop', async () => {
    const file = path.join(folder.path, 'deep', `a-${name}`);
    const first = await PredictionFile.open(file, header);
    await first.append(row('a'));
    await first.append(row('b'));
    expect(await ids(file)).toEqual(['a', 'b']);
    const second = await PredictionFile.open(file, {
      ...header,
      date: '2027-01-01T00:00:00.000Z',
      sample: { ...header.sample, chosen: 9 },
    });
    expect(second.rows.map(({ id }) => id)).toEqual(['a', 'b']);
    await second.append(row('c'));
    await second.finish();
    expect(await ids(file)).toEqual(['a', 'b', 'c']);
    const known = (await readPredictions(file)).header;
    expect([known?.date, known?.sample.chosen]).toEqual([header.date, 9]);
  });

  it('drops a row that was cut off and nothing else', async () => {
    const file = path.join(folder.path, `cut-${name}`);
    const first = await PredictionFile.open(file, header);
    for (const id of ['a', 'b', 'c']) await first.append(row(id));
    truncateSync(file, statSync(file).size - 12);
    const second = await PredictionFile.open(file, header);
    expect(second.rows.map(({ id }) => id)).toEqual(['a', 'b']);
    await second.append(row('d'));
    expect(await ids(file)).toEqual(['a', 'b', 'd']);
  });

  it.each([
    ['model', { model: 'other' }],
    ['candidates', { candidates: 8 }],
    ['promptVersion', { promptVersion: 'p-2' }],
    ['steps', { steps: { links: false } }],
    ['mode', { mode: 'plain' as const }],
    ['adapter', { adapter: 'lora' }],
  ])('refuses rows made with another %s', async (what, change) => {
    const file = path.join(folder.path, `mix-${what}-${name}`);
    await (await PredictionFile.open(file, header)).append(row('a'));
    await expect(PredictionFile.open(file, { ...header, ...change })).rejects.toMatchObject({
      code: 'config.invalid',
      details: { detail: expect.stringContaining(what) as string },
    });
    expect(await ids(file)).toEqual(['a']);
  });
});

describe('prediction files', () => {
  it('are one gzip member when they are finished', async () => {
    const file = path.join(folder.path, 'whole.jsonl.gz');
    const made = await PredictionFile.open(file, header);
    for (let at = 0; at < 200; at++) await made.append(row(`row-${at}`));
    const before = statSync(file).size;
    await made.finish();
    expect(statSync(file).size).toBeLessThan(before / 4);
    expect(gunzipSync(readFileSync(file)).toString().split('\n').length).toBe(202);
  });

  it('that are missing say so', async () => {
    await expect(readPredictions(path.join(folder.path, 'no.jsonl'))).rejects.toMatchObject({ code: 'file.missing' });
  });

  it('may be empty', async () => {
    const file = path.join(folder.path, 'empty.jsonl.gz');
    writeFileSync(file, '');
    expect((await PredictionFile.open(file, header)).rows).toEqual([]);
    appendFileSync(file, '');
    expect((await readPredictions(file)).header?.set).toBe('s');
  });
});
