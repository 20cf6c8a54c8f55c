/**
 * Rules for values and conditions. A rule's name ends in what it may hold (its flavour) and how deep it is nested:
 * subqueries and parentheses are unrolled to fixed depths, so that every state stays small.
 */
import { type BareColumn } from './grammarSources.js';
import { gbnfLiteral, type GrammarRules } from './grammarText.js';
import { type NumberRules, type StringRules } from './grammarLiterals.js';

/** Where a value stands: WHERE, result columns, HAVING and ORDER BY of groups, GROUP BY, ORDER BY without groups. */
export type Flavour = 'where' | 'item' | 'grouped' | 'group' | 'order';

/** Strings that may stand beside one column only. */
export interface ColumnStrings {
  readonly id: number;
  /** GBNF for the column, marks included. */
  readonly column: string;
  readonly strings: StringRules;
}

export interface ExpressionContext {
  readonly rules: GrammarRules;
  readonly bare: ReadonlyMap<string, BareColumn>;
  readonly strings: StringRules;
  readonly columnStrings: readonly ColumnStrings[];
  readonly numbers: NumberRules;
}

export const deepestSubquery = 2;
const deepestParenthesis = 2;

const aliasMarks: Readonly<Record<Flavour, string>> = {
  where: '',
  item: '',
  grouped: 'alias-use',
  group: 'alias-use-plain',
  order: 'alias-use',
};
const aggregating: ReadonlySet<Flavour> = new Set<Flavour>(['item', 'grouped']);
const dateFormats = ['%Y', '%m', '%d', '%H', '%M', '%w', '%W', '%j', '%Y-%m', '%Y-%W', '%Y-%m-%d', '%H:%M'];
const dateModifiers = ['start of month', 'start of year', 'start of day', 'weekday 0', 'weekday 1'];
const separators = [' ', ', ', '-', ' - ', '/'];

/** Inside parentheses and calls, names of result columns are only known where HAVING needs them: fewer rules, smaller states. */
function inside(flavour: Flavour): Flavour {
  return flavour === 'group' || flavour === 'order' ? 'where' : flavour;
}

function at(name: string, flavour: Flavour, depth: number, nesting: number): string {
  return `${name}-${flavour}-${String(depth)}-${String(nesting)}`;
}

/** Name of a value that is never a bare number, so that it may stand in GROUP BY and ORDER BY. */
export function termlike(flavour: Flavour, depth: number): string {
  return at('expression', flavour, depth, 0);
}

export function value(flavour: Flavour, depth: number): string {
  return at('value', flavour, depth, 0);
}

export function condition(flavour: Flavour, depth: number): string {
  return at('condition', flavour, depth, 0);
}

/** Defines values and conditions of every flavour for SELECTs at `depth`. Subqueries are `scalar-<depth + 1>` and `exists-<depth + 1>`. */
export function expressionRules(context: ExpressionContext, depth: number): void {
  for (const flavour of ['where', 'item', 'grouped', 'group', 'order'] as const) {
    for (let nesting = 0; nesting <= (inside(flavour) === flavour ? deepestParenthesis : 0); nesting++) {
      valueRules(context, flavour, depth, nesting);
      if (inside(flavour) === flavour) conditionRules(context, flavour, depth, nesting);
    }
  }
  aggregateRules(context, depth);
}

function valueRules(context: ExpressionContext, flavour: Flavour, depth: number, nesting: number): void {
  const { rules } = context;
  const term = at('term', flavour, depth, nesting);
  const operand = at('operand', flavour, depth, nesting);
  const joining = rules.rule('joining', gbnfList(separators), context.strings.text);
  // What is counted with is no value of a row: `1 - discount` and `* 100` are free where a comparison has the question's numbers alone.
  const factor = rules.rule(at('factor', flavour, depth, nesting), context.numbers.other, term);
  const more = rules.rule(at('more', flavour, depth, nesting), `" " [-+*/] " " ${factor}`, `" || " (${term} | ${joining})`);
  rules.rule(operand, numberOf(context, flavour), term);
  rules.rule(at('expression', flavour, depth, nesting), `${term} ${more}{0,4}`);
  rules.rule(at('value', flavour, depth, nesting), `${operand} ${more}{0,4}`);
  const alias = aliasMarks[flavour];
  rules.rule(
    term,
    'column',
    aggregating.has(flavour) ? `aggregate-${String(depth)}` : '',
    alias,
    nesting < deepestParenthesis ? at('function', flavour, depth, nesting) : '',
    parenthesised(context, flavour, depth, nesting),
  );
  if (nesting < deepestParenthesis) functionRules(context, flavour, depth, nesting);
}

/** Name of the number rule of a place, '' where no number may stand. */
function numberOf({ numbers }: ExpressionContext, flavour: Flavour): string {
  return flavour === 'where' ? numbers.rows : numbers.other;
}

/** Parentheses never hold a bare number: SQLite would still read it as the position of a result column. */
function parenthesised(context: ExpressionContext, flavour: Flavour, depth: number, nesting: number): string {
  const number = context.numbers.other;
  const inner = [
    nesting < deepestParenthesis ? at('expression', inside(flavour), depth, nesting + 1) : '',
    nesting < deepestParenthesis && number !== '' ? `${number} ${at('more', inside(flavour), depth, nesting + 1)}{1,3}` : '',
    depth < deepestSubquery ? `scalar-${String(depth + 1)}` : '',
  ].filter((text) => text !== '');
  return inner.length === 0 ? '' : `"(" (${inner.join(' | ')}) ")"`;
}

