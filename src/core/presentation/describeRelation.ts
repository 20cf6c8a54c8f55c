/** The parts of a relation that every hover says the same way: direction, origin with confidence and reason, counted inclusion. */
import { type Inclusion } from '../graph/checkInclusion.js';
import { type JoinStep, type Relation } from '../graph/types.js';
import { percent, type Say } from './hoverWords.js';
import { inlineCode } from './markdownText.js';

/** Rows of `from` to rows of `to` for one hop. */
export function hopCardinality({ relation, to }: JoinStep): '1:1' | '1:N' | 'N:1' {
  if (relation.cardinality === '1:1') return '1:1';
  return relation.child === to ? '1:N' : 'N:1';
}

/** `table.column`, or `table(a, b)` for a composite key, as code. */
export function columnsCode(table: string, columns: readonly string[]): string {
  const [only] = columns;
  return inlineCode(columns.length === 1 && only !== undefined ? `${table}.${only}` : `${table}(${columns.join(', ')})`);
}

/** One line: declared, confirmed, or inferred with confidence, rule and what the data say. */
export function originLine(relation: Relation, say: Say): string {
  if (relation.origin !== 'inferred') return say(`origin.${relation.origin}`);
  const { reason } = relation;
  const rule = reason && say(`rule.${reason.rule}`);
  const seen =
    reason?.inclusion === undefined ? undefined : inclusionLine({ share: reason.inclusion, sampled: reason.sampled === true }, say);
  return [say('origin.inferred', { confidence: percent(relation.confidence) }), rule, seen].filter((part) => part !== undefined).join(' ');
}

/** `distinct` absent: how many values were looked at is not known. */
export function inclusionLine(inclusion: Pick<Inclusion, 'share' | 'sampled'> & Partial<Inclusion>, say: Say): string {
  if (inclusion.distinct === 0) return say('inclusionEmpty');
  const args = { share: percent(inclusion.share), ...(inclusion.distinct === undefined ? {} : { count: inclusion.distinct }) };
  return say(inclusion.sampled ? 'inclusionSampled' : 'inclusion', args);
}
