/** Which part of a large schema a prompt begins with, and what comes along behind it. */
import { describe, expect, it } from 'vitest';
import { chooseSchema } from '../../../../src/core/nl2sql/chooseSchema.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { type PrefixInput, type Prompt, renderPrefixes, renderPrompt } from '../../../../src/core/nl2sql/renderPrompt.js';
import { makeRelation, makeSchema, makeTable } from '../../../support/shopSchema.js';

/** Two parts that nothing joins: a hub with six spokes, then a hospital of three tables. */
const spokes = ['apples', 'bottles', 'candles', 'drums', 'eggs', 'forks'];
const schema = makeSchema([
  makeTable('stalls', ['stall_id*', 'colour']),
  ...spokes.map((name) => makeTable(name, [`${name}_id*`, 'stall_id:INTEGER', 'weight:REAL'])),
  makeTable('wards', ['ward_id*', 'floor:INTEGER']),
  makeTable('nurses', ['nurse_id*', 'ward_id:INTEGER', 'surname']),
  makeTable('shifts', ['shift_id*', 'nurse_id:INTEGER', 'begins']),
]);
const relations = [
  ...spokes.map((name) => makeRelation(name, 'stall_id', 'stalls', 'stall_id')),
  makeRelation('nurses', 'ward_id', 'wards', 'ward_id'),
  makeRelation('shifts', 'nurse_id', 'nurses', 'nurse_id'),
];
const input: PrefixInput = { knowledge: { schema, relations, profiles: [] }, template: 'chatml', showValues: false, schemaBudget: 330 };

function promptFor(question: string): Prompt {
  const linked = linkQuestion(question, buildNameIndex(schema), {});
  const choice = chooseSchema(input.knowledge, linked, { maxTables: 40 });
  return renderPrompt({ ...input, linked, choice, demonstrations: [], showJoins: true });
}

const textOf = ({ rest }: Prompt): string => rest.map(({ text }) => text).join('');

describe('a schema above the budget', () => {
  it('has prefixes that hold each table once, and every prompt begins with one of them', () => {
    const keys = renderPrefixes(input).map(({ prefixKey }) => prefixKey);
    expect(keys).toHaveLength(2);
    for (const question of ['How many stalls are there?', 'How many nurses are there?', 'What is it?'])
      expect(keys).toContain(promptFor(question).prefixKey);
  });

  it('begins with the part of the table that the question names, whatever comes first in the schema', () => {
    const prompt = promptFor('How many shifts are there?');
    expect(prompt.tables).toEqual(['wards', 'nurses', 'shifts']);
    expect(textOf(prompt)).not.toContain('CREATE TABLE');
  });

  it('brings along only tables that the question gives a reason for', () => {
    const prompt = promptFor('How many nurses are there, and how many eggs?');
    expect(prompt.tables.filter((table) => !renderedWith('nurses').includes(table))).toContain('eggs');
    expect(textOf(prompt)).not.toContain('bottles');
    expect(textOf(promptFor('What is it?'))).not.toContain('CREATE TABLE');
  });
});

function renderedWith(table: string): readonly string[] {
  return promptFor(`How many ${table} are there?`).tables;
}
