/** The questions that a fine-tune on a sample database is measured by: every gold statement runs and has an answer. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { describe, expect, it } from 'vitest';
import { countGoldTables } from '../../../src/core/eval/goldShape.js';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly sql: string;
  readonly tables: number;
}

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const databases = path.join(process.env['JOINERY_DATA'] ?? path.join(root, '..', 'shared', 'data'), 'sample_dbs');

describe.each(['classicmodels', 'northwind'])('the questions on %s', (name) => {
  const file = path.join(databases, `${name}.sqlite`);
  const questions = readFileSync(path.join(root, 'test', 'fixtures', name, 'questions.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question);

  it('are sixty, each once, and every third reads two tables or more', () => {
    expect(new Set(questions.map(({ question }) => question)).size).toBe(60);
    expect(questions.map(({ sql }) => countGoldTables(sql))).toEqual(questions.map(({ tables }) => tables));
    expect(questions.filter(({ tables }) => tables > 1).length).toBeGreaterThan(20);
  });

  it.skipIf(!existsSync(file))('have an answer (skipped without the databases in JOINERY_DATA)', async () => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
    const empty: string[] = [];
    for (const { id, sql } of questions) {
      const rows = await new Promise<object[]>((resolve, reject) =>
        database.all(sql, (error: Error | null, found: object[]) => (error ? reject(error) : resolve(found))),
      );
      if (!rows.some((row) => Object.values(row).some((value) => value !== null))) empty.push(id);
    }
    database.close();
    expect(empty).toEqual([]);
  });
});
