/**
 * The difference of two dates in days. SQLite subtracts texts by their leading digits, so `delivered_on - shipped_on` counts years and
 * calls most spans 0; models write it all the same. Only columns whose stored values are ISO dates are touched.
 */
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { ownerTables } from './groundValues.js';
import { type ColumnUse, readScopes, type SelectScope } from './selectScopes.js';
import { type DatabaseKnowledge } from './types.js';

const isoDate = /^\d{4}-\d{2}-\d{2}(?:$|[ T])/;

export function completeDates(sql: string, knowledge: DatabaseKnowledge): string {
  if (!sql.includes('-')) return sql;
  const tokens = significantTokens(sql);
  const edits: TextEdit[] = [];
  for (const scope of readScopes(tokens)) {
    for (const left of scope.columns) {
      const right = subtracted(tokens, left, scope.columns);
      if (!right || ![left, right].every((use) => holdsDates(use, scope, knowledge))) continue;
      edits.push(...[left, right].flatMap((use) => wrap(tokens, use)));
    }
  }
  return applyEdits(sql, edits);
}

/** The column behind a minus sign, where nothing else is subtracted or multiplied on either side. */
function subtracted(tokens: readonly Token[], left: ColumnUse, uses: readonly ColumnUse[]): ColumnUse | undefined {
  const right = tokens[left.end]?.text === '-' ? uses.find((use) => use.start === left.end + 1) : undefined;
  const around = [tokens[left.start - 1]?.text ?? '', tokens[right?.end ?? -1]?.text ?? ''];
  return around.some((text) => /^[-*/%+]$/.test(text)) ? undefined : right;
}

function holdsDates(use: ColumnUse, scope: SelectScope, knowledge: DatabaseKnowledge): boolean {
  const owners = ownerTables(use, scope, knowledge.schema);
  const profiles = knowledge.profiles.filter(({ table, column }) => owners.includes(table) && sameName(column, use.name));
  return (
    profiles.length > 0 && profiles.every(({ examples }) => examples.length > 0 && examples.every((value) => isoDate.test(String(value))))
  );
}

function wrap(tokens: readonly Token[], use: ColumnUse): TextEdit[] {
  const start = tokens[use.start]?.start ?? 0;
  const end = tokens[use.end - 1]?.end ?? start;
  return [
    { start, end: start, text: 'julianday(' },
    { start: end, end, text: ')' },
  ];
}
