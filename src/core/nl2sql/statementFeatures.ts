/**
 * How a statement sits with the words of its question, as numbers: what is linked and used, what the wording calls for and is there, what is
 * there and nobody asked for. A part of `candidateFeatures`; it looks at no other candidate.
 */
import { coverLinks } from './coverLinks.js';
import { namedTables } from './namedTables.js';
import { type Cue, readCues } from './readCues.js';
import { readJoins } from './readJoins.js';
import { type ColumnUse } from './selectScopes.js';
import { readShape, type StatementShape } from './statementShape.js';
import { type DatabaseKnowledge, type LinkedQuestion, type LinkKind, type SchemaChoice } from './types.js';
import { type RanCandidate } from './voteCandidates.js';

/** What is common to the candidates of a question. */
export interface FeatureContext {
  readonly linked: LinkedQuestion;
  readonly choice: Pick<SchemaChoice, 'terminals' | 'bridges' | 'joins'>;
  readonly knowledge: Pick<DatabaseKnowledge, 'schema' | 'relations'>;
}

export type Part<Names extends readonly string[]> = Record<Names[number], number>;

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
  'shownCovered',
  'filterCovered',
  'idCompared',
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
  'comparisonMissing',
  'unequalInJoin',
  'distinctCountMissing',
  'likeMissing',
  'likeUnasked',
  'mixedAggregate',
] as const;

export const statementNames = [...linkNames, ...cueNames, ...shapeNames] as const;

export function statementFeatures(candidate: RanCandidate, context: FeatureContext): Part<typeof statementNames> {
  const shape = readShape(candidate.sql);
  return {
    ...linkFeatures(candidate, shape, context),
    ...cueFeatures(candidate, shape, context.linked.question),
    ...shapeFeatures(candidate, shape, context.linked),
    ...wordFeatures(shape, context.linked.question),
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
    ...columnFeatures(shape, linked),
  };
}

/** A column counts as asked for when a word of the question is linked to its name, or a value to it. */
function columnFeatures({ tokens, scopes }: StatementShape, linked: LinkedQuestion): Pick<Part<typeof linkNames>, ColumnFeature> {
  const asked = new Set(linked.links.flatMap(({ column }) => (column === undefined ? [] : [column.toLowerCase()])));
  const shareOf = (uses: readonly ColumnUse[]): number =>
    uses.length === 0 ? 1 : uses.filter(({ name }) => asked.has(name.toLowerCase())).length / uses.length;
  const uses = scopes.flatMap((scope) => scope.columns);
  const compared = uses.filter(({ clause, end }) => clause === 'where' && tokens[end]?.text === '=' && tokens[end + 1]?.kind === 'number');
  return {
    shownCovered: shareOf((scopes[0]?.columns ?? []).filter(({ clause }) => clause === 'select')),
    filterCovered: shareOf(uses.filter(({ clause }) => clause === 'where' || clause === 'having')),
    idCompared: flag(!saysId.test(linked.question) && compared.some(({ name }) => isId(name))),
  };
}

type ColumnFeature = 'shownCovered' | 'filterCovered' | 'idCompared';

function isId(name: string): boolean {
  return /(?:^|_)id$|[a-z]I[dD]$/i.test(name);
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

function shapeFeatures(
  { result }: RanCandidate,
  shape: StatementShape,
  linked: LinkedQuestion,
): Omit<Part<typeof shapeNames>, WordFeature> {
  const { question } = linked;
  const asked = new Set(readCues(question));
  const given = new Set(linked.links.filter((link) => numberKinds.includes(link.kind)).map((link) => Number(link.value)));
  const end = saysMost.test(question) === saysLeast.test(question) ? undefined : saysMost.test(question) ? 'most' : 'least';
  const side = saysAbove.test(question) === saysBelow.test(question) ? undefined : saysAbove.test(question) ? 'above' : 'below';
  const ids = saysId.test(question) ? 0 : result.columns.filter(isId).length;
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

type WordFeature = 'comparisonMissing' | 'unequalInJoin' | 'distinctCountMissing' | 'likeMissing' | 'likeUnasked' | 'mixedAggregate';

const saysPart =
  /\b(?:contain(?:s|ing|ed)?|includ(?:es?|ing)|substring|start(?:s|ing)? with|begin(?:s|ning)? with|end(?:s|ing)? with|the (?:word|letter))\b/i;
const saysCountOfDistinct = /\b(?:how many|number of|count(?: the)?) (?:different|distinct|unique)\b/i;

function wordFeatures(shape: StatementShape, question: string): Pick<Part<typeof shapeNames>, WordFeature> {
  const compares =
    (saysAbove.test(question) || saysBelow.test(question)) && /\d|\b(?:one|two|three|four|five|average|mean)\b/i.test(question);
  return {
    comparisonMissing: flag(compares && !shape.above && !shape.below && !shape.ranges),
    unequalInJoin: flag(readCues(question).includes('negation') && shape.joins > 0 && shape.unequal && !shape.excludes),
    distinctCountMissing: flag(saysCountOfDistinct.test(question) && !shape.countsDistinct && !shape.pieces.group),
    likeMissing: flag(saysPart.test(question) && !shape.like),
    likeUnasked: flag(!saysPart.test(question) && shape.like),
    mixedAggregate: flag(shape.mixes),
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

export function flag(value: boolean | undefined): number {
  return value === true ? 1 : 0;
}

/** Adding zero turns minus zero into zero. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value)) + 0;
}
