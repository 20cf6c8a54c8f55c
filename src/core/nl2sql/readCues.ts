/**
 * Words of a question that call for a certain piece of SQL ("how many" for COUNT, "each" for GROUP BY), and how far a statement has
 * those pieces. A weak sign, used only to choose among candidates that all run.
 */

export type Cue = 'count' | 'average' | 'sum' | 'superlative' | 'group' | 'negation' | 'order' | 'both';

interface CueRule {
  readonly cue: Cue;
  readonly question: RegExp;
  readonly sql: RegExp;
}

const rules: readonly CueRule[] = [
  {
    cue: 'count',
    question: /\bhow many\b|\bnumber of\b|\bcount\b|\bat least (?:\d+|one|two|three|four|five)\b(?! (?:years|percent|dollars))/i,
    sql: /\bCOUNT\(|\bSUM\(|\bTOTAL|number|count|num_|quantity/i,
  },
  { cue: 'average', question: /\baverage\b|\bmean\b/i, sql: /\bAVG\(|avg|average/i },
  { cue: 'sum', question: /\btotal (?!number)\w+|\bsum of\b|\bcombined\b/i, sql: /\bSUM\(|\bTOTAL|total|COUNT\(/i },
  {
    cue: 'superlative',
    question:
      /\b(?:most|least|highest|lowest|largest|smallest|biggest|longest|shortest|oldest|youngest|newest|latest|earliest|cheapest|maximum|minimum|best|worst|fewest|greatest|top)\b/i,
    sql: /\bORDER BY\b.*\bLIMIT\b|\bMAX\(|\bMIN\(|max|min/i,
  },
  {
    cue: 'group',
    question: /\b(?:for each|each|every|per|grouped by|respective(?:ly)?)\b|\bhow many .* (?:does|did|do) each\b/i,
    sql: /\bGROUP BY\b/i,
  },
  {
    cue: 'negation',
    question: /\b(?:no|not|never|without|n't|except|excluding|neither|nor|other than)\b|n't\b/i,
    sql: /\bNOT\b|\bEXCEPT\b|!=|<>|IS NULL|= 0\b/i,
  },
  {
    cue: 'order',
    question:
      /\b(?:sort(?:ed)?|order(?:ed)? by|in (?:ascending|descending|alphabetical|lexicographic\w*|the) order|alphabetical|ascending|descending)\b/i,
    sql: /\bORDER BY\b/i,
  },
  { cue: 'both', question: /\bboth\b.*\band\b/i, sql: /\bINTERSECT\b|\bIN \(SELECT\b|\bHAVING\b|\bEXISTS\b/i },
];

/** What the question calls for. */
export function readCues(question: string): Cue[] {
  return rules.filter((rule) => rule.question.test(question)).map((rule) => rule.cue);
}

/** Share 0..1 of the question's cues that the statement answers; pieces that nobody asked for count against it, by a third each. */
export function cueAgreement(question: string, sql: string): number {
  const bare = sql.replace(/'(?:[^']|'')*'/g, "''");
  const asked = rules.filter((rule) => rule.question.test(question));
  const met = asked.filter((rule) => rule.sql.test(bare)).length;
  const unasked = rules.filter((rule) => !asked.includes(rule) && rule.cue !== 'superlative' && unaskedPiece[rule.cue]?.test(bare)).length;
  const share = asked.length === 0 ? 1 : met / asked.length;
  return Math.max(0, share - unasked / 3);
}

/** Stricter patterns: only what is surely a piece of its own. */
const unaskedPiece: Partial<Record<Cue, RegExp>> = { average: /\bAVG\(/i, negation: /\bNOT IN\b|\bEXCEPT\b/i, both: /\bINTERSECT\b/i };
