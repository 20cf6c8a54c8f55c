/**
 * Pragmas that only tell something, as the SELECT that tells the same (https://www.sqlite.org/pragma.html#pragfunc): so they can be run,
 * paged and sorted like any other result. Pragmas that set or change something are left to the guard.
 */
import { quoteIdentifier, quoteString, unquoteIdentifier, unquoteString } from './quote.js';
import { significantTokens, type Token } from './tokenize.js';

/** Take an argument that only says what to look at. */
const aboutThings: ReadonlySet<string> = new Set(
  'table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check integrity_check quick_check'.split(
    ' ',
  ),
);
/** Tell a setting when they are written without an argument. */
const settings: ReadonlySet<string> = new Set(
  `application_id auto_vacuum cache_size collation_list compile_options data_version database_list encoding foreign_keys freelist_count
  function_list journal_mode journal_size_limit locking_mode max_page_count module_list page_count page_size pragma_list
  query_only recursive_triggers schema_version synchronous user_version`.split(/\s+/),
);

/** Undefined for everything that is no such pragma. */
export function readingPragma(sql: string): string | undefined {
  const tokens = significantTokens(sql).filter(({ text }) => text !== ';');
  if (tokens[0]?.text.toUpperCase() !== 'PRAGMA') return undefined;
  const rest = tokens[2]?.text === '.' && tokens[1]?.text.toLowerCase() === 'main' ? tokens.slice(3) : tokens.slice(1);
  const [name, open, argument, close] = rest;
  const word = name?.text.toLowerCase() ?? '';
  if (rest.length === 1 && (aboutThings.has(word) || settings.has(word))) return `SELECT * FROM pragma_${word}`;
  const isCall = rest.length === 4 && open?.text === '(' && close?.text === ')';
  const isAssignment = rest.length === 3 && open?.text === '=';
  if (!argument || !aboutThings.has(word) || !(isCall || isAssignment)) return undefined;
  return `SELECT * FROM ${quoteIdentifier(`pragma_${word}`)}(${argumentText(argument)})`;
}

function argumentText({ kind, text }: Token): string {
  if (kind === 'number') return text;
  return quoteString(kind === 'string' ? unquoteString(text) : unquoteIdentifier(text));
}
