/** R2: the string literals a question may need: its quoted spans, names and number-like words, and the stored spellings they answer to. */
import { type LinkedQuestion } from './types.js';
import { splitWords, stopWords } from './words.js';

export interface Literals {
  /** Unescaped, most specific first. */
  readonly literals: readonly string[];
  /** Stored values by `table.column`. */
  readonly literalsByColumn: ReadonlyMap<string, readonly string[]>;
}

const maxLiterals = 40;
const longestSpan = 4;

/** @param domains short lists of choices by `table.column`, offered beside their column only ("female" may be stored as 'F'). */
export function collectLiterals(linked: LinkedQuestion, domains: ReadonlyMap<string, readonly string[]> = new Map()): Literals {
  const byColumn = new Map<string, string[]>([...domains].map(([column, values]) => [column, [...values]]));
  const all = new Set<string>();
  for (const match of linked.values) {
    all.add(match.value);
    const key = `${match.table}.${match.column}`;
    const list = byColumn.get(key) ?? [];
    if (!list.includes(match.value)) byColumn.set(key, [...list, match.value]);
  }
  for (const span of quotedSpans(linked.question)) all.add(span);
  for (const span of wordSpans(linked.question)) all.add(span);
  return { literals: [...all].slice(0, maxLiterals), literalsByColumn: byColumn };
}

function quotedSpans(question: string): string[] {
  return [...question.matchAll(/"([^"]{1,60})"|“([^”]{1,60})”|(?<![\p{L}\p{N}])['‘]([^'’]{1,60})['’](?![\p{L}\p{N}])/gu)].map((match) => (match[1] ?? match[2] ?? match[3] ?? '').trim());
}

/** Runs of words that look like names, and single words that are no function words. */
function wordSpans(question: string): string[] {
  const words = splitWords(question);
  const spans: string[] = [];
  words.forEach((word, start) => {
    const isName = /^[\p{Lu}\p{N}]/u.test(word.text);
    for (let size = 1; isName && start > 0 && size <= longestSpan && start + size <= words.length; size++) {
      if (!/^[\p{Lu}\p{N}]/u.test(words[start + size - 1]?.text ?? '')) break;
      spans.push(question.slice(word.start, words[start + size - 1]?.end));
    }
  });
  const single = words.filter((word) => !stopWords.has(word.text.toLowerCase()) && (word.text.length > 1 || /^\p{Lu}$/u.test(word.text))).map((word) => word.text);
  return [...spans.sort((a, b) => b.length - a.length), ...single];
}
