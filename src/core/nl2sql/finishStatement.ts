/**
 * Between the model and the database: brings a candidate's text to statements worth trying, best first. The graph completes FROM and counts,
 * differences of dates become days, alternatives for one column get parentheses, a set taken from a count is counted; should nothing be found,
 * literals are grounded in the data or looked for inside its values; the text as written is the last resort.
 */
import { type JoinTree, type ValueMatch } from '../graph/types.js';
import { chooseParallelKeys } from './chooseParallelKeys.js';
import { completeCounts } from './completeCounts.js';
import { completeDates } from './completeDates.js';
import { completeGroups } from './completeGroups.js';
import { completeJoins } from './completeJoins.js';
import { countCompounds } from './countCompounds.js';
import { groupAlternatives } from './groupAlternatives.js';
import { type Grounding, groundValues } from './groundValues.js';
import { mentionedTables } from './namedTables.js';
import { qualifyAmbiguous } from './qualifyAmbiguous.js';
import { restoreSpelling } from './restoreSpelling.js';
import { type DatabaseKnowledge, type LinkedQuestion } from './types.js';
import { widenValues } from './widenValues.js';

export interface FinishContext {
  readonly knowledge: DatabaseKnowledge;
  readonly linked: LinkedQuestion;
  readonly joinTrees: (tables: readonly string[]) => readonly JoinTree[];
  readonly findValues: (mention: string) => readonly ValueMatch[];
  /** Whether a column holds a few texts only, all of them known. */
  readonly isChoice: (table: string, column: string) => boolean;
  /** Switches the completion of FROM and of counts; without it only ambiguous names are qualified. */
  readonly completion: boolean;
  readonly values: boolean;
  /** Characters at the beginning that the user wrote and that stay as they are. */
  readonly fixed: number;
}

export type FinishedStatement = Grounding;

/** The statement to run first. */
export function finishStatement(text: string, context: FinishContext): FinishedStatement {
  return { sql: complete(text, context), substitutions: [] };
}

/** What to try when the first statement failed or found nothing; each differs from it. */
export function secondChances(text: string, first: string, context: FinishContext): FinishedStatement[] {
  const chances: FinishedStatement[] = [];
  if (context.values) {
    const distance = (from: string, to: string): number => context.joinTrees([from, to])[0]?.cost ?? Infinity;
    const { schema } = context.knowledge;
    const grounded = groundValues(text, { schema, findValues: context.findValues, distance });
    const widened = widenValues(text, { schema, findValues: context.findValues, isChoice: context.isChoice });
    for (const { sql, substitutions } of [grounded, ...widened])
      if (substitutions.length > 0) chances.push({ sql: complete(sql, context), substitutions });
  }
  chances.push({ sql: text, substitutions: [] });
  return chances.filter((chance, at) => chance.sql !== first && chances.findIndex((other) => other.sql === chance.sql) === at);
}

function complete(written: string, context: FinishContext): string {
  const { knowledge, joinTrees } = context;
  const text = restoreSpelling(written, knowledge.schema, context.fixed);
  if (!context.completion) return qualifyAmbiguous(text, knowledge.schema, context.fixed);
  const mentioned = mentionedTables(context.linked);
  const counted = completeCounts(text, { knowledge, joinTrees, mentioned });
  const grouped = groupAlternatives(completeDates(completeGroups(counted, context.linked.question), knowledge), context.fixed);
  const whole = countCompounds(grouped, knowledge, context.fixed);
  const joined = completeJoins(whole, { schema: knowledge.schema, joinTrees, preferred: mentioned }).sql;
  return chooseParallelKeys(joined, context.linked.question, knowledge.relations, context.fixed);
}