function functionRules({ rules, strings, numbers }: ExpressionContext, flavour: Flavour, depth: number, nesting: number): void {
  const inner = at('value', inside(flavour), depth, nesting + 1);
  const text = choice([inner, strings.text]);
  const step = `[-+] [1-9] [0-9]{0,2} " " ("day" | "month" | "year" | "hour") "s"?`;
  const modifier = `(", " ${rules.rule('date-modifier', gbnfList(dateModifiers), `"'" ${step} "'"`)}){0,2}`;
  const date = `(${inner} | "'now'"${strings.text === '' ? '' : ` | ${strings.text}`})`;
  rules.rule(
    at('function', flavour, depth, nesting),
    `("UPPER(" | "LOWER(" | "LENGTH(" | "ABS(") ${inner} ")"`,
    `"ROUND(" ${inner} (", " [0-9])? ")"`,
    `"CAST(" ${inner} " AS " ("INTEGER" | "REAL" | "FLOAT" | "TEXT") ")"`,
    `("SUBSTR(" | "substr(") ${inner} ", " "-"? [0-9]{1,2} (", " [0-9]{1,2})? ")"`,
    // Models write these names in small letters: offered in capitals alone, they would be passed over for something wrong.
    `("STRFTIME(" | "strftime(") (${gbnfList(dateFormats)}) ", " ${date} ${modifier} ")"`,
    `("DATE(" | "date(" | "DATETIME(" | "datetime(" | "JULIANDAY(" | "julianday(") ${date} ${modifier} ")"`,
    `"IIF(" ${at('condition', inside(flavour), depth, nesting + 1)} ", " ${text} ", " (${text} | "NULL") ")"`,
    `("IFNULL(" | "COALESCE(" | "NULLIF(") ${inner} ", " ${text} ")"`,
    caseText(inside(flavour), depth, nesting, choice([inner, strings.text, numbers.other])),
  );
}

function caseText(flavour: Flavour, depth: number, nesting: number, result: string): string {
  const branch = `" WHEN " ${at('condition', flavour, depth, nesting + 1)} " THEN " ${result}`;
  return `"CASE" (${branch}){1,4} (" ELSE " (${result} | "NULL"))? " END"`;
}

function choice(rules: readonly string[]): string {
  return `(${rules.filter((rule) => rule !== '').join(' | ')})`;
}

function gbnfList(texts: readonly string[]): string {
  return texts.map((text) => gbnfLiteral(`'${text}'`)).join(' | ');
}

function aggregateRules({ rules, numbers }: ExpressionContext, depth: number): void {
  const inner = at('expression', 'where', depth, 1);
  const mark = rules.mark('aggregate');
  rules.rule(
    `aggregate-${String(depth)}`,
    `count-rows ${mark}`,
    `aggregate-call "DISTINCT "? ${inner} ")" ${mark}`,
    numbers.other === '' ? '' : `("COUNT(" | "SUM(") ${numbers.other} ")" ${mark}`,
    `"GROUP_CONCAT(" "DISTINCT "? ${inner} ")" ${mark}`,
  );
}

function conditionRules(context: ExpressionContext, flavour: Flavour, depth: number, nesting: number): void {
  const { rules, columnStrings } = context;
  const predicate = at('predicate', flavour, depth, nesting);
  const exists = depth < deepestSubquery ? `"NOT "? "EXISTS (" exists-${String(depth + 1)} ")"` : '';
  const deeper = nesting < deepestParenthesis ? `"NOT "? "(" ${at('condition', flavour, depth, nesting + 1)} ")"` : '';
  rules.rule(at('condition', flavour, depth, nesting), `${predicate} ((" AND " | " OR ") ${predicate}){0,7}`);
  rules.rule(
    predicate,
    `${at('value', flavour, depth, nesting)} ${tail(context, flavour, depth, nesting, context.strings, '')}`,
    exists,
    deeper,
    ...columnStrings.map((own) => `${own.column} ${tail(context, flavour, depth, nesting, own.strings, `-${String(own.id)}`)}`),
  );
}

/** What follows the left side of a predicate. */
function tail(context: ExpressionContext, flavour: Flavour, depth: number, nesting: number, strings: StringRules, suffix: string): string {
  const { rules } = context;
  const side = rules.rule(
    `${at('side', flavour, depth, nesting)}${suffix}`,
    at('value', flavour, depth, nesting),
    strings.text,
    '"TRUE"',
    '"FALSE"',
  );
  const entries = [numberOf(context, flavour), strings.text].filter((text) => text !== '');
  const entry = entries.length === 0 ? '"NULL"' : `(${entries.join(' | ')})`;
  const subquery = depth < deepestSubquery ? ` | scalar-${String(depth + 1)}` : '';
  return rules.rule(
    `${at('tail', flavour, depth, nesting)}${suffix}`,
    `(" = " | " != " | " <> " | " < " | " <= " | " > " | " >= ") ${side}`,
    `" NOT"? " IN (" (${entry} (", " ${entry}){0,30}${subquery}) ")"`,
    `" NOT"? " BETWEEN " ${side} " AND " ${side}`,
    strings.pattern === '' ? '' : `" NOT"? " LIKE " ${strings.pattern}`,
    '" IS NULL"',
    '" IS NOT NULL"',
  );
}
