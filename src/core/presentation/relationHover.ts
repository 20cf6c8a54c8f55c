/** The hover of a relation, in Markdown: both sides, what kind it is, and how many of its values were found in the data. */
import { type Inclusion } from '../graph/checkInclusion.js';
import { type Relation } from '../graph/types.js';
import { columnsCode, inclusionLine, originLine } from './describeRelation.js';
import { type Say } from './hoverWords.js';
import { joinCondition } from './joinSql.js';
import { codeBlock, commandLink } from './markdownText.js';
import { showInGraphCommand, type JoinPathArgument } from './tableHover.js';

export interface RelationHoverInput {
  /** Absolute path, for the links. */
  readonly database: string;
  readonly relation: Relation;
  /** `pending` while it is being counted; undefined when it could not be. */
  readonly inclusion: Inclusion | 'pending' | undefined;
}

/** What the links that judge a relation pass to their commands. */
export interface RelationArgument {
  readonly database: string;
  readonly relation: string;
}

export const confirmRelationCommand = 'joinery.confirmRelation';
export const rejectRelationCommand = 'joinery.rejectRelation';

export function relationHover({ database, relation, inclusion }: RelationHoverInput, say: Say): string {
  // What the hover counted itself is said once, not again as the reason of the guess.
  const { reason, ...rest } = relation;
  const told: Relation = reason ? { ...rest, reason: { rule: reason.rule } } : rest;
  const path: JoinPathArgument = { database, root: relation.child, tables: [relation.child, relation.parent], relations: [relation.id] };
  const judged: RelationArgument = { database, relation: relation.id };
  const links = [
    ...(relation.origin === 'inferred' ? [commandLink(say('confirm'), confirmRelationCommand, judged), commandLink(say('reject'), rejectRelationCommand, judged)] : []), // prettier-ignore
    commandLink(say('showInGraph'), showInGraphCommand, path),
  ];
  return [
    `**${columnsCode(relation.child, relation.childColumns)} → ${columnsCode(relation.parent, relation.parentColumns)}**`,
    `${say(relation.cardinality === '1:1' ? 'oneToOne' : 'manyToOne')} · ${originLine(told, say)}`,
    codeBlock('sql', `ON ${joinCondition(relation, relation.child)}`),
    measuredLine(inclusion ?? reasonInclusion(relation), say),
    links.join(' · '),
  ].join('\n\n');
}

function measuredLine(inclusion: Parameters<typeof inclusionLine>[0] | 'pending' | undefined, say: Say): string {
  if (inclusion === 'pending') return say('inclusionPending');
  return inclusion ? inclusionLine(inclusion, say) : say('inclusionUnknown');
}

/** What was counted when the relation was guessed. */
function reasonInclusion({ reason }: Relation): Parameters<typeof inclusionLine>[0] | undefined {
  return reason?.inclusion === undefined ? undefined : { share: reason.inclusion, sampled: reason.sampled === true };
}
