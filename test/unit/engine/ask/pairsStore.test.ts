import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPairs, pairsFile, readPairs, removePairs, storePair } from '../../../../src/engine/ask/pairsStore.js';
import { type Logger, silentLogger } from '../../../../src/core/shared/logger.js';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'joinery-pairs-'))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const text = (): Promise<string> => readFile(pairsFile(folder), 'utf8');

describe('kept pairs', () => {
  it('are none without a file', async () => expect(await listPairs(folder, silentLogger)).toEqual([]));

  it('come back as they went in, paths inside the folder relative in the file', async () => {
    const inside = { question: 'q1', sql: 'SELECT 1', database: at('data/shop.db'), kind: 'corrected' as const, answered: 'SELECT 2' };
    const outside = { question: 'q2', sql: "SELECT '\n'", database: path.resolve('/elsewhere/a.db') };
    await storePair(folder, inside);
    await storePair(folder, outside);
    expect(await listPairs(folder, silentLogger)).toEqual([inside, outside]);
    expect(await text()).toContain('"database":"data/shop.db"');
    expect(await readPairs(folder, at('data/shop.db'), silentLogger)).toEqual([inside]);
  });

  it('hold one answer to a question: the newest', async () => {
    for (const sql of ['SELECT 1', 'SELECT 2']) await storePair(folder, { question: 'q', sql, database: at('a.db') });
    await storePair(folder, { question: 'q', sql: 'SELECT 3', database: at('b.db') });
    expect((await listPairs(folder, silentLogger)).map(({ sql }) => sql)).toEqual(['SELECT 2', 'SELECT 3']);
  });

  it('survive a line that is none, which is reported and kept', async () => {
    await mkdir(path.dirname(pairsFile(folder)));
    await writeFile(pairsFile(folder), '{"question":"q"\n{"question":"q","sql":"SELECT 1","database":"a.db","kind":"odd"}\n\n[]\n');
    const said: string[] = [];
    const log: Logger = { log: (_, __, message) => said.push(message) };
    expect(await listPairs(folder, log)).toEqual([{ question: 'q', sql: 'SELECT 1', database: at('a.db') }]);
    expect(said).toHaveLength(2);
    expect(await removePairs(folder, [{ question: 'q', sql: '', database: at('a.db') }])).toBe(1);
    expect(await text()).toBe('{"question":"q"\n[]\n');
  });

  it('nothing is written when nothing is removed', async () => {
    expect(await removePairs(folder, [{ question: 'q', sql: '', database: at('a.db') }])).toBe(0);
    await expect(text()).rejects.toThrow();
  });
});
