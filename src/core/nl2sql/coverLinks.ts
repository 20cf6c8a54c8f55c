/** How much of what a question names a statement uses: a weak sign of the right answer among several that run. */
import { type LinkedQuestion, type QuestionLink } from './types.js';
import { nameWords } from './words.js';

/** Share 0..1 of the question's exact spans (tables, columns, values, numbers, dates) of which the SQL uses at least one reading; 1 without any. */
export function coverLinks(sql: string, linked: LinkedQuestion): number {
  const spans = spansOf(linked.links.filter(({ kind }) => kind !== 'tablePartial' && kind !== 'columnPartial'));
  if (spans.length === 0) return 1;
  const uses = usesOf(sql);
  return spans.filter(uses).length / spans.length;
}

/** Whether `sql` uses no reading of some value, number or date of the question of which `other` uses one: what was asked for is gone. */
export function leavesOutGiven(sql: string, other: string, linked: LinkedQuestion): boolean {
  const given = spansOf(linked.links.filter(({ kind }) => kind === 'value' || kind === 'number' || kind === 'time'));
  const [here, there] = [usesOf(sql), usesOf(other)];
  return given.some((span) => there(span) && !here(span));
}

/** Links by the words that they read. */
function spansOf(links: readonly QuestionLink[]): readonly (readonly QuestionLink[])[] {
  const spans = new Map<string, QuestionLink[]>();
  for (const link of links) {
    const key = `${link.start}-${link.end}`;
    spans.set(key, [...(spans.get(key) ?? []), link]);
  }
  return [...spans.values()];
}

function usesOf(sql: string): (span: readonly QuestionLink[]) => boolean {
  const lower = sql.toLowerCase();
  const words = new Set(lower.match(/[\p{L}\p{N}_.]+/gu)?.flatMap((word) => [word, ...word.split('.')]) ?? []);
  return (span) => span.some((link) => isUsed(link, lower, words));
}

function isUsed(link: QuestionLink, sql: string, words: ReadonlySet<string>): boolean {
  switch (link.kind) {
    case 'value':
    case 'time':
      return sql.includes((link.value ?? '').toLowerCase().replaceAll("'", "''"));
    case 'number':
      // "one" and "1" are often said by MAX, LIMIT 1 or nothing at all.
      return link.value === '1' || words.has(link.value ?? '');
    case 'columnExact':
      return isNameUsed(link.column ?? '', sql, words);
    default:
      return isNameUsed(link.table ?? '', sql, words) || isKeyUsed(link.table ?? '', words);
  }
}

/** `student_id` speaks of students without their table. */
function isKeyUsed(table: string, words: ReadonlySet<string>): boolean {
  const wanted = nameWords(table);
  return [...words].some((word) => {
    const parts = nameWords(word);
    return parts.length > wanted.length && wanted.every((part) => parts.includes(part));
  });
}

function isNameUsed(name: string, sql: string, words: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  return words.has(lower) || (/[^\p{L}\p{N}_]/u.test(lower) && sql.includes(`"${lower}"`));
}
