/** Statements that a prompt shows (examples, earlier answers, failed ones), written as the model itself was trained to write. */
import { normaliseBegun } from './normaliseBegun.js';
import { type PromptTarget } from './promptStyle.js';
import { toJoinFree } from './toJoinFree.js';
import { type DatabaseKnowledge } from './types.js';

/** The statement without FROM and JOIN where `ir` is written; as it is for other targets, and where it cannot be said so. */
export function writtenFor(target: PromptTarget, sql: string, knowledge: DatabaseKnowledge): string {
  if (target !== 'ir') return sql;
  const free = toJoinFree(normaliseBegun(sql.replace(/[\s;]+$/, ''), knowledge.schema), knowledge);
  return 'ir' in free ? free.ir : sql;
}
