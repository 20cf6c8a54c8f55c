/** SQLite's built-in functions with their parameters, as its documentation writes them. What they do is explained there, not here. */
export type FunctionPage = 'corefunc' | 'aggfunc' | 'datefunc' | 'mathfunc' | 'windowfunctions' | 'json1' | 'fts5';

export interface SqlFunction {
  readonly name: string;
  /** Parameters as written in the documentation; an optional one ends with `?`, the last may be `…`. */
  readonly parameters: readonly string[];
  readonly page: FunctionPage;
}

/** Lists as text: `name(parameters)` separated by spaces. */
const pages: Readonly<Record<FunctionPage, string>> = {
  corefunc: `abs(X) changes() char(X1,…) coalesce(X,Y,…) format(FORMAT,…) glob(PATTERN,X) hex(X) ifnull(X,Y) iif(X,Y,Z) instr(X,Y)
    last_insert_rowid() length(X) like(PATTERN,X,ESCAPE?) likelihood(X,P) likely(X) lower(X) ltrim(X,CHARACTERS?) max(X,Y,…) min(X,Y,…)
    nullif(X,Y) printf(FORMAT,…) quote(X) random() randomblob(N) replace(X,FROM,TO) round(X,DIGITS?) rtrim(X,CHARACTERS?) sign(X)
    sqlite_version() substr(X,START,LENGTH?) substring(X,START,LENGTH?) total_changes() trim(X,CHARACTERS?) typeof(X) unicode(X) unlikely(X)
    upper(X) zeroblob(N)`,
  aggfunc: `avg(X) count(X) group_concat(X,SEPARATOR?) max(X) min(X) sum(X) total(X)`,
  datefunc: `date(TIME?,MODIFIER?,…) datetime(TIME?,MODIFIER?,…) julianday(TIME?,MODIFIER?,…) strftime(FORMAT,TIME?,MODIFIER?,…)
    time(TIME?,MODIFIER?,…) unixepoch(TIME?,MODIFIER?,…)`,
  mathfunc: `acos(X) acosh(X) asin(X) asinh(X) atan(X) atan2(Y,X) atanh(X) ceil(X) ceiling(X) cos(X) cosh(X) degrees(X) exp(X) floor(X) ln(X)
    log(BASE?,X) log10(X) log2(X) mod(X,Y) pi() pow(X,Y) power(X,Y) radians(X) sin(X) sinh(X) sqrt(X) tan(X) tanh(X) trunc(X)`,
  windowfunctions: `cume_dist() dense_rank() first_value(X) lag(X,OFFSET?,DEFAULT?) last_value(X) lead(X,OFFSET?,DEFAULT?) nth_value(X,N)
    ntile(N) percent_rank() rank() row_number()`,
  json1: `json(X) json_array(X,…) json_array_length(X,PATH?) json_extract(X,PATH,…) json_group_array(X) json_group_object(NAME,VALUE)
    json_insert(X,PATH,VALUE,…) json_object(LABEL,VALUE,…) json_patch(T,P) json_quote(X) json_remove(X,PATH,…) json_replace(X,PATH,VALUE,…)
    json_set(X,PATH,VALUE,…) json_type(X,PATH?) json_valid(X)`,
  fts5: `bm25(TABLE,WEIGHT?,…) highlight(TABLE,COLUMN,BEFORE,AFTER) snippet(TABLE,COLUMN,BEFORE,AFTER,ELLIPSIS,TOKENS)`,
};

export const sqlFunctions: readonly SqlFunction[] = Object.entries(pages).flatMap(([page, text]) =>
  [...text.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', parameters = '']) => ({
    name,
    parameters: parameters === '' ? [] : parameters.split(','),
    page: page as FunctionPage,
  })),
);

/** Names of functions that sum rows up; some are plain functions too when they have several arguments. */
export const aggregates: ReadonlySet<string> = new Set(
  sqlFunctions.flatMap(({ name, page }) => (page === 'aggfunc' || name.startsWith('json_group_') ? [name] : [])),
);

/** Every form of a function; `max` has two. */
export function functionForms(name: string): readonly SqlFunction[] {
  return sqlFunctions.filter((entry) => entry.name === name.toLowerCase());
}

/** `round(X [, DIGITS])` in the manner of the documentation. */
export function signatureText({ name, parameters }: SqlFunction): string {
  return `${name}(${parameters.join(', ')})`;
}

/** Functions that stand in FROM. */
export const tableFunctions: readonly string[] = [
  'json_each',
  'json_tree',
  'pragma_table_info',
  'pragma_foreign_key_list',
  'pragma_index_list',
];
