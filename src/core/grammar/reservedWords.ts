/**
 * Keywords that are written in double quotes when they are names, and never offered as aliases; in lower case. The first
 * group SQLite refuses bare (tried on each: as a table, a column, in every clause). The second it would take, but a
 * reader of tokens could not tell the name from the keyword.
 */
const refused =
  'add all alter and as autoincrement between case cast check collate commit constraint create current_date current_time ' +
  'current_timestamp default deferrable delete distinct drop else escape except exists false foreign from group having in index ' +
  'insert intersect into is isnull join limit not nothing notnull null on or order primary raise references returning select set ' +
  'table then to transaction true union unique update using values when where with';
const confusing =
  'analyze asc attach begin by cross desc detach end explain full glob indexed inner left like match materialized natural nulls offset ' +
  'outer over partition pragma recursive regexp reindex release rename replace right rollback row rows savepoint trigger vacuum view ' +
  'virtual window without';

export const reservedWords: ReadonlySet<string> = new Set(`${refused} ${confusing}`.split(' '));
