/** The parts of the host that decide without VS Code: databases, cache, history, shown items, lines of the list. */
import { describe, expect, it } from 'vitest';
import { type AskOutcome } from '../../../src/engine/ask/types.js';
import { type VerifiedSql } from '../../../src/engine/ask/types.js';
import { answerLine } from '../../../src/host/features/askQuestion/answerItems.js';
import { QuestionHistory } from '../../../src/host/features/askQuestion/questionHistory.js';
import { acceptedArgument } from '../../../src/host/features/inlineSql/acceptedArgument.js';
import { stillFitting } from '../../../src/host/features/inlineSql/shownItem.js';
import { AnswerCache, type CacheKey } from '../../../src/host/services/answerCache.js';
import { type DatabaseClues, resolveDatabase } from '../../../src/host/services/resolveDatabase.js';

describe('which database', () => {
  const clues: DatabaseClues = { folder: '/w/a/b', workspaceFolder: '/w', choices: new Map(), setting: '', found: ['/w/x.db', '/w/y.db'] };
  const cases: readonly (readonly [string, Partial<DatabaseClues>, string])[] = [
    ['named beside the file', { named: 'z.db' }, 'comment /w/a/b/z.db'],
    ['named below the workspace', { named: 'x.db' }, 'comment /w/x.db'],
    ['named absolutely', { named: '/other/z.db' }, 'comment /other/z.db'],
    ['named goes before a choice', { named: '../../y.db', choices: new Map([['/w', '/w/x.db']]) }, 'comment /w/y.db'],
    ['the nearest choice', { choices: new Map([['/w', '/w/x.db'], ['/w/a', '/w/y.db']]) }, 'choice /w/y.db'], // prettier-ignore
    ['a choice of another folder', { choices: new Map([['/w/c', '/w/x.db']]) }, 'several 2'],
    ['the setting', { setting: 'y.db' }, 'setting /w/y.db'],
    ['a choice goes before the setting', { setting: 'y.db', choices: new Map([['/w', '/w/x.db']]) }, 'choice /w/x.db'],
    ['the only one', { found: ['/w/x.db'] }, 'only /w/x.db'],
    ['none', { found: [] }, 'none'],
    ['several', {}, 'several 2'],
  ];
  for (const [name, more, wanted] of cases) {
    it(name, () => {
      const found = resolveDatabase({ ...clues, ...more });
      const text =
        found.kind === 'one' ? `${found.from} ${found.path}` : found.kind === 'several' ? `several ${found.paths.length}` : 'none';
      expect(text).toBe(wanted);
    });
  }
});

describe('answer cache', () => {
  const key: CacheKey = { database: 'a.db', stamp: '1', question: 'how many', candidates: 5 };
  const outcome = { kind: 'refusal', code: 'ask.empty', details: {} } as unknown as AskOutcome;
  const cases: readonly (readonly [string, Partial<CacheKey>, boolean])[] = [
    ['the same', {}, true],
    ['other blanks', { question: ' how  many ' }, true],
    ['changed data', { stamp: '2' }, false],
    ['another database', { database: 'b.db' }, false],
    ['another question', { question: 'how much' }, false],
    ['a begun statement', { begun: 'SELECT' }, false],
    ['a follow-up', { previous: 'SELECT 1' }, false],
    ['more candidates', { candidates: 8 }, false],
  ];
  for (const [name, more, isKnown] of cases) {
    it(name, () => {
      const cache = new AnswerCache();
      cache.set(key, outcome);
      expect(cache.get({ ...key, ...more }) === outcome).toBe(isKnown);
    });
  }

  it('forgets the oldest that nobody used', () => {
    const cache = new AnswerCache();
    for (let at = 0; at < 50; at++) cache.set({ ...key, question: `question ${at}` }, outcome);
    cache.get({ ...key, question: 'question 0' });
    cache.set({ ...key, question: 'one more' }, outcome);
    expect(cache.get({ ...key, question: 'question 0' })).toBe(outcome);
    expect(cache.get({ ...key, question: 'question 1' })).toBeUndefined();
    cache.clear();
    expect(cache.get({ ...key, question: 'one more' })).toBeUndefined();
  });
});

describe('a suggestion while the user types into it', () => {
  const pair = { question: 'q', sql: 's', database: 'd' };
  const offers = ['SELECT a;', 'SELECT b;'].map((text) => ({ text, pair }));
  const shown = { document: 'x', line: 3, column: 2, offers, above: '-- q' };
  const at = { document: 'x', line: 3, before: '  SEL', above: '-- q' };
  const cases: readonly (readonly [string, Partial<typeof at>, readonly string[]])[] = [
    ['a beginning of both', {}, ['SELECT a;', 'SELECT b;']],
    ['a beginning of the second', { before: '  SELECT b' }, ['SELECT b;']],
    ['all of it', { before: '  SELECT a;' }, []],
    ['something else', { before: '  sel' }, []],
    ['nothing yet', { before: '  ' }, []],
    ['another line', { line: 4 }, []],
    ['another document', { document: 'y' }, []],
    ['a changed question', { above: '-- r' }, []],
  ];
  for (const [name, more, texts] of cases)
    it(name, () => expect(stillFitting(shown, { ...at, ...more }).map(({ text }) => text)).toEqual(texts));
  it('nothing shown', () => expect(stillFitting(undefined, at)).toEqual([]));
});

describe('lines of the list of answers', () => {
  const line = (columns: readonly string[], rows: VerifiedSql['result']['rows']) =>
    answerLine({ sql: 'SELECT\n  a', result: { columns, rows, truncated: false, elapsedMs: 1 } } as unknown as VerifiedSql);
  it('first rows', () => expect(line(['a', 'b'], [['x', 1], ['y', null]])).toEqual({ label: 'SELECT a', detail: 'x · 1  |  y · NULL' })); // prettier-ignore
  it('more rows than are shown', () => expect(line(['a'], [['1'], ['2'], ['3'], ['4']]).detail).toBe('1  |  2  |  3  |  …'));
  it('no rows', () => expect(line(['a', 'b'], []).detail).toBe('a · b'));
  it('blobs and large integers', () => expect(line(['a'], [[new Uint8Array(3), 9007199254740993n]]).detail).toBe('3 B · 9007199254740993'));
  it('long values', () => expect(line(['a'], [['x'.repeat(100)]]).detail).toHaveLength(40));
});

describe('question history', () => {
  it('is newest first, each once, and bounded', async () => {
    const values = new Map<string, unknown>();
    const memory = { get: (key: string, otherwise: unknown) => values.get(key) ?? otherwise, update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)) }; // prettier-ignore
    const history = new QuestionHistory(memory as unknown as ConstructorParameters<typeof QuestionHistory>[0]);
    for (const question of ['a', 'b', ' a ', '']) await history.add(question);
    expect(history.list()).toEqual(['a', 'b']);
    for (let at = 0; at < 40; at++) await history.add(`q${at}`);
    expect(history.list()).toHaveLength(30);
  });
});

describe('the argument of the accepted command', () => {
  const pair = { question: 'q', sql: 's', database: 'd' };
  it('a pair', () => expect(acceptedArgument({ ...pair, more: 1 })).toEqual({ ...pair, kind: 'accepted' }));
  it('another than the first', () =>
    expect(acceptedArgument({ ...pair, answered: 'x' })).toEqual({ ...pair, kind: 'corrected', answered: 'x' }));
  for (const wrong of [undefined, null, 'q', {}, { ...pair, sql: 1 }])
    it(JSON.stringify(wrong) ?? 'undefined', () => expect(acceptedArgument(wrong)).toBeUndefined());
});
