/** Which question a cursor stands under. `|` marks the cursor. */
import { describe, expect, it } from 'vitest';
import { type CommentMarker, namedDatabase, questionAbove, questionAround } from '../../../../src/core/presentation/commentQuestion.js';

function place(marked: string): { source: { lineCount: number; lineAt(line: number): string }; line: number; character: number } {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const lines = marked.replace('|', '').split('\n');
  const source = { lineCount: lines.length, lineAt: (line: number) => lines[line] ?? '' };
  return { source, line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function above(marked: string, marker: CommentMarker = '--') {
  const { source, line, character } = place(marked);
  return questionAbove(source, line, character, marker);
}

describe('question above the cursor', () => {
  const cases: readonly (readonly [string, string | undefined, string?])[] = [
    ['-- top 5 customers\n|', 'top 5 customers', ''],
    ['-- top 5 customers\n  |', 'top 5 customers', ''],
    ['--top 5 customers\n|', 'top 5 customers', ''],
    ['-- top 5 customers\n-- by revenue\n|', 'top 5 customers by revenue', ''],
    ['/* top 5 customers */\n|', 'top 5 customers', ''],
    ['/*\n * top 5\n * customers\n */\n|', 'top 5 customers', ''],
    ['-- @db a.db\n-- names of all\n|', 'names of all', ''],
    ['-- names of all\nSELECT na|', 'names of all', 'SELECT na'],
    ['-- names of all\nSELECT name\nFROM |', 'names of all', 'SELECT name\nFROM '],
    ['-- names of all|', undefined],
    ['-- names of all\n\n|', undefined],
    ['-- names of all\nSELECT 1;\n|', undefined],
    ['-- names of all\nSELECT 1; |', undefined],
    ['-- @db a.db\n|', undefined],
    ['-- ------------\n|', undefined],
    ['--\n|', undefined],
    ['SELECT 1\n|', undefined],
    ['|', undefined],
    ['SELECT 1 /* names */\n|', undefined],
  ];
  for (const [marked, question, begun] of cases) {
    it(JSON.stringify(marked), () => {
      const found = above(marked);
      expect(found?.question).toBe(question);
      if (begun !== undefined) expect(found?.begun).toBe(begun);
    });
  }

  const code: readonly (readonly [string, CommentMarker, string | undefined, boolean?])[] = [
    ['// sql: top 5 customers\n|', '//', 'top 5 customers', false],
    ['  // SQL?: top 5 customers\n  |', '//', 'top 5 customers', true],
    ['# sql: top 5 customers\n|', '#', 'top 5 customers', false],
    ['// sql: top 5\n// customers\nconst q = |', '//', 'top 5 customers', false],
    ['// top 5 customers\n|', '//', undefined],
    ['// sql: top 5 customers\nconst a = 1;\n|', '//', undefined],
    ['// sql:\n|', '//', undefined],
    ['// sql: one more\n// sql: top 5 customers\n|', '//', 'top 5 customers', false],
  ];
  for (const [marked, marker, question, bound] of code) {
    it(JSON.stringify(marked), () => {
      const found = above(marked, marker);
      expect(found?.question).toBe(question);
      if (bound !== undefined) expect(found?.bound).toBe(bound);
    });
  }

  it('gives up on endless text', () => {
    expect(above(`-- names of all\n${'SELECT 1 +\n'.repeat(100)}|`)).toBeUndefined();
  });
});

describe('question around the cursor', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['-- names| of all\nSELECT 1;', 'names of all'],
    ['-- names of all\nSELECT 1|;', 'names of all'],
    ['-- names of all\nSELECT\n  1|\n;', 'names of all'],
    ['-- names of all\n-- in| order\nSELECT 1', 'names of all in order'],
    ['-- names of all\nSELECT 1;\nSELECT 2|;', undefined],
    ['-- names of all\n\nSELECT 1|', undefined],
    ['SELECT 1|', undefined],
  ];
  for (const [marked, question] of cases) {
    it(JSON.stringify(marked), () => {
      const { source, line } = place(marked);
      expect(questionAround(source, line, '--')?.question).toBe(question);
    });
  }
});

describe('the database named in a file', () => {
  const cases: readonly (readonly [string, CommentMarker, string | undefined])[] = [
    ['-- @db a.db\n|', '--', 'a.db'],
    ['-- @db a.db\n-- @db b.db\n|', '--', 'b.db'],
    ['-- @db a.db\n|\n-- @db b.db', '--', 'a.db'],
    ['|\n-- @db later.db', '--', 'later.db'],
    ['-- @db "with blank.db"  \n|', '--', 'with blank.db'],
    ['-- @db two words.db\n|', '--', 'two words.db'],
    ['// @db a.db\n|', '//', 'a.db'],
    ['# @db a.db\n|', '#', 'a.db'],
    ['-- see @db a.db\n|', '--', undefined],
    ['-- @dba.db\n|', '--', undefined],
  ];
  for (const [marked, marker, path] of cases) {
    it(JSON.stringify(marked), () => {
      const { source, line } = place(marked);
      expect(namedDatabase(source, line, marker)).toBe(path);
    });
  }
});
