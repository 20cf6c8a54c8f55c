import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { demonstrationsFile, pairId, readDemonstrations } from '../../../../src/engine/ask/demonstrationStore.js';
import { pairsFile } from '../../../../src/engine/ask/pairsStore.js';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-demonstrations-'));
const database = path.join(folder, 'data', 'shop.db');
const pairs = ['a', 'b', 'c'].map((name) => ({ question: `${name}?`, sql: `SELECT ${name}` }));
const [a, b, c] = pairs.map(pairId);

afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  mkdirSync(path.join(folder, '.joinery'), { recursive: true });
  writeFileSync(pairsFile(folder), pairs.map((pair) => `${JSON.stringify({ ...pair, database: 'data/shop.db' })}\n`).join(''));
  rmSync(demonstrationsFile(folder), { force: true });
});

const write = (value: unknown): void =>
  writeFileSync(demonstrationsFile(folder), typeof value === 'string' ? value : JSON.stringify(value));
const entry = (more: object): object => ({
  format: 1,
  databases: [{ database: 'data/shop.db', most: 2, pairs: [], measured: [], ...more }],
});
const shown = async (): Promise<[string, number]> => {
  const store = await readDemonstrations(folder, database, silentLogger);
  return [store.pairs.map(({ question }) => question[0]).join(''), store.most];
};

describe('what may be shown', () => {
  it.each<[string, unknown, string, number]>([
    ['no measurement', undefined, 'abc', 3],
    ['pairs that were kept', entry({ pairs: [a], measured: [a, b, c] }), 'a', 2],
    ['pairs accepted since the measurement', entry({ pairs: [a], measured: [a, b] }), 'ac', 2],
    ['examples that did not help', entry({ most: 0, measured: [a, b, c] }), '', 0],
    ['more than fits', entry({ most: 99 }), 'abc', 8],
    ['another database', { format: 1, databases: [{ database: 'data/other.db', most: 0, pairs: [], measured: [] }] }, 'abc', 3],
    ['no JSON', '{', 'abc', 3],
    ['another format', { format: 2, databases: [] }, 'abc', 3],
    ['half an entry', entry({ most: -1 }), 'abc', 3],
    ['null', null, 'abc', 3],
  ])('%s', async (_, value, expected, most) => {
    if (value !== undefined) write(value);
    expect(await shown()).toEqual([expected, most]);
  });

  it('says when a file was left out', async () => {
    write('{');
    const lines: string[] = [];
    await readDemonstrations(folder, database, { log: (level, _tag, text) => lines.push(`${level} ${text}`) });
    expect(lines).toEqual([`warn ${demonstrationsFile(folder)} was left out`]);
  });
});

describe('pairId', () => {
  it('is what the trainer computes', () => {
    expect(pairId({ question: 'How many singers are there?', sql: 'SELECT COUNT(*) FROM singer' })).toBe('b12738c34efeabad');
    expect(pairId({ question: 'Größe?', sql: "SELECT 'ß'" })).toBe('9611080e7f6ec3cc');
  });
});
