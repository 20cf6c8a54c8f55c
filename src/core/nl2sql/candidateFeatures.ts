/**
 * What is known of each candidate when one has to be chosen, as numbers with names: how the samples voted, what came back, and how the
 * statement sits with the words of the question. It weighs nothing: `rankCandidates` does, with weights that were learnt. Every value is
 * finite, most lie in 0..1; a name keeps its meaning for ever, since ranker files refer to it.
 */
import { countAsked } from './askedThings.js';
import { coverLinks } from './coverLinks.js';
import { namedTables } from './namedTables.js';
import { type Cue, readCues } from './readCues.js';
import { readJoins } from './readJoins.js';
import { readShape, type StatementShape } from './statementShape.js';
import { type DatabaseKnowledge, type LinkedQuestion, type LinkKind, type SchemaChoice } from './types.js';
import { emptinessOf, type RanCandidate, resultKey } from './voteCandidates.js';

/** What is common to the candidates of a question. */
export interface FeatureContext {
  readonly linked: LinkedQuestion;
  readonly choice: Pick<SchemaChoice, 'terminals' | 'bridges' | 'joins'>;
  readonly knowledge: Pick<DatabaseKnowledge, 'schema' | 'relations'>;
}

const voteNames = ['voteShare', 'ownShare', 'margin', 'greedy', 'greedyGroup', 'logProbability', 'logProbabilityGap'] as const;
const resultNames = ['noRows', 'nothing', 'oneRow', 'rows', 'cut', 'nulls', 'repeatedRows', 'fewerColumns', 'moreColumns'] as const;
const linkNames = [
  'coverage',
  'tablesCovered',
  'columnsCovered',
  'valuesCovered',
  'numbersCovered',
  'invented',
  'missedTables',
  'extraTables',
  'fewerJoins',
  'moreJoins',
  'looseJoins',
  'multiplied',
] as const;
const cueNames = [
  'cues',
  'countMissing',
  'countUnasked',
  'averageMissing',
  'averageUnasked',
  'sumMissing',
  'sumUnasked',
  'superlativeMissing',
  'superlativeUnasked',
  'groupMissing',
  'groupUnasked',
  'negationMissing',
  'negationUnasked',
  'orderMissing',
  'orderUnasked',
  'bothMissing',
  'bothUnasked',
] as const;
const shapeNames = [
  'length',
  'nested',
  'setOperations',
  'distinctMissing',
  'distinctUnasked',
  'wrongLimit',
  'wrongEnd',
  'wrongComparison',
  'star',
  'idsShown',
  'filterShown',
  'manyForOne',
  'listForCount',
] as const;

export const featureNames = [...voteNames, ...resultNames, ...linkNames, ...cueNames, ...shapeNames] as const;
export type FeatureName = (typeof featureNames)[number];
export type CandidateFeatures = Readonly<Record<FeatureName, number>>;

/** One entry for each candidate, in their order. Candidates that failed are not among them. */
export function candidateFeatures(candidates: readonly RanCandidate[], context: FeatureContext): CandidateFeatures[] {
  const keys = candidates.map((candidate) => resultKey(candidate.result));
  return candidates.map((candidate, at) => {
    const shape = readShape(candidate.sql);
    return {
      ...voteFeatures(candidates, keys, at),
      ...resultFeatures(candidate, context),
      ...linkFeatures(candidate, shape, context),
      ...cueFeatures(candidate, shape, context.linked.question),
      ...shapeFeatures(candidate, shape, context.linked),
    };
  });
}

type Part<Names extends readonly string[]> = Record<Names[number], number>;

