/**
 * What writing SQL costs: completion in small and large schemas and scripts, and faults of a script when it is opened and after an
 * edit. The way through the editor is not measured, nor the pause before it looks (60 ms).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { ScriptChecker } from '../../src/core/language/checkScript.js';
import { completeSql } from '../../src/core/language/completeSql.js';
import { type LanguageSchema, languageSchema } from '../../src/core/language/languageSchema.js';
import { readScript } from '../../src/core/language/script.js';
import { semanticSql } from '../../src/core/language/semanticSql.js';
import { neverCancelled } from '../../src/core/shared/cancellation.js';
import { declaredRelations } from '../../src/core/graph/declaredRelations.js';
import { StatementChecks } from '../../src/engine/check/statementChecks.js';
import { introspect } from '../../src/sqlite/introspect.js';
import { openDatabase } from '../../src/sqlite/openDatabase.js';
import { median } from './averages.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
}

const sizes = [500, 1000, 2000, 4000] as const;

export async function runLanguageBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'language-bench-'));
  const checks = new StatementChecks();
  try {
    const small = await schemaOf(join(folder, 'small.db'), 20);
    const large = await schemaOf(join(folder, 'large.db'), 1000);
    const rows = [
      ...completionRows('20 tables', small.schema),
      ...completionRows('1,000 tables', large.schema),
      ...scriptRows(small.schema),
      ...(await faultRows('20 tables', small, checks)),
      ...(await faultRows('1,000 tables', large, checks)),
    ];
    return rows;
  } finally {
    await checks.close();
    rmSync(folder, { recursive: true });
  }
}

interface BenchDatabase {
  readonly path: string;
  readonly schema: LanguageSchema;
}

async function schemaOf(path: string, tables: number): Promise<BenchDatabase> {
  await execute(path, ddl(tables));
  const database = await openDatabase(path);
  const schema = await introspect(database, { name: 'bench.db' });
  await database.close();
  return { path, schema: languageSchema({ schema, relations: declaredRelations(schema) }) };
}

/** Every table but the first refers to one or two before it; a tenth of the keys go to the first ten. */
function ddl(tables: number): string {
  return Array.from({ length: tables }, (_, table) => {
    const parents = new Set(table === 0 ? [] : [Math.floor(table / 2), table % 10 === 0 ? 0 : table % Math.min(10, table)]);
    const keys = [...parents].map((parent) => `thing_${parent}_id INTEGER REFERENCES thing_${parent}(id)`);
    const plain = Array.from({ length: 8 }, (_column, at) => `detail_${at} TEXT`);
    return `CREATE TABLE thing_${table} (id INTEGER PRIMARY KEY, ${[...keys, ...plain].join(', ')});`;
  }).join('\n');
}

/** Five lines a statement. */
function scriptText(lines: number): string {
  return Array.from({ length: lines / 5 }, (_, at) => {
    const table = at % 20;
    return `-- question ${at}\nSELECT a.id, a.detail_${at % 8}, count(*) AS n\nFROM thing_${table} a JOIN thing_${Math.floor(table / 2)} b ON b.id = a.id\nWHERE a.detail_1 = 'value ${at}' GROUP BY a.id ORDER BY n DESC;\n`;
  }).join('\n');
}

function completionRows(name: string, schema: LanguageSchema): BenchRow[] {
  const ask = (text: string): number => medianTime(20, () => completeSql(readScript(text), text.length, schema));
  return [
    { name: `completion: joins, ${name}`, value: ask('SELECT * FROM thing_5 t JOIN '), unit: 'ms', bar: 50 },
    { name: `completion: columns of an alias, ${name}`, value: ask('SELECT * FROM thing_5 t WHERE t.'), unit: 'ms', bar: 50 },
    { name: `completion: tables, ${name}`, value: ask('SELECT * FROM '), unit: 'ms', bar: 50 },
  ];
}

function scriptRows(schema: LanguageSchema): BenchRow[] {
  const times = sizes.map((lines) => {
    const text = `${scriptText(lines)}\nSELECT * FROM thing_5 t JOIN `;
    return medianTime(7, () => completeSql(readScript(text), text.length, schema));
  });
  const text = scriptText(2000);
  return [
    { name: 'completion: joins at the end of 2,000 lines', value: times[2] ?? 0, unit: 'ms', bar: 50 },
    { name: 'completion: growth per doubling of the script', value: growth(times), unit: 'x', bar: 2.5 },
    { name: 'colours: every name of 2,000 lines', value: medianTime(5, () => semanticSql(readScript(text), schema)), unit: 'ms', bar: 150 },
  ];
}

async function faultRows(name: string, { path, schema }: BenchDatabase, checks: StatementChecks): Promise<BenchRow[]> {
  const opening: number[] = [];
  const editing: number[] = [];
  for (const lines of sizes) {
    const checker = new ScriptChecker(schema, (statements) => checks.complaints(path, statements));
    const text = scriptText(lines);
    opening.push(await time(async () => checker.check(readScript(text), neverCancelled)));
    const edits: number[] = [];
    for (let round = 0; round < 9; round++) {
      const edited = text.replace('question 7', `question 7.${round}`).replace("'value 20'", `nothing_${round}`);
      let found = 0;
      edits.push(
        await time(async () => {
          found = (await checker.check(readScript(edited), neverCancelled)).length;
        }),
      );
      if (found !== 1) throw new Error(`${found} faults instead of one`);
    }
    editing.push(median(edits));
  }
  return [
    { name: `diagnostics: 2,000 lines opened, ${name}`, value: opening[2] ?? 0, unit: 'ms' },
    { name: `diagnostics: 2,000 lines after an edit, ${name}`, value: editing[2] ?? 0, unit: 'ms', bar: 150 },
    { name: `diagnostics: growth per doubling of the script, opened, ${name}`, value: growth(opening), unit: 'x', bar: 2.5 },
    { name: `diagnostics: growth per doubling of the script, after an edit, ${name}`, value: growth(editing), unit: 'x', bar: 2.5 },
  ];
}

/** Mean factor from each size to its double. */
function growth(times: readonly number[]): number {
  const [first = 1, last = 1] = [times[0], times.at(-1)];
  return (last / first) ** (1 / (times.length - 1));
}

function execute(path: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, (opened: Error | null) => {
      if (opened) return reject(opened);
      database.exec(`BEGIN;${sql};COMMIT`, (error: Error | null) =>
        error ? reject(error) : database.close((closed) => (closed ? reject(closed) : resolve())),
      );
    });
  });
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function medianTime(rounds: number, work: () => unknown): number {
  work();
  return median(
    Array.from({ length: rounds }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}
