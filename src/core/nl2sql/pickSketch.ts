/**
 * S1: says whether a question needs only the short one-table grammar. It must be sure: linking names one table that does not refer to itself,
 * no word asks for groups, set operations or comparisons with other rows, and no year or month is taken out of a date.
 */
import { type Relation } from '../graph/types.js';
import { findUnmetWords } from './missingWords.js';
import { type LinkedQuestion, type SchemaChoice } from './types.js';

const beyondSketch =
  /\b(?:each|every|per|group(?:ed)?|both|neither|nor|either|but|not|no|never|without|except|other than|most common|most frequent|least common|average than|than the average|above average|below average|than any|than all|number of .* (?:for|by|in) (?:each|every)|also|have .* and .* have|respectively)\b/i;
const comparesWithRows =
  /\b(?:more|less|fewer|greater|higher|lower|larger|smaller|older|younger|longer|shorter|bigger) than (?!\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b)/i;

/** "How many cities have more than five customers?" counts what was grouped. */
const countsGroups = /\bhow many\b.*\bha(?:ve|s|d)\b.*\b(?:more|less|fewer|at least|at most|over|exactly)\b/i;

export function pickSketch(linked: LinkedQuestion, choice: SchemaChoice, relations: readonly Relation[]): string | undefined {
  if (choice.terminals.length !== 1 || choice.bridges.length > 0) return undefined;
  if (beyondSketch.test(linked.question) || comparesWithRows.test(linked.question) || countsGroups.test(linked.question)) return undefined;
  // A year or a month is a part of what a column holds.
  if (linked.links.some((link) => link.kind === 'time')) return undefined;
  // A word that met nothing may speak of another table: "spent" of orders.
  if (findUnmetWords(linked).length > 0) return undefined;
  const table = choice.terminals[0];
  // "Who has the most employees?" asks the same table twice.
  if (relations.some(({ child, parent }) => child === table && parent === table)) return undefined;
  // "Who has a cat?" meets the value of one table and asks for a row of another.
  if (!isNamed(linked, table)) return undefined;
  // A word that could belong to another table leaves the question open.
  const elsewhere = linked.links.some(
    (link) =>
      link.table !== undefined &&
      link.table !== table &&
      !linked.links.some((own) => own.table === table && own.start <= link.start && own.end >= link.end),
  );
  return elsewhere ? undefined : table;
}

/** The table itself is said, or one of its columns in a question that asks for no person. */
function isNamed(linked: LinkedQuestion, table: string | undefined): boolean {
  const own = linked.links.filter((link) => link.table === table);
  return (
    own.some((link) => link.kind === 'tableExact') ||
    (own.some((link) => link.kind === 'columnExact') && !/\bwho(?:m|se)?\b/i.test(linked.question))
  );
}
