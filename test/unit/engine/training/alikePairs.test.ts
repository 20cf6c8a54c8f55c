import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { pairId } from '../../../../src/engine/ask/demonstrationStore.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import { type AlikeLine, alikePairs, readGivenPairs } from '../../../../src/engine/training/alikePairs.js';
import { shopKnowledge } from '../../../support/shopSchema.js';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-alike-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = { knowledge: shopKnowledge, findValues: () => [], joinTrees: () => [], whenIndexed: () => Promise.resolve() };
const catalogue = { open: () => Promise.resolve(opened) } as unknown as Catalogue;
const pairs = [
  { question: 'How many orders are there?', sql: 'SELECT COUNT(*) FROM orders' },
  { question: 'How many products are there?', sql: 'SELECT COUNT(*) FROM products' },
  { question: 'Which product has the highest price?', sql: 'SELECT name FROM products ORDER BY price DESC LIMIT 1' },
];

describe('alikePairs', () => {
  it('names the pairs that would be shown, best first, and never the question itself', async () => {
    const items = ['How many customers are there?', 'How many orders are there?', 'zzz'].map((question, at) => ({
      id: String(at),
      db: 'shop',
      database: '/shop.db',
      question,
    }));
    const lines: AlikeLine[] = [];
    for await (const line of alikePairs(catalogue, items, pairs, neverCancelled)) lines.push(line);
    const [orders, products] = pairs.map(pairId);
    expect(lines.map(({ id }) => id)).toEqual(['0', '1', '2']);
    expect(lines[0]?.alike.slice(0, 2)).toEqual([orders, products]);
    expect(lines[1]?.alike[0]).toBe(products);
    expect(lines[1]?.alike).not.toContain(orders);
    expect(lines[2]?.alike).toEqual([]);
  });
});

describe('readGivenPairs', () => {
  it('reads pairs and refuses what is none', async () => {
    const file = path.join(folder, 'pairs.jsonl');
    writeFileSync(file, `${JSON.stringify(pairs[0])}\n\n`);
    expect(await readGivenPairs(file)).toEqual([pairs[0]]);
    writeFileSync(file, '{"question":"q"}\n');
    await expect(readGivenPairs(file)).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(readGivenPairs(path.join(folder, 'no.jsonl'))).rejects.toMatchObject({ code: 'file.missing' });
  });
});
