/** Which answers are remembered, which statements count as taken, and what the page of answers may ask. */
import { describe, expect, it } from 'vitest';
import { type AskAnswer } from '../../../src/engine/ask/types.js';
import { answersRequestOf } from '../../../src/protocol/answersPage.js';
import { RecentAnswers } from '../../../src/host/services/recentAnswers.js';

const answer = (sql: string, others: readonly string[] = []): AskAnswer => ({ sql, alternatives: others.map((other) => ({ sql: other })) }) as unknown as AskAnswer; // prettier-ignore

describe('recent answers', () => {
  const recent = new RecentAnswers();
  recent.add({ question: 'a', database: 'x.db', answer: answer('SELECT 1', ['SELECT 2']) });
  recent.add({ question: 'b', database: 'x.db', answer: answer('SELECT 3') });
  recent.add({ question: 'a', database: 'y.db', answer: answer('SELECT 4') });
  const cases: readonly (readonly [Parameters<RecentAnswers['find']>[0], string | undefined])[] = [
    [{}, 'SELECT 4'],
    [{ question: 'a' }, 'SELECT 4'],
    [{ question: 'a', database: 'x.db' }, 'SELECT 1'],
    [{ sql: 'select\n3;' }, 'SELECT 3'],
    [{ sql: 'SELECT 2' }, 'SELECT 1'],
    [{ sql: 'SELECT 2', question: 'b' }, undefined],
    [{ question: 'c' }, undefined],
  ];
  for (const [clues, sql] of cases) it(JSON.stringify(clues), () => expect(recent.find(clues)?.answer.sql).toBe(sql));

  it('hold the newest answer to a question, and twenty at most', () => {
    const many = new RecentAnswers();
    for (let at = 0; at < 30; at++) many.add({ question: `q${at}`, database: 'x.db', answer: answer(`SELECT ${at}`) });
    many.add({ question: 'q29', database: 'x.db', answer: answer('SELECT 0') });
    expect(many.find({ question: 'q29' })?.answer.sql).toBe('SELECT 0');
    expect(many.find({ question: 'q5' })).toBeUndefined();
  });
});

describe('requests of the page of answers', () => {
  const cases: readonly (readonly [unknown, unknown])[] = [
    [{ kind: 'ready', more: 1 }, { kind: 'ready' }],
    [
      { kind: 'insert', answer: 0 },
      { kind: 'insert', answer: 0 },
    ],
    [
      { kind: 'run', answer: 3 },
      { kind: 'run', answer: 3 },
    ],
    [{ kind: 'run', answer: -1 }, undefined],
    [{ kind: 'run', answer: 0.5 }, undefined],
    [{ kind: 'run', answer: '0' }, undefined],
    [{ kind: 'delete', answer: 0 }, undefined],
    [null, undefined],
    ['insert', undefined],
  ];
  for (const [given, expected] of cases) it(JSON.stringify(given), () => expect(answersRequestOf(given)).toEqual(expected));
});
