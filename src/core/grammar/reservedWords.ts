/**
 * Keywords that SQLite does not take as a bare name (tried on each: as a table, a column, in every clause), in lower case.
 * Such names are written in double quotes and never offered as aliases. The other keywords of
 * https://www.sqlite.org/lang_keywords.html work bare, and models write them bare.
 */
const words =
  'add all alter and as autoincrement between case cast check collate commit constraint create current_date current_time ' +
  'current_timestamp default deferrable delete distinct drop else escape except exists false foreign from group having in index ' +
  'insert intersect into is isnull join limit not nothing notnull null on or order primary raise references returning select set ' +
  'table then to transaction true union unique update using values when where with';

export const reservedWords: ReadonlySet<string> = new Set(words.split(' '));
