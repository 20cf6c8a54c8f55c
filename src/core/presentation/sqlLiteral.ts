/**
 * SQL as source text of a programming language: the kind of string that needs the fewest escapes there, a declaration where a
 * bare literal would be no statement, and bound parameters. Knows no editor; the text goes where the caller's cursor is.
 */
import { tokenize } from '../sql/tokenize.js';
import { bindParameters, type ParameterValue } from './bindParameters.js';

export type CodeLanguage = 'typescript' | 'javascript' | 'python' | 'go' | 'java' | 'csharp' | 'rust';

interface LanguageRules {
  /** Puts text between delimiters; `body` has its own line breaks already. */
  readonly literal: (body: string) => string;
  readonly declare: (literal: string) => string;
  readonly list: (values: string) => string;
  readonly declareList: (list: string) => string;
  /** Quote of a short string in this language. */
  readonly quote: '"' | "'";
  /** The literal has to begin with a line break. */
  readonly startsOnNewLine: boolean;
  readonly end: string;
}

const backtick = '`';
const escapeBackslash = (text: string): string => text.replaceAll('\\', '\\\\');
const tuple = (values: string): string => (values.includes(',') ? `(${values})` : `(${values},)`);

const script: LanguageRules = {
  literal: (body) => `${backtick}${escapeBackslash(body).replaceAll(backtick, `\\${backtick}`).replaceAll('${', '\\${')}${backtick}`,
  declare: (literal) => `const sql = ${literal};`,
  list: (values) => `[${values}]`,
  declareList: (list) => `const params = ${list};`,
  quote: "'",
  startsOnNewLine: false,
  end: ';',
};

const rules: Readonly<Record<CodeLanguage, LanguageRules>> = {
  typescript: script,
  javascript: script,
  python: {
    literal: (body) => `"""${escapeTripleQuotes(body)}"""`,
    declare: (literal) => `sql = ${literal}`,
    list: tuple,
    declareList: (list) => `params = ${list}`,
    quote: '"',
    startsOnNewLine: false,
    end: '',
  },
  go: {
    // A raw string cannot hold a backtick: it is put together around one.
    literal: (body) => `${backtick}${body.replaceAll(backtick, `${backtick} + "${backtick}" + ${backtick}`)}${backtick}`,
    declare: (literal) => `sql := ${literal}`,
    list: (values) => `[]any{${values}}`,
    declareList: (list) => `params := ${list}`,
    quote: '"',
    startsOnNewLine: false,
    end: '',
  },
  java: {
    literal: (body) => `"""${escapeTripleQuotes(body)}"""`,
    declare: (literal) => `String sql = ${literal};`,
    list: (values) => `new Object[] {${values}}`,
    declareList: (list) => `Object[] params = ${list};`,
    quote: '"',
    startsOnNewLine: true,
    end: ';',
  },
  csharp: {
    literal: (body) => `@"${body.replaceAll('"', '""')}"`,
    declare: (literal) => `string sql = ${literal};`,
    list: (values) => `new object[] { ${values} }`,
    // `params` is a keyword of C#.
    declareList: (list) => `object[] parameters = ${list};`,
    quote: '"',
    startsOnNewLine: false,
    end: ';',
  },
  rust: {
    literal: rustLiteral,
    declare: (literal) => `let sql = ${literal};`,
    list: tuple,
    declareList: (list) => `let params = ${list};`,
    quote: '"',
    startsOnNewLine: false,
    end: ';',
  },
};

function escapeTripleQuotes(body: string): string {
  const escaped = escapeBackslash(body).replaceAll('"""', '\\"\\"\\"');
  return escaped.endsWith('"') ? `${escaped.slice(0, -1)}\\"` : escaped;
}

/** As many `#` as no quote inside is followed by. */
function rustLiteral(body: string): string {
  let fence = body.includes('"') ? '#' : '';
  while (fence !== '' && body.includes(`"${fence}`)) fence += '#';
  return `r${fence}"${body}"${fence}`;
}

const indentStep: Readonly<Record<CodeLanguage, string>> = {
  typescript: '  ',
  javascript: '  ',
  python: '    ',
  go: '\t',
  java: '    ',
  csharp: '    ',
  rust: '    ',
};

/** The statement as a string literal. `indent` is the white space at the beginning of the line that it goes into. */
export function sqlLiteral(sql: string, language: CodeLanguage, indent: string): string {
  const text = sql.trim().replace(/;\s*$/, '');
  const { literal, startsOnNewLine } = rules[language];
  if (!text.includes('\n') && !startsOnNewLine) return literal(text);
  const inner = indent + indentStep[language];
  return literal(`\n${indentLines(text, inner)}\n${indent}`);
}

/** Every line indented, unless a string of the statement runs over lines: then the lines are data. */
function indentLines(text: string, indent: string): string {
  const hasLongString = tokenize(text).some(({ kind, text: part }) => kind === 'string' && part.includes('\n'));
  return hasLongString ? text : text.replace(/^(?=.)/gm, indent);
}

/** What the code around the cursor expects there. */
export type CodePlace = 'statement' | 'expression' | 'arguments';

/** `lead` is the line in front of the cursor, `above` the nearest line of code above the comment. */
export function codePlace(lead: string, above: string): CodePlace {
  const text = lead.trim() === '' ? above.trimEnd() : lead.trimEnd();
  if (text.endsWith('(')) return 'arguments';
  if (lead.trim() !== '') return text.endsWith(',') ? 'arguments' : 'expression';
  return /(?:[[,=:?]|\breturn|\+|=>)$/.test(text) &&
    !/\b(?:case .*|default|else|try|finally)\s*:$|^\s*(?:def|class|if|elif|for|while|with)\b.*:$/.test(text)
    ? 'expression'
    : 'statement';
}

export interface CodeInsertion {
  readonly sql: string;
  readonly language: CodeLanguage;
  readonly place: CodePlace;
  /** White space at the beginning of the line. */
  readonly indent: string;
  /** Values compared with become parameters. */
  readonly bound: boolean;
}

/**
 * What to insert at the cursor: a declaration where a statement is expected, else the literal. Bound values follow as an argument
 * inside a call, else as a declaration on the next line.
 */
export function sqlInsertion({ sql, language, place, indent, bound }: CodeInsertion): string {
  const rule = rules[language];
  const statement = bound ? bindParameters(sql) : { sql, values: [] };
  const list = rule.list(statement.values.map((value) => valueText(value, rule.quote)).join(', '));
  const literal = sqlLiteral(statement.sql, language, indent);
  const hasValues = statement.values.length > 0;
  switch (place) {
    case 'arguments':
      return hasValues ? `${literal}, ${list}` : literal;
    case 'expression':
      return hasValues ? `${literal}${rule.end}\n${indent}${rule.declareList(list)}` : literal;
    case 'statement':
      return hasValues ? `${rule.declare(literal)}\n${indent}${rule.declareList(list)}` : rule.declare(literal);
  }
}

function valueText(value: ParameterValue, quote: '"' | "'"): string {
  if (value.kind === 'number') return value.text;
  const escaped = escapeBackslash(value.text).replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${quote}${escaped}${quote}`;
}
