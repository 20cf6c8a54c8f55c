/**
 * Looks for a text inside the values where none equals it: nobody types `1968 Ford Mustang` to ask for Fords. Used when a statement has found
 * nothing, for a single literal that the compared column does not hold; columns of a few values are left alone, for `inactive` holds `active`.
 */
import { type ValueMatch } from '../graph/types.js';
import { type Column, type DatabaseSchema, type Table } from '../schema/types.js';
import { applyEdits } from '../sql/applyEdits.js';
import { quoteIdentifier, quoteString, unquoteString } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { comparedLiteral, type Grounding, heldScore, ownerTables } from './groundValues.js';
import { type ColumnUse, readScopes } from './selectScopes.js';
import { nameWords } from './words.js';

export interface WideningInput {
  readonly schema: DatabaseSchema;
  readonly findValues: (mention: string) => readonly ValueMatch[];
  /** Whether a column holds a few texts only, all of them known. */
  readonly isChoice: (table: string, column: string) => boolean;
}

const leastLetters = 3;
/** Words of columns by which people call the rows of a table. */
const callingWords = ['name', 'title', 'label'];

interface Lost {
  readonly use: ColumnUse;
  readonly literal: Token;
  readonly table: Table;
}

/** Statements to try one after the other: the compared column first, then those by which rows are called; the text as written, then in the singular. */
export function widenValues(sql: string, input: WideningInput): Grounding[] {
  const tokens = significantTokens(sql);
  const [lost, another] = findLost(tokens, input);
  if (!lost || another) return [];
  const { use, literal, table } = lost;
  const mention = unquoteString(literal.text);
  const own = table.columns.filter((column) => sameName(column.name, use.name));
  const columns = [...own, ...table.columns.filter((column) => isCalling(column) && !own.includes(column))];
  const texts = mention.length > leastLetters && /[^s]s$/i.test(mention) ? [mention, mention.slice(0, -1)] : [mention];
  return columns
    .filter((column) => !input.isChoice(table.name, column.name))
    .flatMap((column) => texts.map((text) => widen(sql, tokens, lost, column, text)));
}

/** Literals that a column is set equal to and does not hold. */
function findLost(tokens: readonly Token[], { schema, findValues }: WideningInput): Lost[] {
  return readScopes(tokens).flatMap((scope) =>
    scope.columns.flatMap((use): Lost[] => {
      const literal = /^==?$/.test(tokens[use.end]?.text ?? '') ? comparedLiteral(tokens, use) : undefined;
      const mention = unquoteString(literal?.text ?? '');
      const [owner, other] = ownerTables(use, scope, schema);
      const table = other === undefined ? schema.tables.find(({ name }) => name === owner) : undefined;
      if (!literal || !table || mention.length < leastLetters || !/\p{L}/u.test(mention)) return [];
      const isHeld = findValues(mention).some(
        (match) => match.table === table.name && sameName(match.column, use.name) && match.score >= heldScore,
      );
      return isHeld ? [] : [{ use, literal, table }];
    }),
  );
}

function isCalling({ name }: Column): boolean {
  return nameWords(name).some((word) => callingWords.some((calling) => word.endsWith(calling)));
}

function widen(sql: string, tokens: readonly Token[], { use, literal, table }: Lost, column: Column, text: string): Grounding {
  const pattern = `%${text}%`;
  const name = tokens[use.end - 1];
  const operator = tokens[use.end];
  const edits = [
    ...(name && !sameName(use.name, column.name) ? [{ start: name.start, end: name.end, text: quoteIdentifier(column.name) }] : []),
    ...(operator ? [{ start: operator.start, end: operator.end, text: 'LIKE' }] : []),
    { start: literal.start, end: literal.end, text: quoteString(pattern) },
  ];
  const match = { table: table.name, column: column.name, value: pattern, score: 0 };
  return { sql: applyEdits(sql, edits), substitutions: [{ mention: unquoteString(literal.text), match, operator: 'LIKE' }] };
}