function voteFeatures(candidates: readonly RanCandidate[], keys: readonly string[], at: number): Part<typeof voteNames> {
  const total = Math.max(
    1,
    candidates.reduce((sum, { count }) => sum + count, 0),
  );
  const votes = new Map<string, number>();
  for (const [other, { count }] of candidates.entries()) votes.set(keys[other] ?? '', (votes.get(keys[other] ?? '') ?? 0) + count);
  const own = keys[at] ?? '';
  const voteShare = (votes.get(own) ?? 0) / total;
  const others = [...votes].filter(([key]) => key !== own).map(([, count]) => count);
  const candidate = candidates[at];
  const willingness = candidate ? meanOf(candidate) : -5;
  return {
    voteShare,
    ownShare: (candidate?.count ?? 0) / total,
    margin: voteShare - Math.max(0, ...others) / total,
    greedy: flag(candidate?.greedy),
    greedyGroup: flag(candidates.some((other, index) => other.greedy && keys[index] === own)),
    logProbability: willingness,
    logProbabilityGap: willingness - Math.max(willingness, ...candidates.map(meanOf)),
  };
}

/** Mean natural-log probability of a sampled token, -5..0. */
function meanOf(candidate: RanCandidate): number {
  return clamp(candidate.logProbability / Math.max(candidate.tokens, 1), -5, 0);
}

function resultFeatures({ result }: RanCandidate, { linked }: FeatureContext): Part<typeof resultNames> {
  const { rows, columns } = result;
  const emptiness = emptinessOf(result);
  const cells = rows.reduce((sum, row) => sum + row.length, 0);
  const nulls = rows.reduce((sum, row) => sum + row.filter((value) => value === null).length, 0);
  const distinct = new Set(rows.map((row) => row.map((value) => `${typeof value}${String(value)}`).join('\u001f'))).size;
  const difference = columns.length - countAsked(linked.question);
  return {
    noRows: flag(emptiness === 'empty'),
    nothing: flag(emptiness === 'nothing'),
    oneRow: flag(rows.length === 1),
    rows: Math.min(1, Math.log1p(rows.length) / Math.log(1001)),
    cut: flag(result.truncated),
    nulls: cells === 0 ? 0 : nulls / cells,
    repeatedRows: rows.length === 0 ? 0 : 1 - distinct / rows.length,
    fewerColumns: clamp(-difference, 0, 3),
    moreColumns: clamp(difference, 0, 3),
  };
}

const numberKinds: readonly LinkKind[] = ['number', 'time'];

function linkFeatures(candidate: RanCandidate, shape: StatementShape, context: FeatureContext): Part<typeof linkNames> {
  const { linked, choice, knowledge } = context;
  const covered = (kinds: readonly LinkKind[]): number =>
    coverLinks(candidate.sql, { ...linked, links: linked.links.filter((link) => kinds.includes(link.kind)) });
  const used = namedTables(candidate.sql, knowledge.schema);
  const { terminals, bridges } = choice;
  const steps = choice.joins[0]?.steps.length ?? Math.max(0, terminals.length - 1);
  const { joins, fanOut } = readJoins(candidate.sql, knowledge.schema, knowledge.relations);
  return {
    coverage: candidate.coverage,
    tablesCovered: covered(['tableExact']),
    columnsCovered: covered(['columnExact']),
    valuesCovered: covered(['value']),
    numbersCovered: covered(numberKinds),
    invented: Math.min(3, candidate.invented),
    missedTables: terminals.length === 0 ? 0 : terminals.filter((table) => !used.includes(table)).length / terminals.length,
    extraTables: Math.min(3, used.filter((table) => !terminals.includes(table) && !bridges.includes(table)).length),
    fewerJoins: clamp(steps - shape.joins, 0, 3),
    moreJoins: clamp(shape.joins - steps, 0, 3),
    looseJoins: clamp(shape.joins - joins.length, 0, 3),
    multiplied: flag(fanOut.length > 0),
  };
}

