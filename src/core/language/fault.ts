/** SQLite's complaint about a statement, understood: which kind it is and which names it speaks of. Unknown complaints are kept whole. */
export type FaultKind =
  | 'syntax'
  | 'incomplete'
  | 'unknownTable'
  | 'unknownColumn'
  | 'ambiguousColumn'
  | 'unknownFunction'
  | 'wrongArguments'
  | 'misuse'
  | 'unknownCollation'
  | 'unknownIndex'
  | 'unknownWindow'
  | 'valueCount'
  | 'compound'
  | 'clauseOrder'
  | 'joinColumn'
  | 'exists'
  | 'other'
  /** Ours: SQLite takes a name that nothing has for a text. */
  | 'doubleQuoted';

export interface Complaint {
  readonly kind: FaultKind;
  /** SQLite's own words; empty for our own kinds. */
  readonly message: string;
  /** What it names: the token, table, column or function, without what stands in front of its last dot. */
  readonly name?: string;
  /** What stood in front of the dot. */
  readonly qualifier?: string;
}

const patterns: readonly (readonly [FaultKind, RegExp])[] = [
  ['syntax', /^near "(?<name>[\s\S]*)": syntax error$/],
  ['syntax', /^unrecognized token: "(?<name>[\s\S]*)"$/],
  ['incomplete', /^incomplete input$/],
  ['unknownTable', /^no such (?:table|view): (?<path>.+)$/],
  ['unknownTable', /^no such table-valued function: (?<path>.+)$/],
  ['unknownColumn', /^table \S.* has no column named (?<name>.+)$/],
  ['unknownColumn', /^no such column: (?<path>.+)$/],
  ['unknownColumn', /^unknown column "(?<name>.+)" in foreign key/],
  ['ambiguousColumn', /^ambiguous column name: (?<path>.+)$/],
  ['unknownFunction', /^no such function: (?<name>.+)$/],
  ['wrongArguments', /^wrong number of arguments to function (?<name>\w+)\(\)/],
  ['wrongArguments', /^(?<name>\w+)\(\) may not be used as a window function$/],
  ['misuse', /^misuse of (?:aggregate|window|aliased aggregate|aliased window)(?: function)?:? (?<name>\w+)/],
  ['unknownCollation', /^no such collation sequence: (?<name>.+)$/],
  ['unknownIndex', /^no such index: (?<name>.+)$/],
  ['unknownWindow', /^no such window: (?<name>.+)$/],
  ['valueCount', /^table (?<name>.+?) has \d+ (?:columns|values)|^\d+ values for \d+ columns|^all VALUES must have/],
  ['compound', /^SELECTs to the left and right of (?<name>[A-Z]+(?: ALL)?) do not have/],
  ['clauseOrder', /^(?<name>ORDER BY|LIMIT) clause should come after/],
  ['clauseOrder', /^\d+(?:st|nd|rd|th) (?<name>ORDER|GROUP) BY term/],
  ['clauseOrder', /^(?:a GROUP BY clause is required before|HAVING clause on a non-aggregate query) ?(?<name>HAVING)?/],
  ['joinColumn', /^cannot join using column (?<name>.+) - column not present/],
  ['exists', /(?:table|view|index|trigger) .* already exists$|^there is already an? (?:table|index|view) named/],
];

/** @param message without the result code in front. */
export function readComplaint(message: string): Complaint {
  for (const [kind, pattern] of patterns) {
    const found = pattern.exec(message);
    if (!found) continue;
    const { name, path } = found.groups ?? {};
    if (path === undefined) return { kind, message, ...(name === undefined ? {} : { name }) };
    const parts = path.split('.');
    const last = parts.at(-1) ?? path;
    const qualifier = parts.at(-2);
    return { kind, message, name: last, ...(qualifier === undefined ? {} : { qualifier }) };
  }
  return { kind: 'other', message };
}
