/** Which of two keys between the same tables a question means. */
import { describe, expect, it } from 'vitest';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { chooseParallelKeys } from '../../../../src/core/nl2sql/chooseParallelKeys.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

const key = { onUpdate: '', onDelete: '', deferred: false, parentExists: true };
const sides = ['affirmative', 'Negative'].map((column) => ({ ...key, columns: [column], parentTable: 'person', parentColumns: ['id'] }));
const places = ['from_airport', 'dest_airport'].map((column) => ({
  ...key,
  columns: [column],
  parentTable: 'airport',
  parentColumns: ['code'],
}));
const relations = declaredRelations(
  makeSchema([
    makeTable('person', ['id*', 'name']),
    makeTable('airport', ['code*', 'city']),
    { ...makeTable('debate', ['id*', 'affirmative:INTEGER', 'Negative:INTEGER', 'venue']), foreignKeys: sides },
    { ...makeTable('flight', ['id*', 'from_airport', 'dest_airport']), foreignKeys: places },
  ]),
);

function chosen(sql: string, question: string, fixed = 0): string {
  return chooseParallelKeys(sql, question, relations, fixed);
}

const affirmative = 'SELECT p.name FROM debate AS d JOIN person AS p ON d.affirmative = p.id GROUP BY d.affirmative HAVING COUNT(*) > 1';

describe('chooseParallelKeys', () => {
  it('takes the key that the question names, wherever the other one stood', () => {
    expect(chosen(affirmative, 'Who has been on the negative side more than once?')).toBe(
      affirmative.replaceAll('affirmative', 'Negative'),
    );
  });

  it('reads conditions written the other way round, and abbreviated names', () => {
    const sql = 'SELECT a.city FROM airport AS a JOIN flight AS f ON a.code = f.from_airport';
    expect(chosen(sql, 'the destination cities')).toBe(sql.replace('from_airport', 'dest_airport'));
  });

  it.each([
    ['the question names the key that was taken', 'Who was on the affirmative side?'],
    ['it names both', 'Who was on the affirmative or the negative side?'],
    ['it names none', 'Who took part in debates?'],
  ])('changes nothing where %s', (_, question) => {
    expect(chosen(affirmative, question)).toBe(affirmative);
  });

  it('changes nothing where the other key is used already, or the table is joined by both', () => {
    const shown = 'SELECT d.Negative FROM debate AS d JOIN person AS p ON d.affirmative = p.id';
    const both = 'SELECT a.name FROM debate AS d JOIN person AS a ON d.affirmative = a.id JOIN person AS n ON d.affirmative = n.id';
    expect(chosen(shown, 'the negative side')).toBe(shown);
    expect(chosen(both, 'the negative side')).toBe(both);
  });

  it('leaves what the user wrote', () => {
    expect(chosen(affirmative, 'the negative side', 60)).toBe(affirmative);
  });
});