function cueFeatures(candidate: RanCandidate, { pieces }: StatementShape, question: string): Part<typeof cueNames> {
  const asked = new Set(readCues(question));
  const missing = (cue: Cue): number => flag(asked.has(cue) && !pieces[cue]);
  const unasked = (cue: Cue): number => flag(!asked.has(cue) && pieces[cue]);
  return {
    cues: candidate.cues,
    countMissing: missing('count'),
    countUnasked: unasked('count'),
    averageMissing: missing('average'),
    averageUnasked: unasked('average'),
    sumMissing: missing('sum'),
    sumUnasked: unasked('sum'),
    superlativeMissing: missing('superlative'),
    superlativeUnasked: unasked('superlative'),
    groupMissing: missing('group'),
    groupUnasked: unasked('group'),
    negationMissing: missing('negation'),
    negationUnasked: unasked('negation'),
    orderMissing: missing('order'),
    orderUnasked: flag(!asked.has('order') && !asked.has('superlative') && pieces.order),
    bothMissing: missing('both'),
    bothUnasked: unasked('both'),
  };
}

const saysDistinct = /\b(?:different|distinct|unique|without (?:repetition|duplicates))\b/i;
const saysMost = /\b(?:most|highest|largest|biggest|longest|latest|newest|greatest|maximum|top)\b/i;
const saysLeast = /(?<!\bat )\b(?:least|lowest|smallest|shortest|earliest|fewest|cheapest|minimum)\b/i;
const saysAbove = /\b(?:(?:more|greater|higher|larger|longer) than|above|over|at least|after|exceeds?)\b/i;
const saysBelow = /\b(?:(?:less|fewer|lower|smaller|shorter) than|below|under|at most|before)\b/i;
const saysId = /\b(?:ids?|identifiers?|numbers?|codes?|keys?)\b/i;
const asksForCount = /^\W*(?:how many|count|what is the (?:total )?number of)\b/i;

function shapeFeatures({ result }: RanCandidate, shape: StatementShape, linked: LinkedQuestion): Part<typeof shapeNames> {
  const { question } = linked;
  const asked = new Set(readCues(question));
  const given = new Set(linked.links.filter((link) => numberKinds.includes(link.kind)).map((link) => Number(link.value)));
  const end = saysMost.test(question) === saysLeast.test(question) ? undefined : saysMost.test(question) ? 'most' : 'least';
  const side = saysAbove.test(question) === saysBelow.test(question) ? undefined : saysAbove.test(question) ? 'above' : 'below';
  const ids = saysId.test(question) ? 0 : result.columns.filter((name) => /(?:^|_)id$|[a-z]I[dD]$/i.test(name)).length;
  return {
    length: Math.min(2, shape.tokens.length / 50),
    nested: Math.min(3, shape.nested),
    setOperations: Math.min(2, shape.setOperations),
    distinctMissing: flag(saysDistinct.test(question) && !shape.distinct),
    distinctUnasked: flag(!saysDistinct.test(question) && shape.distinct),
    wrongLimit: flag(shape.limit !== undefined && shape.limit !== 1 && !given.has(shape.limit)),
    wrongEnd: flag(end !== undefined && shape.picks !== undefined && shape.picks !== end),
    wrongComparison: flag((side === 'above' && shape.below && !shape.above) || (side === 'below' && shape.above && !shape.below)),
    star: flag(shape.scopes.some((scope) => scope.star >= 0)),
    idsShown: Math.min(2, ids),
    filterShown: flag(showsFilter(shape)),
    manyForOne: flag(asked.has('superlative') && !asked.has('group') && given.size === 0 && result.rows.length > 1),
    listForCount: flag(
      asksForCount.test(question) && !asked.has('group') && (result.rows.length !== 1 || typeof result.rows[0]?.[0] !== 'number'),
    ),
  };
}

/** A column that is held to one value says nothing when it is shown. */
function showsFilter({ tokens, scopes }: StatementShape): boolean {
  return scopes.some((scope) => {
    const fixed = scope.columns.filter(
      (use) => use.clause === 'where' && tokens[use.end]?.text === '=' && /^(?:string|number)$/.test(tokens[use.end + 1]?.kind ?? ''),
    );
    return fixed.some((use) =>
      scope.columns.some((other) => other.clause === 'select' && other.name.toLowerCase() === use.name.toLowerCase()),
    );
  });
}

function flag(value: boolean | undefined): number {
  return value === true ? 1 : 0;
}

/** Adding zero turns minus zero into zero. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value)) + 0;
}
