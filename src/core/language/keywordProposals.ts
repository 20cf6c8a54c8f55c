/** Words that can continue a statement, in the case in which the user writes them, and functions with their parameters. */
import { type Token } from '../sql/tokenize.js';
import { type Proposal } from './proposal.js';
import { signatureText, sqlFunctions } from './sqlFunctions.js';
import { type Clause, type Source } from './syntax.js';

export type KeywordCase = 'upper' | 'lower';

/** The case that most keywords of the statement have; upper case when there are none. */
export function keywordCase(tokens: readonly Token[]): KeywordCase {
  const words = tokens.filter(({ kind }) => kind === 'keyword');
  const lower = words.filter(({ text }) => text === text.toLowerCase()).length;
  return lower * 2 > words.length ? 'lower' : 'upper';
}

export function writeKeyword(words: string, wanted: KeywordCase): string {
  return wanted === 'lower' ? words.toLowerCase() : words;
}

const list = (text: string): readonly string[] => text.split('|');
const operators = list('AND|OR|IN|NOT IN|LIKE|NOT LIKE|BETWEEN|IS NULL|IS NOT NULL|GLOB|COLLATE|ESCAPE');
const tail = list('GROUP BY|HAVING|ORDER BY|LIMIT|UNION|UNION ALL|INTERSECT|EXCEPT');

/** In the order in which they are likely. */
const following: Readonly<Record<Clause, readonly string[]>> = {
  select: ['FROM', 'AS', 'OVER', 'FILTER', ...operators, 'WHEN', 'THEN', 'ELSE', 'END'],
  from: ['JOIN', 'OUTER JOIN'],
  on: ['AND', 'OR', 'WHERE', 'JOIN', 'LEFT JOIN', ...tail, ...operators.slice(2)],
  using: ['WHERE', 'JOIN', 'LEFT JOIN', ...tail],
  where: ['AND', 'OR', ...tail, ...operators.slice(2), 'RETURNING'],
  group: ['HAVING', 'ORDER BY', 'LIMIT', 'COLLATE', ...tail.slice(4)],
  having: ['AND', 'OR', 'ORDER BY', 'LIMIT', ...tail.slice(4), ...operators.slice(2)],
  window: ['PARTITION BY', 'ORDER BY', 'ROWS', 'RANGE', 'GROUPS'],
  order: ['DESC', 'ASC', 'LIMIT', 'NULLS FIRST', 'NULLS LAST', 'COLLATE'],
  limit: ['OFFSET'],
  set: ['WHERE', 'FROM', 'RETURNING', ...operators],
  into: [],
  values: ['ON CONFLICT', 'RETURNING', 'UNION ALL', 'ORDER BY', 'LIMIT'],
  conflict: ['DO NOTHING', 'DO UPDATE SET', 'WHERE'],
  returning: ['AS'],
};

const afterSource = list('JOIN|LEFT JOIN|WHERE|GROUP BY|ORDER BY|LIMIT|INNER JOIN|CROSS JOIN|FULL JOIN|RIGHT JOIN|NATURAL JOIN|HAVING|WINDOW|UNION|UNION ALL|INTERSECT|EXCEPT|AS'); // prettier-ignore
const statements = list('SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|CREATE VIEW|CREATE INDEX|CREATE TRIGGER|EXPLAIN QUERY PLAN|ALTER TABLE|DROP TABLE|DROP VIEW|DROP INDEX|VALUES|BEGIN|COMMIT|ROLLBACK|PRAGMA|ANALYZE|VACUUM|REPLACE INTO'); // prettier-ignore
const operands = list('CASE|CAST|NULL|NOT|EXISTS|CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME');
const pragmas = list('table_info|table_list|foreign_key_list|foreign_keys|foreign_key_check|index_list|index_info|integrity_check|quick_check|journal_mode|user_version|application_id|page_count|page_size|freelist_count|encoding|cache_size|synchronous|optimize|compile_options|function_list|database_list|data_version'); // prettier-ignore

function words(texts: readonly string[], wanted: KeywordCase, rank: number, goesOn: readonly string[] = []): Proposal[] {
  return texts.map((text, at) => {
    const label = writeKeyword(text, wanted);
    return {
      kind: 'keyword',
      label,
      insert: label,
      rank: rank + at / 100,
      ...(goesOn.includes(text) ? { insert: `${label} `, goesOn: true } : {}),
    };
  });
}

const opensNames = ['FROM', 'JOIN', 'LEFT JOIN', 'INNER JOIN', 'CROSS JOIN', 'FULL JOIN', 'RIGHT JOIN', 'OUTER JOIN', 'INSERT INTO', 'UPDATE', 'DELETE FROM', 'WHERE', 'ON', 'ORDER BY', 'GROUP BY']; // prettier-ignore

export function statementWords(wanted: KeywordCase): Proposal[] {
  return words(statements, wanted, 10, opensNames);
}

export function followingWords(clause: Clause, wanted: KeywordCase): Proposal[] {
  return words(following[clause], wanted, 50, opensNames);
}

/** Behind a table; a join without a condition wants one first. */
export function afterTableWords(last: Source | undefined, kind: string, wanted: KeywordCase): Proposal[] {
  if (kind === 'insert') return words(['VALUES', 'SELECT', 'DEFAULT VALUES'], wanted, 20);
  if (kind === 'update') return words(['SET', 'AS', 'FROM', 'WHERE'], wanted, 20);
  if (kind === 'delete') return words(['WHERE', 'RETURNING', 'AS'], wanted, 20);
  const isOpen = last !== undefined && last.join !== '' && last.join !== ',' && !last.hasCondition && !/NATURAL|CROSS/.test(last.join);
  return [...(isOpen ? words(['ON', 'USING'], wanted, 5, ['ON']) : []), ...words(afterSource, wanted, 50, opensNames)];
}

export function operandWords(clause: Clause, isFirst: boolean, wanted: KeywordCase): Proposal[] {
  const first = clause === 'select' && isFirst ? ['DISTINCT'] : [];
  return words([...first, ...operands, ...(clause === 'window' ? ['PARTITION BY', 'ORDER BY'] : [])], wanted, 600);
}

export function plainWords(kind: 'type' | 'collation' | 'pragma' | 'object', wanted: KeywordCase): Proposal[] {
  if (kind === 'pragma') return words(pragmas, 'upper', 10);
  if (kind === 'object') return words(list('TABLE|VIEW|INDEX|TRIGGER|UNIQUE INDEX|VIRTUAL TABLE|TEMP TABLE'), wanted, 10);
  return words(kind === 'type' ? list('INTEGER|REAL|TEXT|BLOB|NUMERIC') : list('NOCASE|BINARY|RTRIM'), 'upper', 10);
}

/** Functions; the cursor lands between the parentheses when there is something to write. Aggregates first where rows are summed up. */
export function functionProposals(clause: Clause): Proposal[] {
  const isSummed = clause === 'select' || clause === 'having' || clause === 'order' || clause === 'returning';
  const seen = new Set<string>();
  return sqlFunctions.flatMap((entry): Proposal[] => {
    if (seen.has(entry.name) || (entry.page === 'windowfunctions' && !isSummed)) return [];
    seen.add(entry.name);
    const window = entry.page === 'windowfunctions' ? ' OVER ($2)' : '';
    const inside = entry.parameters.length > 0 ? '($1)' : '()';
    return [
      {
        kind: 'function',
        label: entry.name,
        detail: signatureText(entry).slice(entry.name.length),
        insert: `${entry.name}${inside}${window}`,
        isSnippet: true,
        rank: isSummed && entry.page === 'aggfunc' ? 400 : 500,
      },
    ];
  });
}
